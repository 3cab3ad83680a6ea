/**
 * The field of promises. Pointing at a shape (or moving to it with the arrows) reads it out in the line below;
 * each chapter is one stop for Tab.
 */
export function bind(): void {
  const reading = document.querySelector<HTMLElement>("[data-reading]");
  const hint = reading?.innerHTML ?? "";
  for (const list of document.querySelectorAll<HTMLElement>("[data-marks]")) {
    const marks = [...list.querySelectorAll<HTMLAnchorElement>("a")];
    marks.forEach((mark, n) => (mark.tabIndex = n === 0 ? 0 : -1));
    list.addEventListener("keydown", (event) => {
      const now = marks.indexOf(document.activeElement as HTMLAnchorElement);
      const next = marks[now + ({ ArrowRight: 1, ArrowLeft: -1, Home: -now, End: marks.length - 1 - now }[event.key] ?? NaN)];
      if (now < 0 || !next) return;
      event.preventDefault();
      marks[now]!.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    if (!reading) continue;
    const say = (event: Event): void => {
      const mark = (event.target as Element).closest<HTMLElement>("a");
      if (mark) read(reading, mark);
    };
    list.addEventListener("pointerover", say);
    list.addEventListener("focusin", say);
    list.addEventListener("pointerleave", () => { reading.innerHTML = hint; });
    list.addEventListener("focusout", () => { reading.innerHTML = hint; });
  }
}

function read(reading: HTMLElement, mark: HTMLElement): void {
  const { says = "", word = "", due = "", owners = "" } = mark.dataset;
  const shape = mark.querySelector("svg")!.cloneNode(true);
  const chip = document.createElement("span");
  chip.className = "chip";
  chip.dataset["tone"] = mark.dataset["tone"] ?? "";
  chip.append(shape, word);
  const text = document.createElement("b");
  text.textContent = says;
  const more = document.createElement("span");
  more.className = "muted";
  more.textContent = [owners, due].filter(Boolean).join(" · ");
  reading.replaceChildren(chip, " ", text, " ", more);
}
