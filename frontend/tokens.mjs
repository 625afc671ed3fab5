// The colours of the portal, in OKLCH (lightness, chroma, hue), each with a light and a dark value.
// The build turns them into hex and refuses pairs that are too close to read.
export const colours = {
  paper: [[0.984, 0.006, 85], [0.178, 0.012, 245]],
  surface: [[1, 0, 0], [0.218, 0.014, 245]],
  sunken: [[0.955, 0.009, 85], [0.262, 0.015, 245]],
  line: [[0.9, 0.01, 85], [0.325, 0.015, 245]],
  "line-strong": [[0.62, 0.015, 85], [0.57, 0.015, 245]],
  ink: [[0.24, 0.022, 240], [0.94, 0.006, 85]],
  "ink-soft": [[0.46, 0.022, 240], [0.755, 0.014, 240]],
  primary: [[0.44, 0.08, 200], [0.79, 0.095, 195]],
  "primary-strong": [[0.36, 0.07, 203], [0.86, 0.085, 193]],
  "primary-soft": [[0.945, 0.025, 198], [0.292, 0.042, 203]],
  "primary-line": [[0.83, 0.055, 198], [0.44, 0.062, 200]],
  "on-primary": [[0.995, 0.004, 195], [0.2, 0.032, 205]],
  accent: [[0.79, 0.158, 74], [0.82, 0.15, 78]],
  "accent-strong": [[0.66, 0.145, 66], [0.7, 0.14, 70]],
  "accent-soft": [[0.955, 0.047, 86], [0.305, 0.048, 76]],
  "accent-ink": [[0.465, 0.1, 64], [0.855, 0.12, 82]],
  good: [[0.46, 0.095, 142], [0.8, 0.12, 142]],
  "good-soft": [[0.95, 0.035, 140], [0.29, 0.042, 144]],
  warn: [[0.49, 0.105, 72], [0.84, 0.12, 84]],
  "warn-soft": [[0.955, 0.05, 92], [0.305, 0.045, 82]],
  bad: [[0.5, 0.155, 29], [0.775, 0.115, 28]],
  "bad-soft": [[0.952, 0.022, 30], [0.3, 0.06, 28]],
  "on-bad": [[0.99, 0.005, 30], [0.21, 0.04, 28]],
  community: [[0.52, 0.13, 330], [0.78, 0.11, 330]],
  events: [[0.535, 0.15, 40], [0.78, 0.12, 45]],
  knowledge: [[0.5, 0.12, 255], [0.78, 0.095, 250]],
};

// Text (first) that must be readable on its grounds, with the contrast that it needs.
export const pairs = [
  ["ink", ["paper", "surface", "sunken", "primary-soft", "accent-soft", "good-soft", "warn-soft", "bad-soft"], 7],
  ["ink-soft", ["paper", "surface", "sunken", "primary-soft", "accent-soft"], 4.5],
  ["primary", ["paper", "surface", "sunken", "primary-soft"], 4.5],
  ["primary-strong", ["paper", "surface", "sunken", "primary-soft"], 4.5],
  ["on-primary", ["primary", "primary-strong"], 4.5],
  ["accent-ink", ["paper", "surface", "sunken", "accent-soft"], 4.5],
  ["good", ["paper", "surface", "good-soft"], 4.5],
  ["warn", ["paper", "surface", "warn-soft"], 4.5],
  ["bad", ["paper", "surface", "sunken", "bad-soft"], 4.5],
  ["on-bad", ["bad"], 4.5],
  ["line-strong", ["paper", "surface"], 3],
  ["community", ["paper", "surface"], 4.5],
  ["events", ["paper", "surface", "bad-soft"], 4.5],
  ["knowledge", ["paper", "surface"], 4.5],
];

// Eight grounds for initials, and the badge colours (the same in both themes).
export const hues = [25, 60, 110, 150, 195, 235, 280, 340];
export const badges = {
  teal: [[0.53, 0.095, 200], [0.4, 0.075, 203]],
  amber: [[0.72, 0.15, 68], [0.56, 0.13, 58]],
  moss: [[0.57, 0.12, 140], [0.44, 0.095, 142]],
  brick: [[0.58, 0.155, 32], [0.45, 0.13, 29]],
  plum: [[0.52, 0.13, 328], [0.4, 0.11, 326]],
  sky: [[0.6, 0.115, 240], [0.46, 0.105, 248]],
  slate: [[0.5, 0.025, 245], [0.37, 0.025, 245]],
  rose: [[0.64, 0.15, 10], [0.5, 0.14, 8]],
};
export const tiers = {
  bronze: [[0.66, 0.085, 52], [0.5, 0.08, 45], [0.82, 0.06, 62]],
  silver: [[0.76, 0.012, 245], [0.6, 0.015, 245], [0.93, 0.006, 240]],
  gold: [[0.82, 0.135, 88], [0.65, 0.125, 76], [0.94, 0.085, 98]],
};

function channels([l, c, h]) {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
}

// Chroma is lowered until the colour exists on a common screen.
export function hex([l, c, h]) {
  let rgb = channels([l, c, h]);
  while (c > 0 && rgb.some((v) => v < -0.0005 || v > 1.0005)) {
    c = Math.max(0, c - 0.002);
    rgb = channels([l, c, h]);
  }
  const byte = (v) => {
    const s = Math.min(1, Math.max(0, v));
    const g = s <= 0.0031308 ? 12.92 * s : 1.055 * s ** (1 / 2.4) - 0.055;
    return Math.round(g * 255).toString(16).padStart(2, "0");
  };
  return `#${rgb.map(byte).join("")}`;
}

export function contrast(one, other) {
  const light = (colour) => {
    const [r, g, b] = [1, 3, 5].map((i) => {
      const v = parseInt(colour.slice(i, i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

export function check() {
  const faults = [];
  for (const theme of [0, 1]) {
    for (const [text, grounds, need] of pairs) {
      for (const ground of grounds) {
        const ratio = contrast(hex(colours[text][theme]), hex(colours[ground][theme]));
        if (ratio < need) {
          faults.push(`${text} on ${ground} (${theme ? "dark" : "light"}): ${ratio.toFixed(2)} < ${need}`);
        }
      }
    }
  }
  return faults;
}

// The Sass partial that everything else is compiled from.
export function sass() {
  const map = (theme) =>
    Object.entries(colours).map(([name, value]) => `  "${name}": ${hex(value[theme])},`).join("\n");
  const named = (entries) =>
    Object.entries(entries)
      .map(([name, shades]) => `  "${name}": (${shades.map(hex).join(", ")}),`)
      .join("\n");
  const initials = hues
    .map((h) => `  (${[[0.9, 0.055, h], [0.36, 0.085, h], [0.37, 0.06, h], [0.93, 0.04, h]].map(hex).join(", ")}),`)
    .join("\n");
  return `// Made by build.mjs from tokens.mjs; do not edit.
$tokens-light: (\n${map(0)}\n);\n$tokens-dark: (\n${map(1)}\n);
$initials: (\n${initials}\n);\n$badge-colours: (\n${named(badges)}\n);\n$tiers: (\n${named(tiers)}\n);\n`;
}
