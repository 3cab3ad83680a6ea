/**
 * What somebody does in the field waits in this browser until the town has it, and goes in the order in which it was
 * done: first the photos, in pieces, then the form with their tokens. Each thing carries a request id, so that a resend
 * makes nothing twice. Whatever moment the phone is switched off at, the next flush goes on from there.
 */
import { call, json, ready as asks, type Doors, type Ready } from "./net";
import { send as sendFile } from "./pieces";
import * as vault from "./vault";

/** A photo or a voice memo of a form: its content is a blob of the vault under `blob`. */
export interface Attached { blob: string; name: string; type: string; begun?: boolean; token?: string; at?: number }
export type Field = [string, string | Attached];
export interface Item {
  key: string;
  at: number;
  to: string;
  look: string;
  title: string;
  fields: Field[];
  state: "waiting" | "overtaken" | "refused";
  told: string;
}
export interface Outcome { item: Item; state: "done" | "overtaken" | "refused"; told: string; url: string; blob?: string }

const TOKENS_LAST = 5 * 86_400_000; // the town gives up a file that no record holds after seven days

export async function all(): Promise<Item[]> {
  const items = await vault.all<Item>("outbox");
  return items.sort((one, other) => one.at - other.at);
}

/** The thing is kept, and the draft that it was made of gone, or neither. Raises vault.Full, vault.Locked. */
export async function keep(item: Item, draft?: string): Promise<void> {
  const drop: vault.Change[] = draft ? [{ store: "drafts", drop: draft }] : [];
  await vault.change({ store: "outbox", key: item.key, value: item }, ...drop);
}

export async function drop(item: Item, { blobs = true } = {}): Promise<void> {
  const files = blobs ? attachedOf(item.fields) : [];
  await vault.change({ store: "outbox", drop: item.key }, ...files.map((file): vault.Change => ({ store: "blobs", drop: file.blob })));
}

export const attachedOf = (fields: Field[]): Attached[] => fields.flatMap(([, value]) => (typeof value === "string" ? [] : [value]));

/** Ask the town who is signed in, and keep his key or forget it. */
export async function contact(doors: Doors): Promise<Ready> {
  const told = await asks(doors);
  if (told) await vault.accept(told);
  else if (told === "") await vault.lock();
  return told;
}

/** Send what waits. Stops where the net is gone again, or nobody is signed in; gives what has become of each. */
export async function flush(doors: Doors): Promise<{ ready: Ready; sent: Outcome[] }> {
  const work = async (): Promise<{ ready: Ready; sent: Outcome[] }> => {
    const sent: Outcome[] = [];
    if (!(await vault.count())) return { ready: null, sent };
    const who = await contact(doors);
    if (!who) return { ready: who, sent };
    // only what this very person has done: the vault opens nothing else
    for (const item of (await all()).filter((one) => one.state === "waiting")) {
      const came = await send(doors, item, who);
      if (!came) return { ready: null, sent };
      sent.push(came);
      if (came.state === "done") await drop(item);
      else await keep({ ...item, state: came.state, told: came.told });
    }
    return { ready: who, sent };
  };
  // two pages that are open at once take turns
  return "locks" in navigator ? navigator.locks.request(vault.DATABASE, work) : work();
}

async function send(doors: Doors, item: Item, who: Exclude<Ready, "" | null>): Promise<Outcome | null> {
  for (const file of attachedOf(item.fields)) {
    if (file.token && Date.now() - (file.at ?? 0) < TOKENS_LAST) continue;
    const content = await vault.blob(file.blob, file.type);
    if (!content) continue; // it was never kept whole: the town says what is missing
    const begun = file.begun === true;
    file.begun = true;
    if (!begun) await keep(item);
    const came = await sendFile(doors, file.blob, content, file.name, begun, who);
    if (!came) return null;
    if ("refused" in came) return { item, state: "refused", told: came.refused, url: item.look, blob: file.blob };
    file.token = came.token;
    file.at = Date.now();
    await keep(item);
  }
  const body = new FormData();
  for (const [name, value] of item.fields) {
    if (typeof value === "string") body.append(name, value);
    else if (value.token) body.append(name.replace(/-new$/, ""), value.token);
  }
  body.set("request_id", item.key);
  body.set("sent_at", new Date().toISOString());
  const answer = await call(item.to, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": who.token } });
  if (!answer) return null;
  const told = await json<Omit<Outcome, "item">>(answer);
  return told?.state ? { item, ...told } : { item, state: "refused", told: "", url: item.look };
}
