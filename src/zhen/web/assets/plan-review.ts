import htmx from "htmx.org";
import { report } from "./scripts/report";

/**
 * The review page: hovering either side lights up the other, keys decide, a selection in the text becomes a finding.
 * The rows are the truth; the text takes its states from them after every answer of the server.
 */
export function bind(): void {
  const page = document.querySelector<HTMLElement>("[data-plan-review]");
  if (page) new Review(page).bind();
}

class Review {
  private readonly text: HTMLElement;
  private readonly list: HTMLElement;

  constructor(private readonly page: HTMLElement) {
    this.text = page.querySelector<HTMLElement>(".plan-text")!;
    this.list = page.querySelector<HTMLElement>(".findings")!;
  }

  bind(): void {
    this.hovering();
    this.clicking();
    this.choosing();
    this.selecting();
    this.answers();
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
    const wanted = location.hash.startsWith("#finding-") ? document.getElementById(location.hash.slice(1)) : null;
    const first = wanted ?? this.list.querySelector<HTMLElement>('.finding[data-state="proposed"]') ?? this.rows()[0];
    if (first) this.go(first, { focus: false });
  }

  private rows(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>(".finding")];
  }

  private current(): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(".finding[aria-current]");
  }

  private marks(row: HTMLElement): HTMLElement[] {
    const id = row.dataset["finding"]!;
    const attribute = row.dataset["kind"] === "measure" ? "data-m" : "data-t";
    return [...this.text.querySelectorAll<HTMLElement>(`mark[${attribute}~="${id}"]`)];
  }

  /** The row that a place in the text means: the target before the measure around it. */
  private rowAt(target: EventTarget | null): HTMLElement | null {
    const mark = target instanceof Element ? target.closest<HTMLElement>("mark[data-s]") : null;
    const id = mark?.dataset["t"]?.split(" ")[0] ?? mark?.dataset["m"]?.split(" ").pop();
    return id ? document.getElementById(`finding-${id}`) : null;
  }

  private light(row: HTMLElement | null): void {
    for (const hot of this.page.querySelectorAll("[data-hot]")) hot.removeAttribute("data-hot");
    if (!row) return;
    row.setAttribute("data-hot", "");
    for (const mark of this.marks(row)) mark.setAttribute("data-hot", "");
  }

  private hovering(): void {
    this.list.addEventListener("pointerover", (event) => {
      this.light((event.target as Element).closest<HTMLElement>(".finding"));
    });
    this.text.addEventListener("pointerover", (event) => this.light(this.rowAt(event.target)));
    for (const side of [this.list, this.text]) side.addEventListener("pointerleave", () => this.light(this.current()));
  }

  private clicking(): void {
    this.text.addEventListener("click", (event) => {
      if (!getSelection()?.isCollapsed) return;
      const row = this.rowAt(event.target);
      if (row) this.go(row, { scrollText: false });
    });
    this.list.addEventListener("click", (event) => {
      const target = event.target as Element;
      const row = target.closest<HTMLElement>(".finding");
      if (!row) return;
      if (target.closest("[data-jump]")) event.preventDefault();
      if (target.closest("[data-cancel]")) return this.close(row);
      if (!target.closest("button, input, select, textarea, label, .finding-form")) this.go(row, { focus: true });
    });
  }

  /** Make a row the current one, and show its place in the text. */
  private go(row: HTMLElement, { focus = true, scrollText = true } = {}): void {
    this.current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    this.last = this.rows().indexOf(row);
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    this.light(row);
    const mark = this.marks(row)[0];
    if (!scrollText || !mark) return;
    const box = mark.getBoundingClientRect();
    const hidden = box.top < 80 || box.bottom > innerHeight - 40;
    const pane = this.text.closest<HTMLElement>(".review-text")!;
    if (getComputedStyle(pane).overflowY === "auto") pane.scrollTop += box.top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
    else if (hidden) scrollBy({ top: box.top - innerHeight / 3 });
  }

  private step(by: number, choose: boolean): void {
    const rows = this.rows();
    const now = this.current();
    if (choose && now) this.tick(now, true);
    const at = now ? rows.indexOf(now) : -1;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!next) return;
    if (choose) this.tick(next, true);
    this.go(next);
  }

  private tick(row: HTMLElement, on: boolean): void {
    const box = row.querySelector<HTMLInputElement>("input[name=chosen]");
    if (box) box.checked = on;
    this.count();
  }

  private chosen(): HTMLInputElement[] {
    return [...this.list.querySelectorAll<HTMLInputElement>("input[name=chosen]:checked")];
  }

  private count(): void {
    const bar = this.page.querySelector<HTMLElement>("[data-bulk]")!;
    const count = this.chosen().length;
    bar.hidden = count === 0;
    bar.querySelector("[data-chosen-count]")!.textContent = String(count);
  }

  private choosing(): void {
    this.list.addEventListener("change", () => this.count());
    const bar = this.page.querySelector<HTMLElement>("[data-bulk]")!;
    bar.addEventListener("click", (event) => {
      const target = event.target as Element;
      const all = target.closest("[data-choose-proposed]");
      if (!all && !target.closest("[data-choose-none]")) return;
      for (const row of this.rows()) this.tick(row, all !== null && row.dataset["state"] === "proposed");
    });
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && target.type !== "checkbox");
    if (event.key === "Escape" && this.current()?.querySelector("[data-open-form]")) {
      this.close(this.current()!);
    } else if (typing || document.querySelector("dialog[open]") || !this.act(event)) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  private act(event: KeyboardEvent): boolean {
    const row = this.current();
    const several = this.chosen().length > 0;
    switch (event.key.toLowerCase()) {
      case "j": this.step(1, event.shiftKey); return true;
      case "k": this.step(-1, event.shiftKey); return true;
      case "y": return this.press(several ? this.page.querySelector("[data-bulk-confirm]") : (row?.querySelector("[name=confirm]") ?? null));
      case "x": return this.press(several ? this.page.querySelector("[data-bulk-reject]") : (row?.querySelector("[name=reject]") ?? null));
      case "e": return this.press(row?.querySelector("[data-edit]") ?? null);
      case "u": return this.press(this.page.querySelector("[data-undo]"));
      case "escape": for (const box of this.chosen()) box.checked = false; this.count(); return several;
      default: return false;
    }
  }

  private press(button: Element | null): boolean {
    if (button instanceof HTMLElement) button.click();
    return true;
  }

  private close(row: HTMLElement): void {
    row.querySelector("[data-open-form]")?.remove();
    row.focus({ preventScroll: true });
  }

  /** What the server answers: faults are shown too; the text follows the rows; the next proposed row comes up. */
  private answers(): void {
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>).detail;
      if (detail.xhr.status === 409 || detail.xhr.status === 422) {
        detail.shouldSwap = true;
        detail.isError = false;
      }
    });
    document.body.addEventListener("htmx:oobAfterSwap", (event) => {
      const row = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
      if (row instanceof HTMLElement && row.classList.contains("finding")) this.paint(document.getElementById(row.id) ?? row);
    });
    document.body.addEventListener("htmx:afterSwap", (event) => {
      const target = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
      const row = target.classList.contains("finding") ? document.getElementById(target.id) : null;
      if (!row) return;
      this.paint(row);
      if (!this.current()) this.go(row);
    });
    document.body.addEventListener("htmx:afterRequest", (event) => {
      const detail = (event as CustomEvent<{ successful: boolean; requestConfig: { elt: Element } }>).detail;
      this.count();
      if (!this.current()) this.resume();
      if (detail.successful && detail.requestConfig.elt.id === "decide-form") this.advance();
    });
    document.body.addEventListener("htmx:afterSettle", () => {
      const form = this.list.querySelector<HTMLElement>("[data-open-form]");
      const row = form?.closest<HTMLElement>(".finding");
      if (row && !row.hasAttribute("aria-current")) this.go(row);
      form?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    });
    // the shared edit form posts to the finding whose button was pressed
    this.list.addEventListener("click", (event) => {
      const save = (event.target as Element).closest<HTMLElement>("[data-save]");
      if (!save) return;
      event.preventDefault();
      const row = save.closest<HTMLElement>(".finding")!;
      const form = document.getElementById("edit-form") as HTMLFormElement;
      const values = Object.fromEntries(new FormData(form));
      // a fault comes back as the row with its form; success comes out of band
      htmx.ajax("post", save.dataset["save"]!, { source: form, values, target: `#${row.id}`, swap: "outerHTML" }).catch(report);
    });
  }

  private last = 0;

  private resume(): void {
    const row = this.rows()[Math.min(this.last, this.rows().length - 1)];
    if (row) this.go(row);
  }

  private advance(): void {
    const rows = this.rows();
    const from = Math.max(0, this.current() ? rows.indexOf(this.current()!) : this.last);
    const next = rows.slice(from).find((row) => row.dataset["state"] === "proposed") ?? rows[from];
    if (next) this.go(next);
  }

  private paint(row: HTMLElement): void {
    const attribute = row.dataset["kind"] === "measure" ? "data-ms" : "data-ts";
    for (const mark of this.marks(row)) mark.setAttribute(attribute, row.dataset["state"]!);
  }

  /** A stretch of text that the grammar has missed. Offsets count characters, not UTF-16 units. */
  private selecting(): void {
    const bar = this.page.querySelector<HTMLElement>("[data-selection]")!;
    document.addEventListener("selectionchange", () => {
      const span = this.selected();
      bar.hidden = span === null;
      if (!span) return;
      const box = getSelection()!.getRangeAt(0).getBoundingClientRect();
      bar.style.insetBlockStart = `${Math.max(60, box.top - 48)}px`;
      bar.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - 260))}px`;
    });
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      const kind = (event.target as Element).closest<HTMLElement>("[data-add-kind]")?.dataset["addKind"];
      const span = this.selected();
      if (!kind || !span) return;
      const dialog = this.page.querySelector<HTMLDialogElement>("[data-add-dialog]")!;
      const address = `${this.page.dataset["add"]}?kind=${kind}&start=${span[0]}&end=${span[1]}`;
      htmx.ajax("get", address, { target: "#adding", swap: "outerHTML" }).then(() => dialog.showModal(), report);
    });
    this.page.querySelector("[data-add-dialog]")!.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-cancel]")) (event.currentTarget as HTMLDialogElement).close();
    });
  }

  private selected(): [number, number] | null {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!this.text.contains(range.commonAncestorContainer)) return null;
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    return start !== null && end !== null && start < end && end - start <= 1000 ? [start, end] : null;
  }
}

function offset(node: Node, within: number): number | null {
  const run = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-s]");
  if (!run || node.nodeType !== Node.TEXT_NODE) return null;
  return Number(run.dataset["s"]) + [...(node.textContent ?? "").slice(0, within)].length;
}
