import { each } from "./dom.js";

// A button that shows and hides what its aria-controls names. Escape and a press elsewhere close it.
export function disclosures(root) {
  each(root, "button[data-disclose]", "disclosures", (button) => {
    const panel = document.getElementById(button.getAttribute("aria-controls"));
    if (!panel) return;
    const show = (open) => {
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    };
    show(false);
    button.addEventListener("click", () => show(panel.hidden));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      const inside = panel.contains(document.activeElement);
      show(false);
      if (inside) button.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!panel.hidden && !panel.contains(event.target) && !button.contains(event.target)) show(false);
    });
  });
  // Menus made of <details> close the same way.
  each(root, "details[data-menu]", "disclosures", (details) => {
    document.addEventListener("pointerdown", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && details.open) {
        details.open = false;
        details.querySelector("summary").focus();
      }
    });
  });
  each(root, "[data-dialog]", "disclosures", (opener) => {
    opener.addEventListener("click", (event) => {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!dialog) return;
      event.preventDefault();
      dialog.showModal();
    });
  });
  each(root, "dialog", "disclosures", (dialog) => {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  });
}
