import { each } from "./dom.js";

const LIFE = 8000;

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 240);
}

// A toast leaves after eight seconds, but never while it is pointed at or has the focus,
// and never by itself when it carries a button or says `data-stay`.
function arm(toast) {
  if ("stay" in toast.dataset || toast.querySelector("[data-undo]")) return;
  let timer;
  const start = () => { clearTimeout(timer); timer = setTimeout(() => leave(toast), LIFE); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

// Several awards that arrive within a moment become one: their amounts are added, their reasons listed.
function merge(toast) {
  if (!toast.dataset.amount) return;
  const other = [...toast.parentElement.querySelectorAll(".toast[data-amount]")].find(
    (one) => one !== toast && one.dataset.currency === toast.dataset.currency && !one.classList.contains("is-leaving"),
  );
  if (!other) return;
  const sum = Number(other.dataset.amount) + Number(toast.dataset.amount);
  const number = toast.querySelector("[data-amount-text]");
  const reasons = toast.querySelector("[data-reasons]");
  if (!number || !reasons) return;
  toast.dataset.amount = sum;
  number.textContent = number.textContent.replace(/[\d.,\u00a0 ]*\d/, new Intl.NumberFormat(document.documentElement.lang).format(sum));
  for (const reason of other.querySelectorAll("[data-reasons] > *")) reasons.append(reason);
  other.remove();
}

export function toasts(root) {
  each(root, "#toasts .toast, #toasts .moment", "toasts", (toast) => {
    merge(toast);
    arm(toast);
    toast.querySelector("[data-dismiss]")?.addEventListener("click", () => leave(toast));
  });
}
