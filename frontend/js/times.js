import { each, language } from "./dom.js";

const units = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
// The words of the server, which writes them first: "1 day ago", whole units, and "now" under a minute.
const words = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
const shown = new Set();

function write(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? [];
  time.textContent = unit ? words.format(Math.trunc(seconds / size), unit) : now;
}

// <time datetime="…" data-relative>22 November 2026, 14:05</time> → "3 hours ago", the full time as its title.
export function relativeTimes(root) {
  each(root, "time[data-relative]", "times", (time) => {
    if (Number.isNaN(Date.parse(time.dateTime))) return;
    time.title ||= time.textContent.trim();
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
