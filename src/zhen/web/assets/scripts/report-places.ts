import { report } from "./report";

interface Found { name: string; detail: string; lon: number; lat: number }

/** An address completes itself from the town's own places: a list under the field, walked with the arrow keys. */
export function bindPlaces(form: HTMLFormElement, chosen: () => void): void {
  const box = form.querySelector<HTMLElement>("[data-places]");
  const field = box?.querySelector<HTMLInputElement>("input");
  const list = box?.querySelector<HTMLUListElement>("[role=listbox]");
  const state = form.querySelector<HTMLElement>("[data-places-state]");
  if (!box || !field || !list || !state) return;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
    field.setAttribute(name, value);
  let timer: number | undefined;
  let asking: AbortController | undefined;

  const close = (): void => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const take = (found: Found): void => {
    field.value = found.name;
    delete field.dataset["written"];
    close();
    place(form, found.lon, found.lat);
    form.dispatchEvent(new CustomEvent("zhen:pin"));
    chosen();
  };
  const ask = async (page: number): Promise<void> => {
    const words = field.value.trim();
    asking?.abort();
    if (!words) return close();
    asking = new AbortController();
    const answer = await fetch(`${box.dataset["places"]!}?${new URLSearchParams({ q: words, page: String(page) })}`, { signal: asking.signal });
    if (!answer.ok) return close();
    const { places, more } = (await answer.json()) as { places: Found[]; more: boolean };
    const held = list.querySelector('[aria-selected="true"]')?.textContent;
    if (page === 0) list.replaceChildren();
    list.querySelector("[data-more]")?.remove();
    for (const found of places) list.append(option(list, found.name, found.detail, () => take(found)));
    if (more) {
      const last = option(list, box.dataset["more"]!, "", () => void ask(page + 1).catch(report));
      last.dataset["more"] = "";
      list.append(last);
    }
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const again = held ? options.findIndex((one) => one.textContent === held) : -1;
    // an answer that comes late does not take away what was chosen with the keys
    if (again >= 0) choose(field, options, again);
    else field.removeAttribute("aria-activedescendant");
    const count = list.querySelectorAll("[role=option]:not([data-more])").length;
    list.hidden = count === 0;
    field.setAttribute("aria-expanded", String(count > 0));
    state.textContent = count ? `${count} ${box.dataset["found"]!}` : box.dataset["none"]!;
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(0).catch(unlessAborted), 180);
  };
  field.addEventListener("input", (event) => {
    if (!(event as InputEvent).isComposing) later();
  });
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", () => window.setTimeout(close, 150));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(field, options, now + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" && now >= 0) options[now]!.click();
    else return;
    event.preventDefault();
  });
}

function option(list: HTMLElement, name: string, detail: string, take: () => void): HTMLLIElement {
  const item = document.createElement("li");
  item.id = `${list.id}-${list.children.length}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const [first, second] = [document.createElement("span"), document.createElement("span")];
  first.textContent = name;
  second.textContent = detail;
  second.className = "muted small";
  item.append(first, second);
  // the field keeps the focus while somebody points at the list
  item.addEventListener("mousedown", (event) => event.preventDefault());
  item.addEventListener("click", take);
  return item;
}

function choose(field: HTMLInputElement, options: HTMLElement[], wanted: number): void {
  const next = options[Math.min(options.length - 1, Math.max(0, wanted))];
  for (const one of options) one.setAttribute("aria-selected", String(one === next));
  if (next) field.setAttribute("aria-activedescendant", next.id);
  next?.scrollIntoView({ block: "nearest" });
}

function unlessAborted(fault: unknown): void {
  if (!(fault instanceof DOMException && fault.name === "AbortError")) report(fault);
}

/** The form knows the point even where no map could be drawn. */
export function place(form: HTMLFormElement, lng: number, lat: number): void {
  for (const [name, degrees] of [["lon", lng], ["lat", lat]] as const) {
    const field = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (field) field.value = degrees.toFixed(6);
  }
  form.dispatchEvent(new CustomEvent("zhen:place", { detail: { lng, lat } }));
}
