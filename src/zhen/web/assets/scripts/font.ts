/**
 * Nothing is ever a box: where the machine has no Chinese font, two different characters are drawn
 * as the same box, and the bundled font is asked for. Machines with a font load nothing.
 */
export function ensureChineseFont(): void {
  if (drawn("镇") !== drawn("好")) return;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = document.documentElement.dataset["font"] ?? "";
  document.head.append(sheet);
}

function drawn(character: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return character;
  pen.font = "20px sans-serif";
  pen.fillText(character, 1, 20);
  return pen.getImageData(0, 0, 24, 24).data.join();
}
