/**
 * What the field face keeps in this browser, all of it sealed (AES-256-GCM) under a key that comes with the session.
 *
 * The key is the user's, made by the town and given out to whoever is signed in. It lies here as a CryptoKey that no
 * script can read out, until the session's end; then what is kept stays, unreadable, until the same person signs in
 * again. Once the office has ended his sessions the town gives another key, and what lies under the old one is deleted.
 * See docs/adr/0080-what-a-phone-keeps.md. The worker uses this file as well, so there is no `window` in it.
 */
export type Store = "outbox" | "drafts" | "blobs";
export interface Grant { user: string; name: string; key: CryptoKey; until: number; scope: string; at: number }
export interface Told { user: string; key: { name: string; secret: string }; seconds: number; scope: string }
interface Sealed { key: string; user: string; name: string; at: number; iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }
export type Change = { store: Store; drop: string } | { store: Store; key: string; value: unknown } | { store: "blobs"; key: string; blob: Blob };

export const DATABASE = "zhen-field";
export const PAGES = "zhen-field-pages";
const VERSION = 2;
const STORES = ["outbox", "drafts", "blobs"] as const;
const YOUNG = 86_400_000;

/** Nobody is signed in as far as this phone knows: there is no key to seal with. */
export class Locked extends Error {}
/** The phone has no room left; nothing of the change was kept. */
export class Full extends Error {}

/** Only a page that came by https (or from this very machine) can seal anything. */
export const possible = (): boolean => typeof indexedDB !== "undefined" && crypto.subtle !== undefined;

let held: Grant | null = null;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, VERSION);
    opening.onupgradeneeded = () => {
      const known = opening.result.objectStoreNames;
      for (const name of [...known]) opening.result.deleteObjectStore(name);
      for (const name of STORES) opening.result.createObjectStore(name, { keyPath: "key" });
      opening.result.createObjectStore("keys");
    };
    opening.onsuccess = () => {
      opening.result.onversionchange = () => opening.result.close();
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("another page holds an older database open"));
  });
}

async function run<T>(stores: readonly string[], mode: IDBTransactionMode, what: (done: IDBTransaction) => IDBRequest<T> | void): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const done = database.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
      let asked: IDBRequest<T> | void;
      const failed = (): void => reject(done.error?.name === "QuotaExceededError" ? new Full() : (done.error ?? new Error("the change was not kept")));
      done.oncomplete = () => resolve((asked ? asked.result : undefined) as T);
      done.onerror = done.onabort = failed;
      asked = what(done);
    });
  } catch (fault) {
    throw fault instanceof DOMException && fault.name === "QuotaExceededError" ? new Full() : fault;
  } finally {
    database.close();
  }
}

/* The key */

/** Who may read and write here now; null where nobody is signed in, or his session has run out. */
export async function grant(): Promise<Grant | null> {
  const known = (await run<Grant | undefined>(["keys"], "readonly", (done) => done.objectStore("keys").get("held"))) ?? null;
  if (known && Date.now() > known.until) {
    await lock();
    return null;
  }
  if (known) held = known;
  return known;
}

/** What the town has told of who is signed in. Pages that were kept for somebody else, or under other posts, go. */
export async function accept(told: Told): Promise<Grant> {
  const before = await grant();
  const raw = Uint8Array.from(atob(told.key.secret), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const now: Grant = { user: told.user, name: told.key.name, key, until: Date.now() + told.seconds * 1000, scope: told.scope, at: Date.now() };
  if (!before || before.user !== now.user || before.name !== now.name || before.scope !== now.scope) await forgetPages();
  await run(["keys", ...STORES], "readwrite", (done) => {
    done.objectStore("keys").put(now, "held");
    for (const name of STORES) {
      const walk = done.objectStore(name).openCursor();
      walk.onsuccess = () => {
        const at = walk.result;
        if (!at) return;
        const row = at.value as Sealed;
        if (row.user === now.user && row.name !== now.name) at.delete(); // under a key that is no more
        at.continue();
      };
    }
  });
  held = now;
  return now;
}

/** Nobody is signed in any more: what is kept stays, and cannot be read. A page that is still open goes on sealing. */
export async function lock(): Promise<void> {
  await run(["keys"], "readwrite", (done) => done.objectStore("keys").clear());
  await forgetPages();
}

/** All that this browser holds of the field, of everybody. */
export async function wipe(): Promise<void> {
  held = null;
  await run(["keys", ...STORES], "readwrite", (done) => {
    for (const name of ["keys", ...STORES]) done.objectStore(name).clear();
  });
  await forgetPages();
}

async function forgetPages(): Promise<void> {
  if (typeof caches !== "undefined") await caches.delete(PAGES);
}

/* Sealing. The seal binds a value to its place and its owner. */

export async function seal(place: string, content: BufferSource, by: Grant): Promise<{ iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(place, by) }, by.key, content) };
}

