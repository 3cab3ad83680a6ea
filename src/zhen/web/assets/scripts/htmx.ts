import htmx from "htmx.org";

/** htmx without what a strict policy forbids: no style of its own, no evaluated text, no foreign host. */
export function bind(): void {
  Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, allowScriptTags: false, selfRequestsOnly: true });
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content;
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (token) (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = token;
  });
  htmx.process(document.body);
}
