// Everything that behaves on the portal's pages. Each part works on what it finds in the page and
// on what htmx brings in later; without this file every page still works.
import htmx from "htmx.org";
import { celebrate } from "./celebrate.js";
import { countUp } from "./counters.js";
import { disclosures } from "./disclosures.js";
import { forms } from "./forms.js";
import { live } from "./live.js";
import { palette } from "./palette.js";
import { players } from "./player.js";
import { steppers } from "./stepper.js";
import { textareas } from "./textareas.js";
import { themeToggles } from "./toggle.js";
import { relativeTimes } from "./times.js";
import { toasts } from "./toasts.js";
import { contents } from "./contents.js";
import { undo } from "./undo.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;
htmx.config.selfRequestsOnly = true;
htmx.config.scrollIntoViewOnBoost = false;
// Errors in a form come back as 422 with the form in them; 503 says by a toast that it must wait.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "503", swap: true, error: true },
  { code: "[45]..", swap: false, error: true },
];

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && !event.detail.headers["X-CSRFToken"]) event.detail.headers["X-CSRFToken"] = token;
});

const parts = [relativeTimes, toasts, disclosures, themeToggles, forms, textareas, players, steppers, contents, countUp, celebrate, undo];

function enliven(root) {
  for (const part of parts) part(root);
}

// The first page comes alive part by part, each in a task of its own: a slow phone can paint and
// answer a tap in between.
async function begin() {
  for (const part of [...parts, palette, () => live(htmx)]) {
    part(document);
    await new Promise((resume) => { setTimeout(resume); });
  }
}

begin();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enliven(event.detail.elt);
});
