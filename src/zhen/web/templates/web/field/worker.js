// Keeps what was opened, so that it can be read on the stairs: the list, the cases, their photos. With a signal
// everything comes from the town; what is kept answers only without one, and goes when somebody signs out.
const SHELL = "zhen-field-2";
const PAGES = "zhen-field-pages-2";
const OFFLINE = "/field/offline/";
const MOST = 200; // pages and photos; the oldest go
const PATIENCE = 8000; // a signal that carries nothing is none

self.addEventListener("install", (event) => event.waitUntil(keepOffline().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fresh(event, true));
  else if (address.pathname.startsWith("/static/dist/")) event.respondWith(kept(request));
  else if (address.pathname.startsWith("/files/") || address.pathname === "/areas.geojson") event.respondWith(fresh(event, false));
});

async function fresh(event, page) {
  const request = event.request;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    clearTimeout(timer);
    if (answer.ok && !answer.redirected && answer.type === "basic") event.waitUntil(keep(request, answer.clone()));
    return answer;
  } catch (fault) {
    const known = await caches.match(request, { cacheName: PAGES });
    if (known) return known;
    if (page) return caches.match(OFFLINE);
    throw fault;
  }
}

async function keep(request, answer) {
  const cache = await caches.open(PAGES);
  await cache.delete(request);
  await cache.put(request, answer);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
}

async function kept(request) {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

async function keepOffline() {
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  const text = await page.clone().text();
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/dist\/assets\/[^"#]+)/g)].map((match) => match[1]);
  const cache = await caches.open(SHELL);
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(parts)].filter((part) => !part.includes("fonts-")));
}

async function forget() {
  for (const name of await caches.keys()) if (name !== SHELL && name !== PAGES) await caches.delete(name);
}
