import { each } from "./dom.js";

// A plain form of several fieldsets becomes one question at a time: Back, Next, progress. Words come from
// data attributes, so that they are in the page's language.
export function steppers(root) {
  each(root, "form[data-stepper]", "stepper", (form) => {
    const steps = [...form.querySelectorAll("fieldset[data-step]")];
    if (steps.length < 2) return;
    const submit = form.querySelector("[data-stepper-submit]");
    const bar = form.querySelector("[data-stepper-bar]");
    const text = form.querySelector("[data-stepper-text]");
    const make = (word, look) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn ${look}`;
      button.textContent = word;
      return button;
    };
    const back = make(form.dataset.back, "btn-quiet");
    const next = make(form.dataset.next, "btn-primary");
    submit.before(back, next);
    form.classList.add("is-stepping");
    form.noValidate = true;
    let at = Math.max(0, steps.findIndex((step) => step.querySelector("[aria-invalid='true'], .error")));

    const valid = (step) => [...step.querySelectorAll("input, select, textarea")].every((input) => input.reportValidity());
    function show(focus) {
      steps.forEach((step, index) => { step.hidden = index !== at; });
      back.hidden = at === 0;
      next.hidden = at === steps.length - 1;
      submit.hidden = at !== steps.length - 1;
      if (bar) { bar.closest("[hidden]")?.removeAttribute("hidden"); bar.max = steps.length; bar.value = at + 1; }
      if (text) text.textContent = `${at + 1} / ${steps.length}`;
      if (!focus) return;
      const legend = steps[at].querySelector("legend");
      legend.tabIndex = -1;
      legend.focus({ preventScroll: true });
      if (form.getBoundingClientRect().top < 0) form.scrollIntoView({ block: "start" });
    }
    next.addEventListener("click", () => { if (valid(steps[at])) { at += 1; show(true); } });
    back.addEventListener("click", () => { at -= 1; show(true); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && at < steps.length - 1) { event.preventDefault(); next.click(); }
    });
    form.addEventListener("submit", (event) => {
      const wrong = steps.findIndex((step) => !step.querySelectorAll || [...step.querySelectorAll("input, select, textarea")].some((i) => !i.checkValidity()));
      if (wrong < 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      at = wrong;
      show(false);
      valid(steps[at]);
    }, true);
    show(false);
  });
}
