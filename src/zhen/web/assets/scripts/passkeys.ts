// allauth's scripts do the passkeys; what goes wrong there is told on the page instead of in the console.
export const bindPasskeys = (): void => {
  document.addEventListener("allauth.error", (event) => {
    const fault = document.querySelector<HTMLElement>("[data-passkey-fault]");
    if (!fault) return;
    event.preventDefault();
    fault.hidden = false;
  });
};
