/** A voice memo: pressed once to begin, once to end, and at the latest after some minutes. */
import { report } from "../report";
import { take } from "./photos";

const LONGEST = 180_000; // milliseconds; some 700 kB
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm"];

export function bindVoice(field: HTMLElement): void {
  const button = field.querySelector<HTMLButtonElement>("[data-record]");
  const kind = typeof MediaRecorder === "undefined" ? undefined : KINDS.find((one) => MediaRecorder.isTypeSupported(one));
  if (!button || !kind || !navigator.mediaDevices) return; // a sound file can still be chosen
  button.hidden = false;
  let running: MediaRecorder | null = null;
  button.addEventListener("click", () => {
    if (running) return running.stop();
    navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
      running = record(field, button, stream, kind, () => (running = null));
    }, () => {
      field.querySelector("[data-photos-state]")!.textContent = button.dataset["failed"]!;
    });
  });
}

function record(field: HTMLElement, button: HTMLButtonElement, stream: MediaStream, kind: string, over: () => void): MediaRecorder {
  const recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  const says = button.querySelector("span")!;
  const begin = says.textContent;
  const since = Date.now();
  const show = (): void => {
    const seconds = Math.round((Date.now() - since) / 1000);
    says.textContent = `${button.dataset["stop"]!} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const clock = setInterval(show, 1000);
  const end = setTimeout(() => recorder.stop(), LONGEST);
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    clearInterval(clock);
    clearTimeout(end);
    for (const track of stream.getTracks()) track.stop();
    says.textContent = begin;
    button.removeAttribute("aria-pressed");
    over();
    const type = kind.split(";")[0]!;
    const name = `${button.dataset["name"]!}.${type.endsWith("mp4") ? "m4a" : "webm"}`;
    void take(field, [new File(parts, name, { type })]).catch(report);
  });
  recorder.start();
  button.setAttribute("aria-pressed", "true");
  show();
  return recorder;
}
