/** The field face: forms that wait for a signal, drafts that come back, the nearest first, a position given once. */
import { bindClasses } from "./field/classes";
import * as drafts from "./field/drafts";
import type { Doors } from "./field/net";
import * as outbox from "./field/outbox";
import { bindPhotos, mark } from "./field/photos";
import * as vault from "./field/vault";
import { bindWhere } from "./field/where";
import { report } from "./report";

const RECENT = 60_000; // milliseconds; a page that comes sooner after another does not ask again who is signed in

interface Field { shell: HTMLElement; user: string; home: string; doors: Doors }

export function bind(): void {
  const shell = document.querySelector<HTMLElement>("[data-field]")!;
  const address = (name: string): string => new URL(shell.dataset[name]!, location.href).href;
  const field: Field = { shell, user: shell.dataset["field"]!, home: address("home"), doors: { ready: address("ready"), pieces: address("pieces") } };
  bindWhere();
  for (const classes of document.querySelectorAll<HTMLElement>("[data-classes]")) bindClasses(classes);
  if (document.querySelector("[data-scan]")) import("./field/scan").then((part) => part.bind(), report);
  if (!vault.possible()) {
    // without https nothing can be sealed, so nothing is kept: forms go as those of any page
    say(shell.querySelector<HTMLElement>("[data-not-kept]")!);
    // nobody draws what was chosen: the browser's own field names it
    for (const photos of document.querySelectorAll<HTMLElement>("[data-photos]")) photos.dataset["plain"] = "";
    return;
  }
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-outbox]")];
  for (const photos of document.querySelectorAll<HTMLElement>("[data-photos]")) bindPhotos(photos);
  const voices = [...document.querySelectorAll<HTMLElement>("[data-sounds]")];
  if (voices.length) import("./field/voice").then((part) => voices.forEach(part.bindVoice), report);
  for (const form of forms) bindForm(field, form);
  document.addEventListener("submit", (event) => void signOut(event), { capture: true });
  void start(field, forms).catch(report);
  addEventListener("online", () => void again(field).catch(report));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void again(field).catch(report);
  });
}

async function start(field: Field, forms: HTMLFormElement[]): Promise<void> {
  const known = await vault.grant();
  if (!known || known.user !== field.user || Date.now() - known.at > RECENT) await outbox.contact(field.doors);
  await restore(forms);
  for (const form of forms) drafts.bindDraft(form, (fault) => notKept(form, fault));
  field.shell.dataset["bound"] = "";
  await again(field);
  await vault.sweep(await named());
}

/** The photos that something here still names. */
async function named(): Promise<Set<string>> {
  const things = [...(await outbox.all()), ...(await vault.all<drafts.Draft>("drafts"))];
  return new Set(things.flatMap((one) => outbox.attachedOf(one.fields)).map((one) => one.blob));
}

async function again(field: Field): Promise<void> {
  await show();
  const { ready, sent } = await outbox.flush(field.doors);
  if (sent.length || ready === "") await show(ready === "");
  if (sent.length && document.querySelector("form[data-sent]")) location.assign(field.home);
}

function say(notice: HTMLElement): void {
  notice.hidden = false;
}

/* What waits */

async function show(signedOut = false): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-outbox-list]");
  if (!list) return;
  const items = await outbox.all();
  // what was begun is found on the first page; elsewhere it would only stand in the way
  const begun = "home" in list.dataset ? await vault.all<drafts.Draft>("drafts") : [];
  const locked = items.length === 0 && (signedOut || !(await vault.grant())) && (await vault.count()) > 0;
  list.hidden = !items.length && !begun.length && !locked;
  list.querySelector("[data-outbox-state]")!.textContent = signedOut || locked ? list.dataset["signedOut"]! : "";
  const rows = items.map((item) => {
    const row = drawn(list, item, item.state);
    row.told.textContent = item.state === "waiting" ? "" : item.told || list.dataset["gone"]!;
    row.open.hidden = item.state === "waiting";
    row.drop.addEventListener("click", () => void outbox.drop(item).then(() => show()).catch(report));
    return row.part;
  });
  const unfinished = begun.map((draft) => {
    const row = drawn(list, draft, "begun");
    row.open.textContent = list.dataset["goOn"]!;
    row.drop.addEventListener("click", () => void vault.change({ store: "drafts", drop: draft.key }).then(() => show()).catch(report));
    return row.part;
  });
  list.querySelector("ul")!.replaceChildren(...rows, ...unfinished);
}

interface Row { part: DocumentFragment; told: HTMLElement; open: HTMLAnchorElement; drop: HTMLElement }

