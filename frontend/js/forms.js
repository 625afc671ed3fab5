import { each } from "./dom.js";

// A form is sent once: a second press while it is on its way does nothing.
export function forms(root) {
  each(root, "form[method='post']:not([data-many])", "forms", (form) => {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      sent = true;
      event.submitter?.classList.add("is-busy");
    }, true);
    const free = () => {
      sent = false;
      form.querySelector(".is-busy")?.classList.remove("is-busy");
    };
    form.addEventListener("htmx:afterRequest", free);
    addEventListener("pageshow", (event) => { if (event.persisted) free(); });
  });
  // Chips and selects that apply at once; a button stays for those without JavaScript.
  each(root, "form[data-auto]", "forms", (form) => {
    form.addEventListener("change", () => form.requestSubmit());
    form.querySelector("[data-auto-button]")?.setAttribute("hidden", "");
  });
  each(root, "[data-copy]", "forms", (button) => {
    button.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(button.dataset.copy);
      if (button.dataset.copied) button.querySelector("[data-copy-text]").textContent = button.dataset.copied;
    });
  });
  each(root, "[data-share]", "forms", (button) => {
    if (!navigator.share) { button.hidden = true; return; }
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share || location.href }).catch(() => {}));
  });
  // The browser knows the member's time zone; without this the programme's is taken.
  each(root, "input[data-time-zone]", "forms", (input) => {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  });
}
