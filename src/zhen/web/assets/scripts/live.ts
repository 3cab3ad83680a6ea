/**
 * Live without flicker: what happened is counted in a quiet bar and waits until it is asked for.
 * `data-live="plan.target_confirmed,plan.reported"` on the main part names what the page shows.
 */
export function bindLive(): void {
  const place = document.querySelector<HTMLElement>("[data-live]");
  const bar = document.querySelector<HTMLElement>("[data-live-bar]");
  if (!place || !bar || !("EventSource" in window)) return;
  const button = bar.querySelector("button");
  let count = 0;
  const source = new EventSource(`/live/?topics=${encodeURIComponent(place.dataset["live"]!)}&since=${encodeURIComponent(document.documentElement.dataset["now"] ?? "")}`);
  source.addEventListener("journal", () => {
    count += 1;
    bar.hidden = false;
    if (button) button.textContent = (button.dataset["says"] ?? "{n}").replace("{n}", String(count));
  });
  button?.addEventListener("click", () => location.reload());
  addEventListener("pagehide", () => source.close());
}
