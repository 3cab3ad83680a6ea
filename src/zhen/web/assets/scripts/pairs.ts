/** The slider between two pictures of the same spot. Without it both stand side by side. */
export function bind(): void {
  for (const pair of document.querySelectorAll<HTMLElement>("[data-pair]")) {
    const slide = pair.querySelector<HTMLElement>(".pair-slide");
    const input = slide?.querySelector("input");
    if (!slide || !input || "bound" in pair.dataset) continue;
    pair.dataset["bound"] = "";
    slide.hidden = false;
    const show = (): void => {
      pair.style.setProperty("--shown", `${input.value}%`);
      input.setAttribute("aria-valuetext", `${input.value} %`);
    };
    input.addEventListener("input", show);
    // a finger on the picture moves it too: the thumb of a range is small on a phone
    const frame = pair.querySelector<HTMLElement>(".pair-frame")!;
    const follow = (event: PointerEvent): void => {
      const box = frame.getBoundingClientRect();
      input.value = String(Math.round((100 * (event.clientX - box.left)) / box.width));
      show();
    };
    frame.addEventListener("pointerdown", (event) => {
      frame.setPointerCapture(event.pointerId);
      follow(event);
    });
    frame.addEventListener("pointermove", (event) => {
      if (frame.hasPointerCapture(event.pointerId)) follow(event);
    });
    show();
  }
}
