/** Boxes drawn over an image, by pointer or by keyboard. The text field below them holds the same in per cent. */
type Box = { left: number; top: number; width: number; height: number; element: HTMLButtonElement };

const LEAST = 0.5;
const STEP = 1;

export function bind(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-redaction]")) new Editor(part);
}

class Editor {
  private boxes: Box[] = [];
  private readonly stage: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly said: HTMLElement;

  constructor(private readonly part: HTMLElement) {
    this.stage = part.querySelector<HTMLElement>("[data-stage]")!;
    this.field = part.querySelector("textarea")!;
    this.said = part.querySelector<HTMLElement>("[data-said]")!;
    this.field.hidden = true;
    const tools = part.querySelector<HTMLElement>("[data-tools]")!;
    tools.hidden = false;
    part.dataset["ready"] = "";
    for (const line of this.field.value.split("\n")) {
      const [left, top, width, height] = line.trim().split(/[\s,]+/).map(Number);
      if (width && height) this.add(left!, top!, width, height);
    }
    tools.querySelector("[data-add]")!.addEventListener("click", () => this.add(40, 40, 20, 20).element.focus());
    tools.querySelector("[data-drop]")!.addEventListener("click", () => this.remove(this.chosen()));
    this.stage.addEventListener("pointerdown", (event) => this.press(event));
    // labels point at the text field, which is hidden: the stage's first tool takes the focus instead
    this.field.addEventListener("focus", () => tools.querySelector<HTMLButtonElement>("[data-add]")!.focus());
  }

  private add(left: number, top: number, width: number, height: number): Box {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "redaction-box";
    element.append(Object.assign(document.createElement("span"), { className: "redaction-corner" }));
    const box = { left, top, width, height, element };
    element.addEventListener("keydown", (event) => this.key(event, box));
    element.addEventListener("focus", () => this.mark(box));
    this.boxes.push(box);
    this.stage.append(element);
    this.draw(box);
    this.mark(box);
    this.write();
    return box;
  }

  private chosen(): Box | undefined {
    return this.boxes.find((box) => box.element.dataset["chosen"] !== undefined) ?? this.boxes.at(-1);
  }

  private mark(box: Box): void {
    for (const other of this.boxes) delete other.element.dataset["chosen"];
    box.element.dataset["chosen"] = "";
  }

  private remove(box: Box | undefined): void {
    if (!box) return;
    box.element.remove();
    this.boxes = this.boxes.filter((other) => other !== box);
    for (const other of this.boxes) this.draw(other);
    this.said.textContent = `${this.part.dataset["box"]!} ${this.part.dataset["removed"]!}`;
    const next = this.boxes.at(-1);
    (next?.element ?? this.part.querySelector<HTMLButtonElement>("[data-add]")!).focus();
    this.write();
  }

  /** Draw a new box, move one, or pull one at its corner: from here until the pointer is lifted. */
  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const target = event.target as HTMLElement;
    const start = this.at(event);
    const hit = this.boxes.find((box) => box.element.contains(target));
    const pulls = !hit || target.classList.contains("redaction-corner");
    const box = hit ?? this.add(start.x, start.y, LEAST, LEAST);
    const before = { ...box };
    box.element.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => {
      const now = this.at(moved);
      if (!hit) {
        box.left = Math.min(start.x, now.x);
        box.top = Math.min(start.y, now.y);
        box.width = Math.abs(now.x - start.x);
        box.height = Math.abs(now.y - start.y);
      } else if (pulls) {
        box.width = before.width + now.x - start.x;
        box.height = before.height + now.y - start.y;
      } else {
        box.left = before.left + now.x - start.x;
        box.top = before.top + now.y - start.y;
      }
      this.draw(box);
    };
    const end = (): void => {
      this.stage.removeEventListener("pointermove", move);
      this.stage.removeEventListener("pointerup", end);
      this.stage.removeEventListener("pointercancel", end);
      if (!hit && (box.width <= LEAST || box.height <= LEAST)) this.remove(box); // a click, not a box
      this.write();
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end);
    this.stage.addEventListener("pointercancel", end);
  }

  private key(event: KeyboardEvent, box: Box): void {
    const by = event.ctrlKey || event.altKey ? STEP / 5 : STEP;
    const [x, y] = ({ ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] })[event.key] ?? [0, 0];
    if (event.key === "Delete" || event.key === "Backspace") this.remove(box);
    else if (x === 0 && y === 0) return;
    else if (event.shiftKey) {
      box.width += x!;
      box.height += y!;
    } else {
      box.left += x!;
      box.top += y!;
    }
    event.preventDefault();
    event.stopPropagation(); // the page's own keys
    if (this.boxes.includes(box)) {
      this.draw(box);
      this.said.textContent = box.element.getAttribute("aria-label");
      this.write();
    }
  }

  /** Where the pointer is, in per cent of the image. */
  private at(event: PointerEvent): { x: number; y: number } {
    const frame = this.stage.getBoundingClientRect();
    const within = (value: number): number => Math.min(100, Math.max(0, value));
    return {
      x: within(((event.clientX - frame.left) / frame.width) * 100),
      y: within(((event.clientY - frame.top) / frame.height) * 100),
    };
  }

  private draw(box: Box): void {
    box.width = Math.min(100, Math.max(LEAST, box.width));
    box.height = Math.min(100, Math.max(LEAST, box.height));
    box.left = Math.min(100 - box.width, Math.max(0, box.left));
    box.top = Math.min(100 - box.height, Math.max(0, box.top));
    const style = box.element.style;
    style.left = `${box.left}%`;
    style.top = `${box.top}%`;
    style.width = `${box.width}%`;
    style.height = `${box.height}%`;
    const say = (value: number, word: string): string => `${Math.round(value)}% ${this.part.dataset[word]!}`;
    const number = this.boxes.indexOf(box) + 1;
    box.element.setAttribute(
      "aria-label",
      `${this.part.dataset["box"]!} ${number}: ${say(box.left, "from")}, ${say(box.top, "down")}, ${say(box.width, "wide")}, ${say(box.height, "high")}`,
    );
  }

  private write(): void {
    this.field.value = this.boxes
      .map((box) => [box.left, box.top, box.width, box.height].map((value) => +value.toFixed(3)).join(" "))
      .join("\n");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
