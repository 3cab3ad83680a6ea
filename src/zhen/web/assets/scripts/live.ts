/**
 * Live without flicker: what happened is counted in a quiet bar and waits until it is asked for.
 * `data-live="plan.target_confirmed,plan.reported"` on the main part names what the page shows.
 *
 * With `data-live-follows` (boards, walls) what happened is shown by itself: the parts of the page are drawn anew, and
 * whoever is at one of them with the keyboard stays there. `data-live-every="10"` looks every so many seconds as well,
 * for what no event tells of, such as what a device measures.
 *
 * A hidden tab gives its connection back, for a browser has few of them, and asks for what it missed when it is
 * looked at again.
 */
import { report } from "./report";

const PARTS = ".board, .panel[id], #chips";
const PAUSE = 250;
const AT_LEAST_EVERY = 60_000;

/** A panel with a chart is compared by its numbers: what is drawn is no part of what the server sent. */
const told = (part: Element): string => (part.querySelector("[data-chart]") ? part.querySelector("script")?.textContent : part.innerHTML) ?? "";

/** Puts what is new into a part. A chart stays, and draws itself again. */
function refill(part: Element, other: Element): void {
  const chart = part.querySelector("[data-chart]");
  if (!chart || !other.querySelector("[data-chart]")) {
    part.innerHTML = other.innerHTML;
    if (other.querySelector("[data-chart]")) import("../chart/chart").then((charts) => charts.bind(), report);
    return;
  }
  for (const inner of ["script", ".chart-says", ".chart-table .table-frame"]) {
    const [held, fresh] = [part.querySelector(inner), other.querySelector(inner)];
    if (held && fresh) held.innerHTML = fresh.innerHTML;
  }
  chart.dispatchEvent(new Event("fresh"));
}

/** Draws the parts of the page anew, never twice at a time. Gives whether the server answered. */
async function redraw(): Promise<boolean> {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const held = document.activeElement;
  const way = held?.closest("[data-live]") ? held.getAttribute("href") : null;
  const next = [...fresh.querySelectorAll<HTMLElement>(PARTS)];
  for (const [at, part] of [...document.querySelectorAll<HTMLElement>(PARTS)].entries()) {
    const other = part.id ? fresh.getElementById(part.id) : next[at];
    if (other && told(other) !== told(part)) refill(part, other);
  }
  if (way && document.activeElement !== held) document.querySelector<HTMLElement>(`[data-live] a[href="${way.replaceAll('"', "")}"]`)?.focus();
  return true;
}

/** Calls that come close together are one; a call during a redraw is followed by another. */
function follower(failed: () => void): () => void {
  let waiting = false;
  let busy = false;
  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting) {
      waiting = false;
      if (!(await redraw())) failed();
      await new Promise((done) => setTimeout(done, PAUSE));
    }
    busy = false;
  };
  return () => {
    waiting = true;
    void run();
  };
}

export function bindLive(): void {
  const place = document.querySelector<HTMLElement>("[data-live]");
  const bar = document.querySelector<HTMLElement>("[data-live-bar]");
  const button = bar?.querySelector("button");
  if (!place || !bar || !button || !("EventSource" in window)) return;
  const heard = new Set<string>();
  const say = (): void => {
    bar.hidden = false;
    button.textContent = (button.dataset["says"] ?? "{n}").replace("{n}", String(heard.size));
  };
  const follow = "liveFollows" in place.dataset ? follower(say) : undefined;
  let last = "";
  let source: EventSource | undefined;

  const open = (): void => {
    const query = new URLSearchParams({ topics: place.dataset["live"]!, since: document.documentElement.dataset["now"] ?? "" });
    if (last) query.set("after", last);
    source = new EventSource(`/live/?${query}`);
    source.addEventListener("journal", (event) => {
      last = event.lastEventId;
      heard.add(last); // NATS may say a thing twice
      (follow ?? say)();
    });
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  button.addEventListener("click", () => location.reload());
  if (follow) setInterval(() => document.hidden || follow(), Number(place.dataset["liveEvery"] ?? 0) * 1000 || AT_LEAST_EVERY);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : source ?? open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}
