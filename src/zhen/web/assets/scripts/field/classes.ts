/** A class is found by a few of its letters. */
export function bindClasses(field: HTMLElement): void {
  const search = field.querySelector<HTMLInputElement>('input[type="search"]')!;
  const rows = [...field.querySelectorAll<HTMLElement>(".class-list > *")];
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of rows) row.hidden = wanted !== "" && (row.tagName === "B" || !row.textContent!.toLowerCase().includes(wanted));
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  field.addEventListener("change", () => {
    const chosen = field.querySelector<HTMLInputElement>("input[type=radio]:checked");
    field.querySelector("[data-chosen]")!.textContent = chosen?.parentElement?.textContent?.trim() ?? "";
  });
}
