/** What somebody has begun to fill in is kept by itself, with its photos, and stands in its form again. */
import { attachedOf, type Field, type Item } from "./outbox";
import { filesOf, putBack } from "./photos";
import * as vault from "./vault";

export interface Draft { key: string; look: string; title: string; began: number; fields: Field[] }

const SOON = 400; // milliseconds after the last letter
const NOT_KEPT = /^(csrfmiddlewaretoken|request_id)$/;
const OF_THE_PAGE = /^(revision|seen|version|opened_at|began_at|ended_at|sent_at)$/;
const began = new WeakMap<HTMLFormElement, number>();
const timers = new WeakMap<HTMLFormElement, number>();

export const keyOf = (form: HTMLFormElement): string => new URL(form.action).pathname;
export const beganAt = (form: HTMLFormElement): number => began.get(form) ?? Date.now();

/** What stands in the form: words, and the files that the vault holds. */
export function fieldsOf(form: HTMLFormElement): Field[] {
  const fields: Field[] = [];
  for (const [name, value] of new FormData(form)) if (!(value instanceof File) && !NOT_KEPT.test(name)) fields.push([name, value]);
  for (const field of form.querySelectorAll<HTMLElement>("[data-photos]"))
    for (const file of filesOf(field)) fields.push([field.dataset["photos"]!, file]);
  return fields;
}

export const titleOf = (form: HTMLFormElement): string => [form.dataset["title"], new FormData(form).get("title")].filter(Boolean).join("：");

export function bindDraft(form: HTMLFormElement, failed: (fault: unknown) => void): void {
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  const keep = async (): Promise<void> => {
    await save(form);
    if (state) state.textContent = state.dataset["saved"]!;
  };
  form.addEventListener("input", () => {
    if (form.dataset["busy"]) return;
    if (!began.has(form)) began.set(form, Date.now());
    if (state) state.textContent = "";
    clearTimeout(timers.get(form));
    timers.set(form, window.setTimeout(() => void keep().catch(failed), SOON));
  });
  // a phone that turns to a call may never come back to this page
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timers.has(form)) void keep().catch(failed);
  });
}

export async function save(form: HTMLFormElement): Promise<void> {
  stop(form);
  const draft: Draft = { key: keyOf(form), look: form.dataset["look"]!, title: titleOf(form), began: beganAt(form), fields: fieldsOf(form) };
  await vault.change({ store: "drafts", key: draft.key, value: draft });
}

export function stop(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

/** Throw away what was begun: the form is empty again. */
export async function discard(form: HTMLFormElement): Promise<void> {
  stop(form);
  const blobs = [...form.querySelectorAll<HTMLElement>("[data-photos]")].flatMap(filesOf);
  await vault.change({ store: "drafts", drop: keyOf(form) }, ...blobs.map((one): vault.Change => ({ store: "blobs", drop: one.blob })));
}

/** Put into its form what was begun, or what the town has not taken. Says which answers have no question any more. */
export async function restore(form: HTMLFormElement, from: Draft | Item): Promise<number> {
  if ("began" in from) began.set(form, from.began);
  const asked = new Set([...form.elements].map((one) => (one as HTMLInputElement).name));
  let homeless = 0;
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) input.checked = false;
  for (const [name, value] of from.fields) {
    if (typeof value !== "string" || OF_THE_PAGE.test(name)) continue;
    if (!asked.has(name)) homeless += value ? 1 : 0;
    for (const input of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]:not([type=file])`)) {
      if (/radio|checkbox/.test(input.type)) input.checked = input.value === value;
      else input.value = value;
    }
  }
  for (const field of form.querySelectorAll<HTMLElement>("[data-photos]"))
    await putBack(field, attachedOf(from.fields.filter(([name]) => name === field.dataset["photos"])));
  form.closest("details")?.setAttribute("open", "");
  form.dispatchEvent(new Event("input", { bubbles: true })); // what depends on answers shows itself
  return homeless;
}
