import { each } from "./dom.js";

const root = document.documentElement;
const isDark = () => (root.dataset.bsTheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function tint() {
  const colour = getComputedStyle(root).getPropertyValue("--paper").trim();
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.removeAttribute("media");
    meta.content = colour;
  }
}

export function themeToggles(scope) {
  each(scope, "[data-theme-toggle]", "toggle", (button) => {
    const say = () => button.setAttribute("aria-pressed", String(isDark()));
    say();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", say);
    button.addEventListener("click", () => {
      root.dataset.bsTheme = isDark() ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.bsTheme); } catch { /* not remembered, then */ }
      tint();
      say();
    });
  });
}

if (root.dataset.bsTheme) tint();
