/** The field face: forms that wait for a signal, photos made small, the nearest first, a position given once. */
import * as outbox from "./outbox";
import { report } from "./report";

const LONGEST_SIDE = 2000; // pixels; enough to read a number plate or a label, and goes up over a weak signal
const photos = new WeakMap<HTMLElement, File[]>();

export function bind(): void {
  const shell = document.querySelector<HTMLElement>("[data-field]")!;
  for (const field of document.querySelectorAll<HTMLElement>("[data-photos]")) bindPhotos(field);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-outbox]")) bindForm(shell, form);
  document.querySelector<HTMLButtonElement>("[data-near]")?.addEventListener("click", nearest);
  document.querySelector<HTMLButtonElement>("[data-locate]")?.addEventListener("click", locate);
  for (const field of document.querySelectorAll<HTMLElement>("[data-classes]")) bindClasses(field);
  document.querySelector<HTMLDetailsElement>("[data-map-later]")?.addEventListener("toggle", drawMap, { once: true });
  document.addEventListener("submit", (event) => void signOut(event), { capture: true });
  void start(shell).catch(report);
  addEventListener("online", () => void again(shell).catch(report));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void again(shell).catch(report);
  });
}

async function start(shell: HTMLElement): Promise<void> {
  const user = shell.dataset["field"]!;
  // another person's things stay on this phone only until somebody else opens it
  if ((await outbox.all()).some((item) => item.user !== user)) await outbox.wipe();
  await restore();
  await again(shell);
}

async function again(shell: HTMLElement): Promise<void> {
  await show();
  const { ready, sent } = await outbox.flush(shell.dataset["ready"]!);
  if (sent.length || ready === "") await show(ready === "");
}

/* What waits */

async function show(signedOut = false): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-outbox-list]");
  if (!list) return;
  const items = await outbox.all();
  const draw = list.querySelector("template")!;
  list.hidden = items.length === 0;
  list.querySelector("[data-outbox-state]")!.textContent = signedOut ? list.dataset["signedOut"]! : "";
  list.querySelector("ul")!.replaceChildren(
    ...items.map((item) => {
      const row = draw.content.cloneNode(true) as DocumentFragment;
      const part = (name: string): HTMLElement => row.querySelector<HTMLElement>(`[data-${name}]`)!;
      part("title").textContent = item.title;
      part("state").textContent = list.dataset[item.state] ?? "";
      part("state").dataset["tone"] = item.state === "waiting" ? "due_soon" : "overdue";
      part("told").textContent = item.state === "waiting" ? "" : item.told || list.dataset["gone"]!;
      part("words").textContent = words(item);
      part("words").hidden = !words(item);
      const open = part("open") as HTMLAnchorElement;
      open.href = item.look;
      open.hidden = item.state === "waiting";
      part("drop").addEventListener("click", () => void outbox.drop(item.key).then(() => show()));
      return row;
    }),
  );
}

function words(item: outbox.Item): string {
  const said = item.fields.filter(([name, value]) => /^(title|text|reason|result|answer)$/.test(name) && typeof value === "string" && value);
  return said.map(([, value]) => value).join("\n");
}

/* Forms */

function bindForm(shell: HTMLElement, form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset["busy"] || !form.reportValidity()) return;
    form.dataset["busy"] = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    void submit(shell, form).catch(report).finally(() => {
      delete form.dataset["busy"];
      event.submitter?.removeAttribute("aria-busy");
    });
  });
}

async function submit(shell: HTMLElement, form: HTMLFormElement): Promise<void> {
  const item = await itemOf(shell, form);
  await outbox.keep(item);
  const before = form.dataset["tried"];
  if (before) await outbox.drop(before);
  const { sent } = await outbox.flush(shell.dataset["ready"]!);
  const came = sent.find((one) => one.item.key === item.key);
  if (came?.state === "refused" && came.told) {
    // the form is still in front of its writer: he mends it there
    await outbox.drop(item.key);
    const error = form.querySelector<HTMLElement>("[data-form-error]")!;
    error.textContent = came.told;
    error.className = "notice";
    error.dataset["tone"] = "overdue";
    error.scrollIntoView({ block: "center" });
    return;
  }
  const next = came?.url ?? shell.dataset["home"]!;
  if (next === location.pathname) location.reload();
  else location.assign(next);
}

async function itemOf(shell: HTMLElement, form: HTMLFormElement): Promise<outbox.Item> {
  const fields: outbox.Item["fields"] = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File || name === "csrfmiddlewaretoken" || name === "request_id") continue;
    fields.push([name, value]);
  }
  for (const field of form.querySelectorAll<HTMLElement>("[data-photos]"))
    for (const file of photos.get(field) ?? []) fields.push([field.dataset["photos"]!, file]);
  const title = [form.dataset["title"], new FormData(form).get("title")].filter(Boolean).join("：");
  return {
    key: outbox.freshKey(), user: shell.dataset["field"]!, at: Date.now(), to: form.action, look: form.dataset["look"]!,
    title, fields, state: "waiting", told: "",
  };
}

