import { token } from "../scripts/tokens";
import type { TONES } from "./style";

/** The shapes of meaning for the map, drawn as the sprite draws them: ring, disc, half disc, triangle, octagon. */
export function shape(tone: (typeof TONES)[number], ratio: number): ImageData {
  const size = Math.round(22 * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d")!;
  pen.scale(size / 22, size / 22);
  pen.fillStyle = token(`--${tone.replace("_", "-")}-mark`);
  pen.strokeStyle = token("--sheet");
  pen.lineWidth = 2;
  const path = outline(tone);
  pen.stroke(path);
  pen.fill(path, "evenodd");
  return pen.getImageData(0, 0, size, size);
}

function outline(tone: string): Path2D {
  const path = new Path2D();
  switch (tone) {
    case "behind": path.addPath(new Path2D("M11 2 20.500 19H1.500Z")); break;
    case "overdue": path.addPath(new Path2D("M7.500 2h7L20 7.500v7L14.500 20h-7L2 14.500v-7Z")); break;
    case "due_soon": path.addPath(new Path2D("M11 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 3v12a6 6 0 0 0 0-12Z")); break;
    case "neutral": path.addPath(new Path2D("M11 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 4a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z")); break;
    default: path.arc(11, 11, 9, 0, Math.PI * 2);
  }
  return path;
}
