import { openDialog } from "./dialogs";
import { report } from "./report";

/** The search over everything: the server ranks and explains; the arrows walk through what it found. */
export function bindSearch(): void {
  const dialog = document.getElementById("search");
  const field = dialog?.querySelector<HTMLInputElement>("input");
  const place = dialog?.querySelector<HTMLElement>("[data-hits]");
  if (!dialog || !field || !place) return;
  let timer: number | undefined;
  let asked: AbortController | undefined;

  const ask = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    const query = field.value.trim();
    try {
      const answer = await fetch(`${dialog.dataset["address"]}?part=hits&q=${encodeURIComponent(query)}`, { signal: asked.signal });
      place.innerHTML = await answer.text();
      walk(place, field, 0);
    } catch (fault) {
      if (!(fault instanceof DOMException && fault.name === "AbortError")) report(fault);
    }
  };
  field.addEventListener("input", (event) => {
    if ((event as InputEvent).isComposing) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), 120);
  });
  field.addEventListener("compositionend", () => void ask());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(place, field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const chosen = place.querySelector<HTMLAnchorElement>('[aria-selected="true"]');
      if (!chosen) return;
      event.preventDefault();
      chosen.click();
    }
  });
}

export function openSearch(): boolean {
  const dialog = openDialog("search");
  dialog?.querySelector("input")?.select();
  return document.getElementById("search") !== null;
}

function walk(place: HTMLElement, field: HTMLInputElement, by: number): void {
  const hits = [...place.querySelectorAll<HTMLElement>('[role="option"]')];
  const now = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const next = hits[Math.min(hits.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  for (const hit of hits) hit.setAttribute("aria-selected", String(hit === next));
  if (next) field.setAttribute("aria-activedescendant", next.id);
  else field.removeAttribute("aria-activedescendant");
  next?.scrollIntoView({ block: "nearest" });
}