export function unseal(place: string, iv: BufferSource, data: BufferSource, by: Grant): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound(place, by) }, by.key, data);
}

const bound = (place: string, by: Grant): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${by.user}\n${by.name}\n${place}`) as Uint8Array<ArrayBuffer>;

/** All of these changes or none. Raises Locked, Full. */
export async function change(...changes: Change[]): Promise<void> {
  const by = (await grant()) ?? held;
  if (!by) throw new Locked();
  const rows: [Store, string | Sealed][] = [];
  for (const one of changes) {
    if ("drop" in one) rows.push([one.store, one.drop]);
    else {
      const content = "blob" in one ? await one.blob.arrayBuffer() : new TextEncoder().encode(JSON.stringify(one.value));
      const sealed = await seal(`${one.store}/${one.key}`, content as BufferSource, by);
      rows.push([one.store, { key: one.key, user: by.user, name: by.name, at: Date.now(), ...sealed }]);
    }
  }
  await run(STORES, "readwrite", (done) => {
    for (const [store, row] of rows) {
      if (typeof row === "string") done.objectStore(store).delete(row);
      else done.objectStore(store).put(row);
    }
  });
}

/** One value of whoever is signed in. */
export async function read<T>(store: Store, key: string): Promise<T | null> {
  const content = await opened(store, await run<Sealed | undefined>([store], "readonly", (done) => done.objectStore(store).get(key)));
  return content && (JSON.parse(new TextDecoder().decode(content)) as T);
}

/** Everything of whoever is signed in, the oldest first. */
export async function all<T>(store: "outbox" | "drafts"): Promise<T[]> {
  const rows = await run<Sealed[]>([store], "readonly", (done) => done.objectStore(store).getAll());
  const contents = await Promise.all(rows.sort((one, other) => one.at - other.at).map((row) => opened(store, row)));
  return contents.flatMap((content) => (content ? [JSON.parse(new TextDecoder().decode(content)) as T] : []));
}

export async function blob(key: string, type: string): Promise<Blob | null> {
  const content = await opened("blobs", await run<Sealed | undefined>(["blobs"], "readonly", (done) => done.objectStore("blobs").get(key)));
  return content && new Blob([content], { type });
}

async function opened(store: Store, row: Sealed | undefined): Promise<ArrayBuffer | null> {
  const by = (await grant()) ?? held;
  if (!by || !row || row.user !== by.user || row.name !== by.name) return null;
  return unseal(`${store}/${row.key}`, row.iv, row.data, by);
}

/** How many things wait here, of whomever. */
export const count = (): Promise<number> => run<number>(["outbox"], "readonly", (done) => done.objectStore("outbox").count());

/** Photos that nothing names any more, since a page was closed at the wrong moment. */
export async function sweep(named: Set<string>): Promise<void> {
  const by = await grant();
  if (!by) return;
  await run(["blobs"], "readwrite", (done) => {
    const walk = done.objectStore("blobs").openCursor();
    walk.onsuccess = () => {
      const at = walk.result;
      if (!at) return;
      const row = at.value as Sealed;
      if (row.user === by.user && !named.has(row.key) && row.at < Date.now() - YOUNG) at.delete();
      at.continue();
    };
  });
}

/** 122 random bits as a UUID; `crypto.randomUUID` is missing on phones of five years ago. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
