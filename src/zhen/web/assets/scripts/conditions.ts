/** A field with `data-when` shows while other fields have one of the values that it names. The server checks the same. */
export function bind(): void {
  const forms = [...document.querySelectorAll<HTMLElement>("[data-when]")].map((input) => input.closest("form"));
  for (const form of new Set(forms)) {
    if (!form) continue;
    const show = (): void => {
      const data = new FormData(form);
      for (const input of form.querySelectorAll<HTMLElement>("[data-when]")) {
        const wanted = Object.entries(JSON.parse(input.dataset["when"]!) as Record<string, string[]>);
        const box = (name: string): boolean => form.querySelector(`input[type="checkbox"][name="${name}"]`) !== null;
        const met = wanted.every(([name, values]) => {
          const given = data.getAll(name).map(String);
          return values.some((value) => given.includes(value) || (box(name) && value === (given.length ? "True" : "False")));
        });
        const field = input.closest<HTMLElement>(".field");
        if (field) field.hidden = !met;
      }
    };
    form.addEventListener("input", show);
    show();
  }
}
