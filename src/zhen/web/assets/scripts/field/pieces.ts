/**
 * A photo goes up in pieces: cut off anywhere, it goes on from what the town has. Each piece may be sent again, and
 * changes nothing then; the last one gives the token that the form carries in place of the photo.
 */
import { call, json, type Doors } from "./net";

const PIECE = 128 * 1024; // some seconds of a weak signal
interface State { received?: number; token?: string; error?: string }
export type Sent = { token: string } | { refused: string } | null;

/** `null`: the net is gone, or the town wants to wait. `begun`: part of it may be there from another time. */
export async function send(doors: Doors, key: string, file: Blob, name: string, begun: boolean, pass: { token: string; ticket: string }): Promise<Sent> {
  const address = `${doors.pieces}${key}/`;
  const headers = { "X-CSRFToken": pass.token, "X-Ticket": pass.ticket, "Content-Type": "application/octet-stream" };
  let state: State = begun ? await ask(address) : {};
  let offset = state.received ?? 0;
  for (let tries = 0; tries < 2 * Math.ceil(file.size / PIECE) + 8; tries += 1) {
    if (state.token) return { token: state.token };
    const query = new URLSearchParams({ offset: String(offset), total: String(file.size), name });
    const answer = await call(`${address}?${query}`, { method: "PUT", headers, body: file.slice(offset, offset + PIECE) });
    const told = answer && (await json<State>(answer));
    if (!answer || !told) return null;
    if (answer.status === 422 && told.error) return { refused: told.error };
    if (!answer.ok && answer.status !== 409) return null;
    state = told;
    offset = state.received ?? 0;
    if (offset >= file.size && !state.token) state = await ask(address);
  }
  return null;
}

async function ask(address: string): Promise<State> {
  const answer = await call(address, { cache: "no-store" });
  return answer?.ok ? ((await json<State>(answer)) ?? {}) : {};
}
