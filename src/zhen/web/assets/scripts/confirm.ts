/**
 * What will happen is said before it happens. Without scripts the server asks on a page of its own; here a dialog
 * asks and the form then carries `confirmed`.
 */
export function bindConfirm(): void {
  const dialog = document.getElementById("confirm");
  if (!(dialog instanceof HTMLDialogElement)) return;
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const form = event.target as HTMLFormElement;
    if (!(button instanceof HTMLButtonElement) || !button.dataset["confirm"] || form.elements.namedItem("confirmed")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(dialog, button, form);
  }, { capture: true });
}

function ask(dialog: HTMLDialogElement, button: HTMLButtonElement, form: HTMLFormElement): void {
  const count = form.querySelectorAll('input[name="key"]:checked').length || 1;
  dialog.querySelector("[data-title]")!.textContent = button.dataset["label"] ?? button.firstChild?.textContent ?? "";
  dialog.querySelector("[data-sentence]")!.textContent = button.dataset["confirm"]!.replace("{count}", String(count));
  const yes = dialog.querySelector<HTMLButtonElement>("[data-yes]")!;
  yes.textContent = button.firstChild?.textContent ?? "";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "confirmed";
    field.value = "1";
    form.append(field);
    form.requestSubmit(button);
  }, { once: true });
  dialog.showModal();
}
