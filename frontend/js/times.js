import { each, language } from "./dom.js";

const day = 86400;
const units = [["hour", 3600], ["minute", 60]];
// The words of the server, which writes them first: whole units, and "now" under a minute.
const words = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
const shown = new Set();

function write(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  // Days, months and years go by the calendar, and do not change while a page is open.
  if (Math.abs(seconds) >= day) return;
  const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? [];
  time.textContent = unit ? words.format(Math.trunc(seconds / size), unit) : now;
}

// <time datetime="…" title="22 November 2026, 14:05" data-relative>3 hours ago</time>, kept up to date for a day.
export function relativeTimes(root) {
  each(root, "time[data-relative]", "times", (time) => {
    if (Number.isNaN(Date.parse(time.dateTime))) return;
    write(time);
    shown.add(new WeakRef(time));
  });
}

setInterval(() => {
  for (const ref of shown) {
    const time = ref.deref();
    if (time?.isConnected) write(time);
    else shown.delete(ref);
  }
}, 60000);
