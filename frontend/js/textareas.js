import { each, language } from "./dom.js";

const number = new Intl.NumberFormat(language);

// Grows with its text; with a maxlength it says how much is left once that begins to matter.
export function textareas(root) {
  each(root, "textarea.input", "textareas", (area) => {
    const fit = () => {
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.7)}px`;
    };
    area.addEventListener("input", fit);
    if (area.value) fit();
    const limit = Number(area.getAttribute("maxlength"));
    if (!limit) return;
    const counter = document.createElement("span");
    counter.className = "counter";
    counter.setAttribute("aria-hidden", "true");
    area.after(counter);
    const count = () => {
      const used = area.value.length;
      counter.textContent = used > limit * 0.7 ? `${number.format(used)} / ${number.format(limit)}` : "";
      counter.classList.toggle("is-over", used >= limit);
    };
    area.addEventListener("input", count);
    count();
  });
}