function drawn(list: HTMLElement, what: outbox.Item | drafts.Draft, state: string): Row {
  const part = list.querySelector("template")!.content.cloneNode(true) as DocumentFragment;
  const box = (name: string): HTMLElement => part.querySelector<HTMLElement>(`[data-${name}]`)!;
  box("title").textContent = what.title;
  box("state").textContent = list.dataset[state] ?? "";
  box("state").dataset["tone"] = state === "waiting" || state === "begun" ? "due_soon" : "overdue";
  box("words").textContent = words(what.fields);
  box("words").hidden = !words(what.fields);
  const open = box("open") as HTMLAnchorElement;
  open.href = what.look;
  return { part, told: box("told"), open, drop: box("drop") };
}

function words(fields: outbox.Field[]): string {
  const said = fields.filter(([name, value]) => /^(title|text|reason|result|answer|note)$/.test(name) && typeof value === "string" && value);
  return said.map(([, value]) => value).join("\n");
}

/* Forms */

function bindForm(field: Field, form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset["busy"] || !form.reportValidity()) return;
    form.dataset["busy"] = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    void submit(field, form).catch((fault) => notKept(form, fault)).finally(() => {
      delete form.dataset["busy"];
      event.submitter?.removeAttribute("aria-busy");
    });
  });
}

async function submit(field: Field, form: HTMLFormElement): Promise<void> {
  const now = new Date();
  const times: outbox.Field[] = [["began_at", new Date(drafts.beganAt(form)).toISOString()], ["ended_at", now.toISOString()]];
  const item: outbox.Item = {
    key: vault.freshKey(), at: now.getTime(), to: form.action, look: form.dataset["look"]!, title: drafts.titleOf(form),
    fields: [...drafts.fieldsOf(form), ...times], state: "waiting", told: "",
  };
  drafts.stop(form);
  await outbox.keep(item, drafts.keyOf(form));
  void navigator.storage?.persist?.();
  const before = (await outbox.all()).find((one) => one.key === form.dataset["tried"]);
  if (before) await outbox.drop(before, { blobs: false });
  const { ready, sent } = await outbox.flush(field.doors);
  const came = sent.find((one) => one.item.key === item.key);
  if (came?.state === "refused" && came.told) {
    // the form is still in front of its writer: he mends it there
    await drafts.save(form);
    await outbox.drop(item, { blobs: false });
    if (came.blob) mark(form, came.blob, came.told);
    tell(form, came.told);
    return;
  }
  if (ready === null && !navigator.serviceWorker?.controller) return stay(form);
  const next = came?.url ?? field.home;
  if (new URL(next, location.href).pathname === location.pathname) location.reload();
  else location.assign(next);
}

/** On the first page of a new phone no worker answers yet: without a signal there is nowhere to go. */
async function stay(form: HTMLFormElement): Promise<void> {
  form.dataset["sent"] = "";
  form.hidden = true;
  await show();
  const list = document.querySelector<HTMLElement>("[data-outbox-list]")!;
  list.querySelector("[data-outbox-state]")!.textContent = list.dataset["stay"]!;
  list.scrollIntoView({ block: "center" });
}

function tell(form: HTMLFormElement, told: string): void {
  const error = form.querySelector<HTMLElement>("[data-form-error]")!;
  error.textContent = told;
  error.className = "notice";
  error.dataset["tone"] = "overdue";
  error.scrollIntoView({ block: "center" });
}

/** The phone has no room, or nobody is signed in: the form keeps what stands in it, and says so. */
function notKept(form: HTMLFormElement, fault: unknown): void {
  const says = document.querySelector<HTMLElement>("[data-outbox-list]")!.dataset;
  if (fault instanceof vault.Full) tell(form, says["noRoom"]!);
  else if (fault instanceof vault.Locked) tell(form, says["locked"]!);
  else report(fault);
}

/** What was begun, and what the town did not take, stands in its form again, on what is there now. */
async function restore(forms: HTMLFormElement[]): Promise<void> {
  const items = (await outbox.all()).filter((item) => item.state !== "waiting");
  for (const form of forms) {
    const item = items.find((one) => one.to === form.action);
    if (item) form.dataset["tried"] = item.key;
    const from = (await vault.read<drafts.Draft>("drafts", drafts.keyOf(form))) ?? item;
    if (!from) continue;
    const homeless = await drafts.restore(form, from);
    const back = form.querySelector<HTMLElement>("[data-restored]");
    if (!back) continue;
    say(back);
    back.querySelector<HTMLElement>("[data-homeless]")!.hidden = homeless === 0;
    back.querySelector("button")!.addEventListener("click", () => {
      void Promise.all([drafts.discard(form), item ? outbox.drop(item) : null]).then(() => location.reload()).catch(report);
    });
  }
}

/* Signing out leaves nothing on the phone. */

async function signOut(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.action.includes("/accounts/logout/")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const says = document.querySelector<HTMLElement>("[data-outbox-list]")!.dataset["leave"]!;
  const waits = (await vault.count()) + (await vault.all("drafts")).length;
  if (waits && !confirm(says)) return;
  await vault.wipe();
  form.submit();
}
