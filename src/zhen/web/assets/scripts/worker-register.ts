/** The field app keeps a page for the time without signal; see field-worker.ts. */
export function bind(): void {
  const address = document.querySelector<HTMLElement>("[data-worker]")?.dataset["worker"];
  if (!address || !("serviceWorker" in navigator)) return;
  void navigator.serviceWorker.register(address, { scope: "/field/" });
  // the page that brought the worker came without it: it is kept as well
  if (!navigator.serviceWorker.controller)
    void navigator.serviceWorker.ready.then((found) => found.active?.postMessage({ keep: location.href }));
}
