/**
 * The keys of the desk for cases. On the list a letter opens the chosen case with that deed; on the case's page the
 * letter (of a key, or of the address) opens the deed and goes to its first field.
 */
export function bind(): void {
  const list = document.querySelector<HTMLElement>("[data-case-list]");
  if (list) document.addEventListener("keydown", openWith);
  for (const deed of document.querySelectorAll<HTMLDetailsElement>("details.deed")) {
    deed.addEventListener("toggle", () => {
      if (deed.open) deed.querySelector<HTMLElement>("form :is(input:not([type=hidden]), select, textarea)")?.focus();
    });
    if (deed.open) deed.scrollIntoView({ block: "nearest" });
  }
  const key = new URLSearchParams(location.search).get("key") ?? "";
  if (document.querySelector("[data-case]") && /^[a-z]$/.test(key)) {
    document.querySelector<HTMLElement>(`summary[data-key="${key}"]`)?.click();
    history.replaceState(history.state, "", location.pathname);
  }
}

function openWith(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (!/^[a-z]$/.test(event.key) || /^[jkx]$/.test(event.key) || document.querySelector("dialog[open]")) return;
  const target = event.target;
  if (target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !target.matches("[type=checkbox]")) return;
  const link = document.querySelector<HTMLAnchorElement>("[data-row][aria-current] .row-link");
  if (link) location.assign(`${link.href}?key=${event.key}`);
}
