/** Filters go to the address as soon as they are chosen; bulk actions know how many rows are chosen. */
export function bindLists(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-filters]")) {
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement) submitClean(form);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submitClean(form);
    });
  }
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-submits]")) {
    field.addEventListener("change", () => field.value && field.form?.requestSubmit());
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-bulk]")) bindBulk(form);
}

/** An address without empty parameters can be read and sent to a colleague. */
function submitClean(form: HTMLFormElement): void {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) query.append(name, value);
  location.assign(`${form.getAttribute("action") ?? location.pathname}${query.size ? `?${query}` : ""}`);
}

function bindBulk(form: HTMLFormElement): void {
  const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>('input[name="key"]')];
  const all = form.querySelector<HTMLInputElement>("[data-choose-all]");
  const bar = form.querySelector<HTMLElement>("[data-bulk-bar]");
  const update = (): void => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (bar) bar.hidden = chosen === 0;
    for (const count of form.querySelectorAll("[data-chosen]")) count.textContent = String(chosen);
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && chosen < boxes().length;
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all!.checked;
    update();
  });
  update();
}
