/** The field app keeps a page for the time without signal; see web/field/worker.js. */
export function bind(): void {
  const address = document.querySelector<HTMLElement>("[data-worker]")?.dataset["worker"];
  if (address && "serviceWorker" in navigator) void navigator.serviceWorker.register(address, { scope: "/field/" });
}
