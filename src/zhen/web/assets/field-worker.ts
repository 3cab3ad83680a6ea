/**
 * The worker of the field face. It keeps what was opened, so that it can be read on the stairs: the list, the cases,
 * their photos. With a signal everything comes from the town; what is kept answers only without one.
 *
 * Pages are kept sealed under the key of whoever is signed in, and go with it (scripts/field/vault.ts). Scripts and
 * styles have the names of their contents, so those of an older release stay beside the new ones: a page that is open
 * while a new worker comes goes on with what it was drawn with.
 */
import * as vault from "./scripts/field/vault";

/** Written before this by the view: the scripts and styles that every page of the field needs. */
declare const PARTS: string[];
const worker = self as unknown as ServiceWorkerGlobalScope;

const SHELL = "zhen-field-shell";
const OFFLINE = "/field/offline/";
const MOST_PAGES = 200; // and photos; the oldest go
const MOST_PARTS = 150;
const PATIENCE = 8000; // a signal that carries nothing is none

worker.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(forget().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => {
  // a page that was open before there was a worker
  if (typeof event.data?.keep === "string") event.waitUntil(keepOpen(event.data.keep as string));
});
worker.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fresh(event, true));
  else if (address.pathname.startsWith("/static/dist/")) event.respondWith(part(request));
  else if (/^\/files\/(?!pieces\/)/.test(address.pathname) || address.pathname === "/areas.geojson") event.respondWith(fresh(event, false));
});

async function fresh(event: FetchEvent, page: boolean): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(event.request, { signal: stop.signal });
    if (answer.ok && !answer.redirected && answer.type === "basic") event.waitUntil(keep(event.request.url, answer.clone()));
    return answer;
  } catch (fault) {
    const known = await kept(event.request.url);
    if (known) return known;
    if (page) return (await caches.match(OFFLINE)) ?? Response.error();
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

/* Pages and photos, sealed */

async function keep(address: string, answer: Response): Promise<void> {
  const by = vault.possible() ? await vault.grant() : null;
  if (!by) return;
  const { iv, data } = await vault.seal(address, await answer.arrayBuffer(), by);
  const headers = { "X-Type": answer.headers.get("content-type") ?? "", "X-Policy": answer.headers.get("content-security-policy") ?? "" };
  const pages = await caches.open(vault.PAGES);
  await pages.delete(address);
  try {
    await pages.put(address, new Response(new Blob([iv, data]), { headers }));
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    await caches.delete(vault.PAGES); // no room: what waits to be sent comes before what was only looked at
    return;
  }
  await trim(pages, MOST_PAGES);
}

async function kept(address: string): Promise<Response | null> {
  const by = vault.possible() ? await vault.grant() : null;
  const found = by && (await caches.match(address, { cacheName: vault.PAGES }));
  if (!by || !found) return null;
  const sealed = await found.arrayBuffer();
  try {
    const content = await vault.unseal(address, sealed.slice(0, 12), sealed.slice(12), by);
    const headers: Record<string, string> = { "Content-Type": found.headers.get("X-Type")!, "X-Kept": "yes" };
    const policy = found.headers.get("X-Policy");
    if (policy) headers["Content-Security-Policy"] = policy;
    return new Response(content, { headers });
  } catch {
    return null; // it was kept for somebody else
  }
}

async function keepOpen(address: string): Promise<void> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await keep(address, answer);
}

/* Scripts and styles */

async function part(request: Request): Promise<Response> {
  const known = await caches.match(request, { cacheName: SHELL });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    const shell = await caches.open(SHELL);
    await shell.put(request, answer.clone()).then(() => trim(shell, MOST_PARTS), () => undefined); // no room: next time
  }
  return answer;
}

async function keepShell(): Promise<void> {
  const shell = await caches.open(SHELL);
  const missing: string[] = [];
  for (const address of PARTS) if (!(await shell.match(address))) missing.push(address);
  await shell.addAll(missing);
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  if (page.ok) await shell.put(OFFLINE, page);
}

async function trim(cache: Cache, most: number): Promise<void> {
  const held = await cache.keys();
  const old = held.filter((request) => !PARTS.includes(new URL(request.url).pathname) && new URL(request.url).pathname !== OFFLINE);
  for (const request of old.slice(0, Math.max(0, held.length - most))) await cache.delete(request);
}

async function forget(): Promise<void> {
  for (const name of await caches.keys()) if (name !== SHELL && name !== vault.PAGES) await caches.delete(name);
}
