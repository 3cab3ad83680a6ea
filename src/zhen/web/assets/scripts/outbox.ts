/**
 * What somebody does in the field without a signal waits in this browser's own database and is sent when the net is
 * back, in the order in which it was done. Each thing carries a request id, so that a resend makes nothing twice.
 */
export interface Item {
  key: string;
  user: string;
  at: number;
  to: string;
  look: string;
  title: string;
  fields: [string, string | File][];
  state: "waiting" | "overtaken" | "refused";
  told: string;
}
export interface Sent { item: Item; state: "done" | "overtaken" | "refused"; told: string; url: string }
/** Who is signed in, with a token for forms; `null` without a signal, `""` where nobody is signed in. */
type Ready = { user: string; token: string } | "" | null;

const NAME = "zhen-field";
const PATIENCE = 180_000; // photos over a weak signal

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: "key" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function run<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const done = open.transaction("outbox", mode);
      const asked = what(done.objectStore("outbox"));
      done.oncomplete = () => resolve(asked.result);
      done.onerror = done.onabort = () => reject(done.error);
    });
  } finally {
    open.close();
  }
}

export async function all(): Promise<Item[]> {
  const items = await run<Item[]>("readonly", (store) => store.getAll());
  return items.sort((one, other) => one.at - other.at);
}

export const keep = (item: Item): Promise<unknown> => run("readwrite", (store) => store.put(item));
export const drop = (key: string): Promise<unknown> => run("readwrite", (store) => store.delete(key));

/** All that this browser holds of the field: what waits, and the pages that were kept. */
export async function wipe(): Promise<void> {
  await run("readwrite", (store) => store.clear());
  if ("caches" in window) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

/** 122 random bits as a UUID; `crypto.randomUUID` is missing where a town is tried out without https. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function call(address: string, options: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(address, { ...options, redirect: "manual", signal: timeout(PATIENCE) });
  } catch {
    return null;
  }
}

function timeout(after: number): AbortSignal {
  const stop = new AbortController();
  window.setTimeout(() => stop.abort(), after);
  return stop.signal;
}

export async function ready(address: string): Promise<Ready> {
  const answer = await call(address, { headers: { Accept: "application/json" } });
  if (!answer || answer.status >= 500) return null;
  return answer.ok ? ((await answer.json()) as { user: string; token: string }) : "";
}

/** Send what waits. Stops where the net is gone again, or nobody is signed in; gives what has become of each. */
export async function flush(address: string): Promise<{ ready: Ready; sent: Sent[] }> {
  const work = async (): Promise<{ ready: Ready; sent: Sent[] }> => {
    const sent: Sent[] = [];
    const waiting = (await all()).filter((item) => item.state === "waiting");
    if (!waiting.length) return { ready: null, sent };
    const who = await ready(address);
    if (!who) return { ready: who, sent };
    for (const item of waiting) {
      if (item.user !== who.user) continue;
      const came = await send(item, who.token);
      if (!came) return { ready: null, sent };
      sent.push(came);
      if (came.state === "done") await drop(item.key);
      else await keep({ ...item, state: came.state, told: came.told });
    }
    return { ready: who, sent };
  };
  // two pages that are open at once take turns
  return "locks" in navigator ? navigator.locks.request(NAME, work) : work();
}

async function send(item: Item, token: string): Promise<Sent | null> {
  const body = new FormData();
  for (const [name, value] of item.fields) body.append(name, value);
  body.set("request_id", item.key);
  const answer = await call(item.to, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
  if (!answer || answer.type === "opaqueredirect" || answer.status >= 500) return null;
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return { item, state: "refused", told: "", url: item.look };
  return { item, ...((await answer.json()) as Omit<Sent, "item">) };
}
