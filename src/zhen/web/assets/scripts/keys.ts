import { openDialog } from "./dialogs";
import { openSearch } from "./search";

/**
 * The keyboard does all of the desk. Fixed keys: Ctrl-K search, ? help, / the list's search, j/k through rows,
 * Enter opens, x chooses. Buttons bring their own with `data-key`.
 */
export function bindKeys(): void {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (openSearch()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (handled(event.key)) event.preventDefault();
  });
}

function handled(key: string): boolean {
  switch (key) {
    case "?": return openDialog("keys") !== null;
    case "/": return focus("[data-list-search]");
    case "j": return step(1);
    case "k": return step(-1);
    case "Enter": return press("[data-row][aria-current] .row-link");
    case "x": return press("[data-row][aria-current] input[type=checkbox]") || press('[data-key="x"]');
    default: return /^[a-z]$/.test(key) && press(`[data-key="${key}"]`);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
    && !(target instanceof HTMLInputElement && target.type === "checkbox");
}

function focus(selector: string): boolean {
  const field = document.querySelector<HTMLElement>(selector);
  field?.focus();
  return field !== null;
}

function press(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  // Enter on a link or button is the browser's own business
  if (!button || (document.activeElement !== document.body && document.activeElement instanceof HTMLButtonElement)) return false;
  button.click();
  return true;
}

/** Move the current row; the row's link takes the focus, so that Enter and a screen reader follow. */
function step(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  if (rows.length === 0) return false;
  const now = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by));
  choose(rows[next]!);
  return true;
}

export function choose(row: HTMLElement): void {
  for (const other of document.querySelectorAll("[data-row][aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  (row.querySelector<HTMLElement>(".row-link") ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("zhen:chosen", { bubbles: true }));
}
