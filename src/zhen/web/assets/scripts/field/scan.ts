/** The label of a building or a device: seen by the browser itself, or by a small reader that comes only where needed. */
import { report } from "../report";

type Reader = (source: CanvasImageSource & { width?: number }, width: number, height: number) => Promise<string>;
interface Detector { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> }
declare const BarcodeDetector: { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> } | undefined;

const AGAIN = 200; // milliseconds between two looks
const LONGEST = 60_000; // then the camera rests: it eats the battery
const SIDE = 1000; // pixels that are looked at

export function bind(): void {
  const box = document.querySelector<HTMLElement>("[data-scan]")!;
  const state = box.querySelector<HTMLElement>("[data-scan-state]")!;
  const begin = box.querySelector<HTMLButtonElement>("[data-scan-begin]")!;
  if (!navigator.mediaDevices) begin.hidden = true;
  begin.addEventListener("click", () => void look(box, begin, state).catch(report));
  box.querySelector<HTMLInputElement>("[data-scan-picture]")!.addEventListener("change", (event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (file) void picture(box, file, state).catch(report);
  });
}

async function picture(box: HTMLElement, file: File, state: HTMLElement): Promise<void> {
  const read = await reader();
  let found = "";
  try {
    const image = await createImageBitmap(file);
    found = await read(image, image.width, image.height);
  } catch {
    found = "";
  }
  if (found) open(box, found);
  else state.textContent = box.dataset["none"]!;
}

async function look(box: HTMLElement, begin: HTMLButtonElement, state: HTMLElement): Promise<void> {
  const view = box.querySelector<HTMLVideoElement>("[data-scan-view]")!;
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    state.textContent = box.dataset["failed"]!;
    return;
  }
  const read = await reader();
  begin.hidden = true;
  view.hidden = false;
  view.srcObject = stream;
  state.textContent = box.dataset["look"]!;
  await view.play();
  const until = Date.now() + LONGEST;
  let found = "";
  while (!found && Date.now() < until && !document.hidden) {
    await new Promise((wait) => setTimeout(wait, AGAIN));
    if (view.videoWidth) found = await read(view, view.videoWidth, view.videoHeight);
  }
  for (const track of stream.getTracks()) track.stop();
  view.hidden = true;
  begin.hidden = false;
  state.textContent = found ? "" : box.dataset["none"]!;
  if (found) open(box, found);
}

/** The text of a code in a picture; empty where there is none. */
async function reader(): Promise<Reader> {
  if (typeof BarcodeDetector !== "undefined" && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? "";
  }
  const { decodeQR } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d", { willReadFrequently: true })!;
  return async (source, width, height) => {
    const scale = Math.min(1, SIDE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    draw.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(draw.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return ""; // it says by an exception that it sees none
    }
  };
}

/** Labels lead to pages of this town alone, also without a signal; anything else is looked for by the town. */
function open(box: HTMLElement, text: string): void {
  const label = /\/(?:field\/at\/(place|device)|desk\/telemetry\/devices?)\/([^/]{1,64})\/?$/.exec(text);
  if (label) location.assign(`${box.dataset["at"]!}${label[1] ?? "device"}/${label[2]!}/`);
  else location.assign(`${box.dataset["scan"]!}?q=${encodeURIComponent(text.slice(0, 200))}`);
}
