/** Devices placed on a floor plan: tapped, dragged, or moved with the arrow keys. The number inputs hold the same. */
const SVG = "http://www.w3.org/2000/svg";
const STEP = 1;
const SLIP = 8;

type Line = { row: HTMLElement; x: HTMLInputElement; y: HTMLInputElement; choose: HTMLButtonElement; drop: HTMLButtonElement; pin: SVGGElement | undefined };

export function bind(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-pins]")) new Editor(part);
}

class Editor {
  private readonly stage: SVGSVGElement;
  private readonly said: HTMLElement;
  private readonly lines: Line[] = [];
  private chosen: Line | undefined;

  constructor(part: HTMLElement) {
    this.stage = part.querySelector<SVGSVGElement>("[data-stage]")!;
    this.said = part.querySelector<HTMLElement>("[data-said]")!;
    part.dataset["ready"] = "";
    for (const row of part.querySelectorAll<HTMLElement>("[data-pin]")) this.add(row);
    this.stage.addEventListener("pointerdown", (event) => this.press(event));
    this.choose(this.lines.find((line) => !line.pin));
  }

  private add(row: HTMLElement): void {
    const [x, y] = row.querySelectorAll("input");
    const choose = row.querySelector<HTMLButtonElement>("[data-choose]")!;
    const drop = row.querySelector<HTMLButtonElement>("[data-drop]")!;
    const line: Line = { row, x: x!, y: y!, choose, drop, pin: undefined };
    this.lines.push(line);
    choose.hidden = false;
    choose.addEventListener("click", () => this.choose(line));
    drop.addEventListener("click", () => {
      line.x.value = line.y.value = "";
      this.draw(line);
      this.choose(line);
      choose.focus();
    });
    for (const input of [line.x, line.y]) input.addEventListener("input", () => this.draw(line));
    this.draw(line);
  }

  private choose(line: Line | undefined): void {
    this.chosen = line;
    for (const other of this.lines) {
      other.choose.setAttribute("aria-pressed", String(other === line));
      if (other === line) other.row.dataset["chosen"] = "";
      else delete other.row.dataset["chosen"];
      if (other === line) other.pin?.setAttribute("data-chosen", "");
      else other.pin?.removeAttribute("data-chosen");
    }
  }

  /** A pin follows the pointer until that is lifted; beside the pins, a tap that does not move sets the chosen device. */
  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const hit = this.lines.find((line) => line.pin?.contains(event.target as Node));
    if (hit) this.drag(event, hit);
    else if (this.chosen) this.tap(event, this.chosen);
  }

  private drag(event: PointerEvent, line: Line): void {
    event.preventDefault();
    line.pin?.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => this.set(line, this.at(moved));
    const end = (): void => {
      this.stage.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.stage.removeEventListener(name, end);
      this.say(line);
    };
    this.stage.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, end);
  }

  private tap(event: PointerEvent, line: Line): void {
    const up = (lifted: PointerEvent): void => {
      gone();
      if (Math.hypot(lifted.clientX - event.clientX, lifted.clientY - event.clientY) > SLIP) return; // it scrolled
      const fresh = !line.pin;
      this.set(line, this.at(lifted));
      this.say(line);
      if (fresh) this.choose(this.lines.find((other) => !other.pin) ?? line);
    };
    const gone = (): void => {
      this.stage.removeEventListener("pointerup", up);
      this.stage.removeEventListener("pointercancel", gone);
    };
    this.stage.addEventListener("pointerup", up);
    this.stage.addEventListener("pointercancel", gone);
  }

  private key(event: KeyboardEvent, line: Line): void {
    const by = event.shiftKey ? STEP * 5 : STEP;
    const way = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") line.drop.click();
    else if (way) this.set(line, { x: Number(line.x.value) + way[0]!, y: Number(line.y.value) + way[1]! });
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page's own keys
    if (way) this.say(line);
  }

  /** Where the pointer is, in per cent of the picture. */
  private at(event: PointerEvent): { x: number; y: number } {
    const frame = this.stage.getBoundingClientRect();
    return { x: ((event.clientX - frame.left) / frame.width) * 100, y: ((event.clientY - frame.top) / frame.height) * 100 };
  }

  private set(line: Line, to: { x: number; y: number }): void {
    const within = (value: number): string => Math.min(100, Math.max(0, value)).toFixed(1);
    line.x.value = within(to.x);
    line.y.value = within(to.y);
    this.draw(line);
  }

  private draw(line: Line): void {
    const [x, y] = [Number(line.x.value), Number(line.y.value)];
    const on = line.x.value.trim() !== "" && line.y.value.trim() !== "" && x >= 0 && x <= 100 && y >= 0 && y <= 100;
    line.drop.hidden = !on;
    if (!on) {
      line.pin?.remove();
      line.pin = undefined;
      return;
    }
    line.pin ??= this.made(line);
    const { width, height } = this.stage.viewBox.baseVal;
    line.pin.setAttribute("transform", `translate(${(x / 100) * width} ${(y / 100) * height})`);
    line.pin.setAttribute("aria-label", `${line.row.dataset["label"]!}：${line.x.value} %，${line.y.value} %`);
  }

  private made(line: Line): SVGGElement {
    const side = this.stage.viewBox.baseVal.width * 0.045;
    const pin = document.createElementNS(SVG, "g");
    const disc = document.createElementNS(SVG, "circle");
    const number = document.createElementNS(SVG, "text");
    disc.setAttribute("r", String(side / 2));
    number.setAttribute("font-size", String(side * 0.55));
    number.setAttribute("text-anchor", "middle");
    number.setAttribute("dominant-baseline", "central");
    number.textContent = String(this.lines.indexOf(line) + 1);
    pin.append(disc, number);
    pin.setAttribute("class", "pins-pin");
    pin.setAttribute("tabindex", "0");
    pin.setAttribute("role", "button");
    pin.addEventListener("keydown", (event) => this.key(event, line));
    pin.addEventListener("focus", () => this.choose(line));
    this.stage.append(pin);
    return pin;
  }

  private say(line: Line): void {
    this.said.textContent = line.pin?.getAttribute("aria-label") ?? "";
  }
}
