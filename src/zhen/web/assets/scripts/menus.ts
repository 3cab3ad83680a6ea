/** Menus are `details`: one open at a time, closed by Escape or a click elsewhere. The sidebar opens on a phone. */
export function bindMenus(): void {
  const menus = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
    const sidebar = document.querySelector<HTMLElement>(".sidebar");
    const button = (event.target as Element).closest<HTMLElement>("[data-sidebar]");
    if (!sidebar) return;
    if (button) show(sidebar, button.getAttribute("aria-expanded") !== "true");
    else if (!sidebar.contains(event.target as Node)) show(sidebar, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
    const sidebar = document.querySelector<HTMLElement>(".sidebar[data-open]");
    if (sidebar) {
      show(sidebar, false);
      document.querySelector<HTMLElement>("[data-sidebar]")?.focus();
    }
  });
}

function show(sidebar: HTMLElement, open: boolean): void {
  sidebar.toggleAttribute("data-open", open);
  document.querySelector("[data-sidebar]")?.setAttribute("aria-expanded", String(open));
  if (open) sidebar.querySelector<HTMLElement>("a")?.focus();
}
