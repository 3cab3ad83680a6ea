/** Drafts save themselves; a form is sent once; a mistake gets the focus. */
export function bindForms(): void {
  document.querySelector<HTMLElement>(".error-summary")?.focus();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) bindDraft(form);
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sent"]) event.preventDefault();
    form.dataset["sent"] = "yes";
    (event.submitter as HTMLElement | null)?.setAttribute("aria-busy", "true");
  });
  // the back button brings a page from memory: its forms can be sent again
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

function bindDraft(form: HTMLFormElement): void {
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  let timer: number | undefined;
  const save = async (): Promise<void> => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset["draft"]!, { method: "POST", body: data, keepalive: true });
      if (state) state.textContent = (answer.ok ? state.dataset["saved"] : state.dataset["failed"]) ?? "";
    } catch {
      if (state) state.textContent = state.dataset["failed"] ?? "";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), 1200);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