/** What somebody wrote and the town did not take stands in its form again, on what is there now. */
async function restore(): Promise<void> {
  const items = (await outbox.all()).filter((item) => item.state !== "waiting");
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-outbox]")) {
    const item = items.find((one) => one.to === form.action);
    if (!item) continue;
    form.dataset["tried"] = item.key;
    for (const [name, value] of item.fields) {
      if (value instanceof File || name === "revision" || name === "seen") continue;
      for (const input of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]:not([type=file])`)) {
        if (/radio|checkbox/.test(input.type)) input.checked = input.value === value || (input.type === "checkbox" && value === "on");
        else input.value = value;
      }
    }
    for (const field of form.querySelectorAll<HTMLElement>("[data-photos]"))
      add(field, item.fields.flatMap(([name, value]) => (name === field.dataset["photos"] && value instanceof File ? [value] : [])));
    form.closest("details")?.setAttribute("open", "");
  }
}

/* Photos */

function bindPhotos(field: HTMLElement): void {
  field.dataset["ready"] = "";
  photos.set(field, []);
  for (const input of field.querySelectorAll<HTMLInputElement>('input[type="file"]'))
    input.addEventListener("change", () => {
      const chosen = [...(input.files ?? [])];
      input.value = "";
      void Promise.all(chosen.map(small)).then((files) => add(field, files), report);
    });
}

function add(field: HTMLElement, files: File[]): void {
  const held = photos.get(field)!;
  const list = field.querySelector("[data-shown]")!;
  for (const file of files.slice(0, Number(field.dataset["most"]) - held.length)) {
    held.push(file);
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = field.dataset["remove"]!;
    button.addEventListener("click", () => {
      held.splice(held.indexOf(file), 1);
      item.remove();
    });
    item.append(image, button);
    list.append(item);
  }
}

/** A photo of a phone has several megabytes; what is not an image, or smaller, goes as it is. */
async function small(file: File): Promise<File> {
  if (!file.type.startsWith("image/") || file.size < 400_000) return file;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file; // a kind that this browser cannot draw: the town looks at it
  }
}

/* Where I am: asked for once by a press, used on this phone, followed never. */

const ONCE: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

function position(button: HTMLButtonElement, state: HTMLElement, found: (at: GeolocationCoordinates) => void): void {
  const failed = (): void => {
    button.removeAttribute("aria-busy");
    state.textContent = button.dataset["failed"]!;
  };
  if (!navigator.geolocation) return failed();
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    button.removeAttribute("aria-busy");
    found(coords);
  }, failed, ONCE);
}

function nearest(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const state = document.querySelector<HTMLElement>("[data-near-state]")!;
  position(button, state, (at) => {
    for (const list of document.querySelectorAll<HTMLElement>("[data-stops]")) {
      const rows = [...list.children] as HTMLElement[];
      const far = new Map(rows.map((row) => [row, metres(at, row)]));
      for (const row of rows) row.querySelector("[data-metres]")!.textContent = written(far.get(row)!, button);
      list.append(...rows.sort((one, other) => far.get(one)! - far.get(other)!));
    }
    state.textContent = button.dataset["done"]!;
  });
}

function metres(at: GeolocationCoordinates, row: HTMLElement): number {
  if (!row.dataset["lon"]) return Infinity;
  const radians = Math.PI / 180;
  const x = (Number(row.dataset["lon"]) - at.longitude) * radians * Math.cos(at.latitude * radians);
  const y = (Number(row.dataset["lat"]) - at.latitude) * radians;
  return Math.hypot(x, y) * 6_371_000;
}

function written(far: number, button: HTMLElement): string {
  if (far === Infinity) return "";
  return far < 1000 ? ` ${Math.round(far / 10) * 10} ${button.dataset["unitM"]!}` : ` ${(far / 1000).toFixed(1)} ${button.dataset["unitKm"]!}`;
}

function locate(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const form = button.closest("form")!;
  const state = form.querySelector<HTMLElement>("[data-locate-state]")!;
  position(button, state, ({ longitude, latitude, accuracy }) => {
    for (const [name, degrees] of [["lon", longitude], ["lat", latitude]] as const)
      form.querySelector<HTMLInputElement>(`input[name="${name}"]`)!.value = degrees.toFixed(6);
    form.dispatchEvent(new CustomEvent("zhen:place", { detail: { lng: longitude, lat: latitude } }));
    state.textContent = button.dataset["found"]!.replace("{n}", String(Math.round(accuracy)));
  });
}

/** The map is heavy, and comes only for whoever wants it. */
function drawMap(event: Event): void {
  const box = event.currentTarget as HTMLElement;
  box.append(box.querySelector("template")!.content.cloneNode(true));
  import("../map/map").then((map) => map.bind(), report);
}

/* A class is found by a few of its letters. */

function bindClasses(field: HTMLElement): void {
  const search = field.querySelector<HTMLInputElement>('input[type="search"]')!;
  const rows = [...field.querySelectorAll<HTMLElement>(".class-list > *")];
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of rows) row.hidden = wanted !== "" && (row.tagName === "B" || !row.textContent!.toLowerCase().includes(wanted));
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  field.addEventListener("change", () => {
    const chosen = field.querySelector<HTMLInputElement>("input[type=radio]:checked");
    field.querySelector("[data-chosen]")!.textContent = chosen?.parentElement?.textContent?.trim() ?? "";
  });
}

/* Signing out leaves nothing on the phone. */

async function signOut(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.action.includes("/accounts/logout/")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const says = document.querySelector<HTMLElement>("[data-outbox-list]")!.dataset["leave"]!;
  if ((await outbox.all()).length && !confirm(says)) return;
  await outbox.wipe();
  form.submit();
}
