/** The form of a report: an address completes itself, a pin says where it is, and what is known already shows up. */
import { bindPlaces, place } from "./report-places";
import { report } from "./report";

const WAIT = 700;

export function bind(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-report]")) bindForm(form);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-near]")) bindPlaces(form, () => form.requestSubmit());
}

function bindForm(form: HTMLFormElement): void {
  const look = looking(form);
  const here = saying(form, look);
  bindPlaces(form, look);
  form.addEventListener("zhen:pin", () => void here().catch(report));
  for (const name of ["title", "text", "category", "address"])
    form.querySelector(`[name="${name}"]`)?.addEventListener("input", () => look(WAIT));
  form.addEventListener("click", (event) => take(form, event));
  form.querySelector<HTMLButtonElement>("[data-position]")?.addEventListener("click", (event) => locate(form, event.currentTarget as HTMLButtonElement, here));
  form.querySelector<HTMLElement>("[data-known][role=alert]")?.scrollIntoView({ block: "center" });
}

function send(address: string, given: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
  return fetch(address, { method: "POST", body: new URLSearchParams(given), headers: { "X-CSRFToken": token }, signal });
}

function value(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? "";
}

/** Asks after a while of quiet what is known about the report as it stands; an answer that came too late is dropped. */
function looking(form: HTMLFormElement): (wait?: number) => void {
  const known = form.querySelector<HTMLElement>("[data-known]");
  let timer: number | undefined;
  let asking: AbortController | undefined;
  const ask = async (): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const names = ["title", "text", "category", "address", "lon", "lat"];
    const given = Object.fromEntries(names.map((name) => [name, value(form, name)]));
    const answer = await send(form.dataset["look"]!, given, asking.signal);
    if (answer.ok && known && known.getAttribute("role") !== "alert") known.innerHTML = await answer.text();
  };
  return (wait = 0) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(unlessAborted), wait);
  };
}

/** Says in words where the pin is, and writes them as the address where nobody has written one. */
function saying(form: HTMLFormElement, look: () => void): () => Promise<void> {
  const frame = form.querySelector<HTMLElement>("[data-pin]");
  const words = form.querySelector<HTMLElement>("[data-where]");
  const address = form.querySelector<HTMLInputElement>('[name="address"]');
  let asking: AbortController | undefined;
  return async () => {
    if (!frame || !words || !address) return;
    asking?.abort();
    asking = new AbortController();
    words.textContent = words.dataset["waiting"] ?? "";
    form.querySelector("[data-neighbourhood]")?.setAttribute("hidden", "");
    try {
      const answer = await send(frame.dataset["pin"]!, { lon: value(form, "lon"), lat: value(form, "lat") }, asking.signal);
      const found = (await answer.json()) as { words?: string; place?: string; in_town?: boolean; error?: string };
      words.textContent = found.words ?? found.error ?? "";
      words.dataset["tone"] = found.in_town ? "neutral" : "behind";
      if (found.in_town && (!address.value || address.value === address.dataset["written"])) {
        address.value = found.place || found.words || "";
        address.dataset["written"] = address.value;
      }
      look();
    } catch (fault) {
      unlessAborted(fault);
      if (!(fault instanceof DOMException)) words.textContent = words.dataset["failed"] ?? "";
    }
  };
}

function unlessAborted(fault: unknown): void {
  if (!(fault instanceof DOMException && fault.name === "AbortError")) console.warn(fault);
}

/** A suggested kind is taken only by pressing it. */
function take(form: HTMLFormElement, event: MouseEvent): void {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-take]");
  const choice = form.querySelector<HTMLSelectElement>('select[name="category"]');
  if (!button || !choice) return;
  event.preventDefault();
  choice.value = button.value;
  const known = button.closest<HTMLElement>("[data-known]");
  const said = document.createElement("p");
  said.className = "small";
  said.textContent = `${known?.dataset["taken"] ?? ""}${button.textContent ?? ""}`;
  button.closest(".suggested")?.replaceWith(said);
  choice.focus();
  choice.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The position is asked for once, when the button is pressed, and is not followed. */
function locate(form: HTMLFormElement, button: HTMLButtonElement, here: () => Promise<void>): void {
  const words = form.querySelector<HTMLElement>("[data-where]");
  const failed = (): void => {
    button.removeAttribute("aria-busy");
    if (words) words.textContent = button.dataset["failed"] ?? "";
  };
  if (!navigator.geolocation) return failed();
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute("aria-busy");
      place(form, coords.longitude, coords.latitude);
      void here().catch(report);
    },
    failed,
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
  );
}
