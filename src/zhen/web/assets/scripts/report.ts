/** A fault of ours on the page: said in the console and, once, to the reader. */
export function report(fault: unknown): void {
  console.error(fault);
  const said = document.body.dataset["fault"];
  if (said && !document.querySelector("[data-toast-fault]")) toast(said, "overdue").dataset["toastFault"] = "";
}

export function toast(text: string, tone: string): HTMLElement {
  let list = document.querySelector<HTMLElement>(".toasts");
  if (!list) {
    list = document.createElement("div");
    list.className = "toasts";
    list.setAttribute("role", "status");
    document.body.append(list);
  }
  const item = document.createElement("div");
  item.className = "toast";
  item.dataset["tone"] = tone;
  const words = document.createElement("p");
  words.textContent = text;
  item.append(words);
  list.append(item);
  return item;
}
