// Keeps the page "no signal" and its style; everything else always comes from the town, never from a stale copy.
const KEPT = "zhen-field-1";
const OFFLINE = "/field/offline/";

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (event.request.url.includes("/static/dist/assets/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});

async function keep() {
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "reload" });
  const text = await page.clone().text();
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/dist\/assets\/[^"#]+)/g)].map((match) => match[1]);
  const cache = await caches.open(KEPT);
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(parts)].filter((part) => !part.includes("fonts-")));
}

async function forget() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
}
