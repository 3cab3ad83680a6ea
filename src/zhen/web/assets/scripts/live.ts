/**
 * Live without flicker: what happened is counted in a quiet bar and waits until it is asked for.
 * `data-live="plan.target_confirmed,plan.reported"` on the main part names what the page shows.
 *
 * A hidden tab gives its connection back, for a browser has few of them, and asks for what it missed when it is
 * looked at again.
 */
export function bindLive(): void {
  const place = document.querySelector<HTMLElement>("[data-live]");
  const bar = document.querySelector<HTMLElement>("[data-live-bar]");
  const button = bar?.querySelector("button");
  if (!place || !bar || !button || !("EventSource" in window)) return;
  const heard = new Set<string>();
  let last = "";
  let source: EventSource | undefined;

  const open = (): void => {
    const query = new URLSearchParams({ topics: place.dataset["live"]!, since: document.documentElement.dataset["now"] ?? "" });
    if (last) query.set("after", last);
    source = new EventSource(`/live/?${query}`);
    source.addEventListener("journal", (event) => {
      last = event.lastEventId;
      heard.add(last); // NATS may say a thing twice
      bar.hidden = false;
      button.textContent = (button.dataset["says"] ?? "{n}").replace("{n}", String(heard.size));
    });
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  button.addEventListener("click", () => location.reload());
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : source ?? open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}
