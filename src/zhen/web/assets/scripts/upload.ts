/**
 * Files go ahead of their form: each is sent as soon as it is chosen, with its progress, and the form then carries a
 * token. Without this script the form brings the files itself.
 */
type Answer = { token?: string; name?: string; preview?: string; error?: string };

const waiting = new WeakMap<HTMLFormElement, { count: number; submitter: HTMLElement | null | undefined }>();

export function bind(): void {
  for (const field of document.querySelectorAll<HTMLElement>("[data-upload]")) bindField(field);
  document.addEventListener("submit", holdBack, { capture: true });
}

function bindField(field: HTMLElement): void {
  field.dataset["ready"] = "";
  const list = field.querySelector<HTMLUListElement>("[data-upload-list]")!;
  const state = field.querySelector<HTMLElement>("[data-upload-state]")!;
  for (const item of list.children) {
    item.querySelector("label")?.remove(); // the box without scripts gives way to a button
    addRemove(field, item as HTMLLIElement, item.querySelector(".file-name")?.textContent ?? "");
  }
  for (const input of field.querySelectorAll<HTMLInputElement>('input[type="file"]')) {
    input.addEventListener("change", () => {
      state.textContent = "";
      for (const file of [...(input.files ?? [])]) {
        if (list.children.length >= Number(field.dataset["most"])) {
          state.textContent = field.dataset["full"]!;
          break;
        }
        send(field, list, file);
      }
      input.value = ""; // what was sent ahead does not come a second time
    });
  }
}

function send(field: HTMLElement, list: HTMLUListElement, file: File): void {
  const form = field.closest("form")!;
  const item = document.createElement("li");
  item.className = "file";
  item.append(preview(file), text(file.name));
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", `${field.dataset["sending"]!} ${file.name}`);
  item.lastElementChild!.append(bar);
  list.append(item);

  const call = new XMLHttpRequest();
  const settle = (error: string): void => {
    bar.remove();
    if (error) tell(item, error);
    addRemove(field, item, file.name);
    release(form, !error);
  };
  call.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  call.addEventListener("load", () => {
    const answer = read(call.responseText);
    if (answer.token) {
      keep(field, item, answer.token);
      field.querySelector("[data-upload-state]")!.textContent = `${file.name}：${field.dataset["done"]!}`;
      settle("");
    } else settle(answer.error ?? field.dataset["failed"]!);
  });
  for (const fault of ["error", "timeout"]) call.addEventListener(fault, () => settle(field.dataset["failed"]!));
  hold(form);
  call.open("POST", field.dataset["upload"]!);
  call.timeout = 180_000;
  call.setRequestHeader("X-CSRFToken", document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "");
  const body = new FormData();
  body.append("ticket", field.dataset["ticket"]!);
  body.append("file", file);
  call.send(body);
}

function preview(file: File): HTMLElement {
  const frame = document.createElement("span");
  frame.className = "file-preview";
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) {
    frame.dataset["plain"] = "";
    frame.textContent = file.name.split(".").pop()!.slice(0, 5).toUpperCase();
    return frame;
  }
  const image = document.createElement("img");
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  frame.append(image);
  return frame;
}

function text(name: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "file-text";
  const shown = document.createElement("span");
  shown.className = "file-name";
  shown.textContent = name;
  box.append(shown);
  return box;
}

function keep(field: HTMLElement, item: HTMLElement, token: string): void {
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = field.dataset["name"]!;
  hidden.value = token;
  item.prepend(hidden);
  changed(field);
}

function tell(item: HTMLElement, error: string): void {
  const line = document.createElement("span");
  line.className = "error";
  line.setAttribute("role", "alert");
  line.textContent = error;
  item.lastElementChild!.append(line);
}

function addRemove(field: HTMLElement, item: HTMLLIElement, name: string): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = field.dataset["remove"]!;
  button.setAttribute("aria-label", `${field.dataset["remove"]!} ${name}`);
  button.addEventListener("click", () => {
    item.remove();
    changed(field);
    field.querySelector<HTMLInputElement>('input[type="file"]')?.focus();
  });
  item.lastElementChild!.append(button);
}

/** Drafts save themselves when something is put in. */
function changed(field: HTMLElement): void {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function read(body: string): Answer {
  try {
    return JSON.parse(body) as Answer;
  } catch {
    return {};
  }
}

function hold(form: HTMLFormElement): void {
  const now = waiting.get(form) ?? { count: 0, submitter: undefined };
  now.count += 1;
  waiting.set(form, now);
}

/** One file has settled. A form that was sent meanwhile goes off with the last, unless one was refused. */
function release(form: HTMLFormElement, well: boolean): void {
  const now = waiting.get(form)!;
  now.count -= 1;
  if (!well) now.submitter = undefined;
  if (now.count > 0 || now.submitter === undefined) return;
  const submitter = now.submitter;
  now.submitter = undefined;
  form.requestSubmit(submitter);
}

function holdBack(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const now = waiting.get(form);
  if (!now?.count) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  now.submitter = event.submitter;
  for (const field of form.querySelectorAll<HTMLElement>("[data-upload]"))
    field.querySelector("[data-upload-state]")!.textContent = field.dataset["waiting"]!;
}
