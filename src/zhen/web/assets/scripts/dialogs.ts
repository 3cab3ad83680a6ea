/** `data-dialog="id"` opens a dialog; `data-close` inside closes it. Escape and the focus are the browser's. */
export function bindDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset["dialog"]!);
    }
    if (target.closest("[data-close]")) target.closest("dialog")?.close();
    if (target.closest("[data-dismiss]")) target.closest(".toast")?.remove();
    if (target instanceof HTMLDialogElement) target.close(); // the ground behind it
  });
}

export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return null;
  dialog.showModal();
  return dialog;
}
