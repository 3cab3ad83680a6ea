/** Calls to the town over a signal that may go at any moment: no answer is `null`, and never an exception. */
import type { Told } from "./vault";

const PATIENCE = 60_000;
/** Who is signed in, and what he may send; `null` without a signal, `""` where nobody is signed in. */
export type Ready = (Told & { token: string; ticket: string }) | "" | null;
/** Addresses of the town. */
export interface Doors { ready: string; pieces: string }

export async function call(address: string, options: RequestInit = {}): Promise<Response | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { ...options, redirect: "manual", signal: stop.signal });
    // an answer is one only when all of it is here
    const body = await answer.arrayBuffer();
    const redirected = answer.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400);
    if (redirected || answer.status >= 500 || answer.status === 429) return null;
    return new Response(answer.status === 204 ? null : body, { status: answer.status, headers: answer.headers });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

export async function json<T>(answer: Response): Promise<T | null> {
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return null;
  return (await answer.json()) as T;
}

export async function ready(doors: Doors): Promise<Ready> {
  const answer = await call(doors.ready, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer) return null;
  if (answer.status === 401) return "";
  return answer.ok ? json(answer) : null;
}
