/** Photos and voice memos of a form: made small, kept at once in the vault, shown, taken back. */
import type { Attached } from "./outbox";
import { report } from "../report";
import * as vault from "./vault";

const LONGEST_SIDE = 2000; // pixels; enough to read a number plate or a label, and goes up over a weak signal
const SMALL = 400_000; // bytes
const held = new WeakMap<HTMLElement, Attached[]>();

export function bindPhotos(field: HTMLElement): void {
  field.dataset["ready"] = "";
  held.set(field, []);
  for (const input of field.querySelectorAll<HTMLInputElement>('input[type="file"]'))
    input.addEventListener("change", () => {
      const chosen = [...(input.files ?? [])];
      input.value = "";
      void take(field, chosen).catch(report);
    });
}

export const filesOf = (field: HTMLElement): Attached[] => held.get(field) ?? [];

/** Keep what was chosen, one after the other: several photos of many megapixels at once are too much for a phone. */
export async function take(field: HTMLElement, chosen: File[]): Promise<void> {
  tell(field, "");
  for (const file of chosen) {
    if (filesOf(field).length >= Number(field.dataset["most"])) return tell(field, field.dataset["full"]!);
    field.setAttribute("aria-busy", "true");
    try {
      const ready = "sounds" in field.dataset ? file : await small(file);
      if (typeof ready === "string") {
        tell(field, field.dataset[ready]!.replace("{name}", file.name));
        continue;
      }
      const one: Attached = { blob: vault.freshKey(), name: ready.name, type: ready.type };
      await vault.change({ store: "blobs", key: one.blob, blob: ready });
      add(field, one, ready);
    } catch (fault) {
      const key = fault instanceof vault.Full ? "noRoom" : fault instanceof vault.Locked ? "locked" : "";
      if (!key) throw fault;
      tell(field, field.dataset[key]!);
      return;
    } finally {
      field.removeAttribute("aria-busy");
    }
  }
}

/** Show again what was kept before. */
export async function putBack(field: HTMLElement, files: Attached[]): Promise<void> {
  for (const one of files) {
    const content = await vault.blob(one.blob, one.type);
    if (content) add(field, { blob: one.blob, name: one.name, type: one.type, begun: one.begun === true }, content);
  }
}

function add(field: HTMLElement, one: Attached, content: Blob): void {
  filesOf(field).push(one);
  const item = document.createElement("li");
  item.dataset["blob"] = one.blob;
  const shown = document.createElement("sounds" in field.dataset ? "audio" : "img");
  if (shown instanceof HTMLImageElement) shown.alt = one.name;
  else shown.controls = true;
  shown.src = URL.createObjectURL(content);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = field.dataset["remove"]!;
  button.setAttribute("aria-label", `${field.dataset["remove"]!} ${one.name}`);
  button.addEventListener("click", () => {
    held.set(field, filesOf(field).filter((other) => other !== one));
    URL.revokeObjectURL(shown.src);
    item.remove();
    tell(field, "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  item.append(shown, button);
  field.querySelector("[data-shown]")!.append(item);
  field.dispatchEvent(new Event("input", { bubbles: true })); // drafts save themselves
}

/** Say which file the town has not taken, and why. */
export function mark(form: HTMLFormElement, blob: string, told: string): void {
  const item = form.querySelector<HTMLElement>(`[data-blob="${blob}"]`);
  if (!item) return;
  item.dataset["refused"] = "";
  tell(item.closest<HTMLElement>("[data-photos]")!, told);
}

function tell(field: HTMLElement, said: string): void {
  field.querySelector("[data-photos-state]")!.textContent = said;
}

/** A photo of a phone has several megabytes. Gives the file to send, or the name of what is to be said instead. */
async function small(file: File): Promise<File | "heic" | "noImage"> {
  const kind = await kindOf(file);
  if (kind === "" || (kind === "image" && file.size < SMALL)) return kind === "" ? "noImage" : file;
  try {
    const image = await decoded(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    const smaller = blob && new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    if (!smaller || smaller.size >= file.size) return kind === "heic" && smaller ? smaller : file;
    return smaller;
  } catch {
    return kind === "heic" ? "heic" : file; // damaged, or too large for this phone: the town says what is wrong
  }
}

async function decoded(file: File): Promise<ImageBitmap> {
  const image = await createImageBitmap(file);
  const longest = Math.max(image.width, image.height);
  if (longest <= 2 * LONGEST_SIDE) return image;
  // halved by the browser's own good scaler first, so that fine lettering stays legible
  const scale = LONGEST_SIDE / longest;
  const size = { resizeWidth: Math.round(image.width * scale), resizeHeight: Math.round(image.height * scale) };
  const scaled = await createImageBitmap(image, { ...size, resizeQuality: "high" });
  image.close();
  return scaled;
}

/** What a file is, told by its first bytes: its name says what it likes. */
async function kindOf(file: File): Promise<"image" | "heic" | ""> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (head[0] === 0xff && head[1] === 0xd8) return "image";
  if (text.startsWith("\x89PNG") || (text.startsWith("RIFF") && text.slice(8) === "WEBP")) return "image";
  return /^.{4}ftyp(hei|hev|mif|msf|avi)/s.test(text) ? "heic" : "";
}
