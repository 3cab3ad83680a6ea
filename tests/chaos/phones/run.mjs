/**
 * Phones that die, and a net that is cut at any byte: `node run.mjs < task.json`, one JSON line for each run.
 *
 * The phone runs the very scripts of the field face (scripts/field/outbox.ts with vault and pieces, bundled here) on an
 * IndexedDB of its own. Killed, everything that it was about to do never happens; started again, it has nothing but
 * what its database holds. Between it and the town stands a relay that breaks connections after some bytes, either way.
 */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { createServer, connect } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

const task = JSON.parse(await new Response(process.stdin).text());
const random = mulberry(task.seed);
const town = new URL(task.town);
const RealDate = Date;

/* The net */

let cutting = false;
const cuts = { up: 0, down: 0 };
const open = new Set();
/** From here on connections are cut, or no longer: those that are open were made before, so they end. */
function cut(on) {
  cutting = on;
  for (const one of open) one.destroy();
}
const relay = createServer((phone) => {
  const far = connect(Number(town.port), town.hostname);
  open.add(phone);
  phone.on("close", () => open.delete(phone));
  // in the head of a request, in its middle, or far into a picture; in the head of an answer, or in its body
  const upTo = random() < 0.5 ? 3_000 : 200_000;
  const left = { up: cutting && random() < 0.5 ? random() * upTo : Infinity, down: cutting && random() < 0.4 ? random() * 3_000 : Infinity };
  const pipe = (from, to, way) => from.on("data", (bytes) => {
    left[way] -= bytes.length;
    if (left[way] < 0) {
      cuts[way] += 1;
      to.write(bytes.subarray(0, Math.max(0, bytes.length + left[way])), () => { phone.destroy(); far.destroy(); });
    } else to.write(bytes);
  });
  pipe(phone, far, "up");
  pipe(far, phone, "down");
  for (const [one, other] of [[phone, far], [far, phone]]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
});
await new Promise((ready) => relay.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${relay.address().port}`;
const doors = { ready: `${base}/field/ready/`, pieces: `${base}/files/pieces/` };

/* The phone. Everything asynchronous passes here, so that a dead one hears of nothing more. */

// one page at a time: a lock that a dead one held would be free
Object.defineProperty(globalThis, "navigator", { value: {} });
let life = 0;
let cookie = "";
let steps = Infinity; // until it is killed
const never = () => new Promise(() => undefined);
const wire = globalThis.fetch;
globalThis.fetch = async (address, options = {}) => {
  const mine = life;
  if (dies()) return never();
  const headers = new Headers(options.headers);
  headers.set("Cookie", `${cookie}; django_language=en; csrftoken=${task.csrf}`);
  const answer = await wire(address, { ...options, headers }).catch((fault) => (mine === life ? Promise.reject(fault) : never()));
  return mine !== life || dies() ? never() : answer;
};
function dies() {
  if (--steps > 0) return false;
  if (steps === 0) life += 1;
  return true;
}
class Database extends IDBFactory {
  open(...what) {
    if (!dies()) return super.open(...what);
    return {}; // a request that nobody ever answers
  }
}
function start() {
  life += 1;
  steps = Infinity;
  return import(`${bundle}?${life}`);
}
function clock(off) {
  globalThis.Date = class extends RealDate {
    constructor(...given) { given.length ? super(...given) : super(RealDate.now() + off); }
    static now() { return RealDate.now() + off; }
  };
}

const bundle = await compiled();
async function compiled() {
  const folder = mkdtempSync(join(tmpdir(), "phones-"));
  const scripts = join(import.meta.dirname, "../../../src/zhen/web/assets/scripts/field");
  const entry = "\0phone";
  const built = await rolldown({
    input: entry,
    plugins: [{
      name: "phone",
      resolveId: (id) => (id === entry ? id : null),
      load: (id) => (id === entry ? `export * as outbox from "${scripts}/outbox.ts"; export * as vault from "${scripts}/vault.ts";` : null),
    }],
  });
  const file = join(folder, "phone.mjs");
  await built.write({ file, format: "esm" });
  return file;
}

/* The runs */

const WRONG = [0, 0, 0, 3 * 3600e3, -3 * 3600e3, 400 * 86400e3, -400 * 86400e3];
const HEALED = 40; // tries, after which something would never have gone

for (const run of task.runs) {
  globalThis.indexedDB = new Database();
  const off = WRONG[Math.floor(random() * WRONG.length)];
  clock(off);
  cookie = run.cookie;
  cut(false);
  const told = { run: run.id, kind: run.kind, clock: off, kills: 0, expired: false, before: { ...cuts } };
  let phone = await start();
  await phone.outbox.contact(doors); // he signed in before he went down
  const photos = run.photos.map((name) => ({ blob: phone.vault.freshKey(), name, type: "image/jpeg" }));
  for (const photo of photos) await phone.vault.change({ store: "blobs", key: photo.blob, blob: new Blob([Buffer.from(task.photos[photo.name], "base64")]) });
  const began = new Date(Date.now() - 600e3).toISOString();
  const fields = [...run.fields, ...photos.map((photo) => [run.under, photo]), ["began_at", began], ["ended_at", new Date().toISOString()]];
  const item = { key: run.key, at: Date.now(), to: base + run.to, look: "/field/", title: run.id, fields, state: "waiting", told: "" };
  await phone.vault.change({ store: "drafts", key: run.to, value: item });
  cut(true);
  steps = 1 + Math.floor(random() * 6);
  await within(() => phone.outbox.keep(item, run.to)); // it may die in the middle of this
  phone = await again(told, off);
  const begun = await phone.vault.read("drafts", run.to);
  told.kept = (await phone.outbox.all()).length + (begun ? 1 : 0);
  for (let tries = 0; tries < 3; tries += 1) {
    phone = await again(told, off);
    if (random() < 0.1) {
      cookie = "sessionid=ended";
      told.expired = true;
      await within(() => phone.outbox.flush(doors));
      cookie = run.cookie;
      phone = await again(told, off);
    }
    steps = 1 + Math.floor(random() * 50);
    await within(() => phone.outbox.flush(doors));
  }
  cut(false);
  phone = await again(told, off);
  await within(() => phone.outbox.contact(doors)); // he signs in again
  const draft = await phone.vault.read("drafts", run.to);
  let items = await phone.outbox.all();
  if (draft && !items.length) await phone.outbox.keep({ ...item, key: phone.vault.freshKey() }, run.to); // he finds his draft, and sends it
  for (let tries = 0; tries < HEALED; tries += 1) {
    items = await phone.outbox.all();
    if (!items.some((one) => one.state === "waiting")) break;
    await phone.outbox.flush(doors);
  }
  told.left = (await phone.outbox.all()).map((one) => [one.state, one.told]);
  told.cuts = cuts.up + cuts.down - told.before.up - told.before.down;
  delete told.before;
  console.log(JSON.stringify(told));
}
relay.close();
process.exit(0);

async function again(told, off) {
  told.kills += 1;
  clock(off);
  return start();
}
/** What a phone does, until it is done, fails as a phone may, or is dead. */
async function within(begin) {
  const mine = life;
  const work = begin(); // it may be dead already when this gives back
  const dead = (async () => {
    while (life === mine) await new Promise((wait) => setTimeout(wait, 2));
  })();
  await Promise.race([work.catch((fault) => { if (life === mine) throw fault; }), dead]);
}
function mulberry(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
