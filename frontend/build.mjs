// Builds ../static: styles, script, icon sprite and the list of what was built in from elsewhere.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as compiler from "sass";
import * as tokens from "./tokens.mjs";
import { filled, outline } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static");
const modules = join(here, "node_modules");

async function styles() {
  const faults = tokens.check();
  if (faults.length) throw new Error(`Colours too close to read:\n${faults.join("\n")}`);
  writeFileSync(join(here, "scss", "_tokens.scss"), tokens.sass());
  const { css } = compiler.compile(join(here, "scss", "portal.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    style: "expanded",
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: ["chrome109", "firefox115", "safari15.6"] });
  mkdirSync(join(out, "css"), { recursive: true });
  writeFileSync(join(out, "css", "portal.css"), code);
}

async function scripts() {
  rmSync(join(out, "js"), { recursive: true, force: true });
  await bundle({ portal: "js/portal.js", theme: "js/theme.js" });
  // Fetched only when there is something to celebrate.
  await bundle({ confetti: "js/confetti.js" });
}

function bundle(entryPoints) {
  return esbuild.build({
    absWorkingDir: here,
    entryPoints,
    outdir: join(out, "js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2021"],
    legalComments: "none",
  });
}

function sprite() {
  const symbol = (name, style) => {
    const svg = readFileSync(join(modules, "@tabler", "icons", "icons", style, `${name}.svg`), "utf8");
    const shapes = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
    const id = style === "filled" ? `${name}-filled` : name;
    const paint = style === "filled" ? ' fill="currentColor" stroke="none"' : "";
    return `<symbol id="${id}" viewBox="0 0 24 24"${paint}>${shapes}</symbol>`;
  };
  const symbols = [...outline.map((n) => symbol(n, "outline")), ...filled.map((n) => symbol(n, "filled"))];
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

// Who made what is built in, and under which licence.
function manifest() {
  const parts = {
    "@fontsource-variable/bricolage-grotesque": "OFL-1.1",
    "@fontsource-variable/inter": "OFL-1.1",
    "@tabler/icons": "MIT",
    bootstrap: "MIT",
    "canvas-confetti": "ISC",
    "htmx.org": "0BSD",
  };
  const vendor = join(out, "vendor");
  mkdirSync(join(vendor, "licences"), { recursive: true });
  const packages = Object.entries(parts).map(([name, licence]) => {
    const folder = join(modules, name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    const target = `${name.replace(/^@/, "").replace("/", "-")}.txt`;
    if (file) cpSync(join(folder, file), join(vendor, "licences", target));
    return { package: name, version, licence, text: file ? `licences/${target}` : null };
  });
  const built = ["css/portal.css", "js/portal.js", "js/theme.js", "js/confetti.js", "icons.svg",
    ...readdirSync(join(vendor, "fonts")).filter((f) => f.endsWith(".woff2")).map((f) => `vendor/fonts/${f}`)];
  const files = built.sort().map((name) => {
    const body = readFileSync(join(out, name));
    return { file: name, sha256: createHash("sha256").update(body).digest("hex"), gzip: gzipSync(body, { level: 9 }).length };
  });
  writeFileSync(join(vendor, "manifest.json"), `${JSON.stringify({ packages, files }, null, 2)}\n`);
  for (const { file, gzip } of files) console.log(`${(gzip / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}

async function build() {
  await styles();
  await scripts();
  sprite();
  manifest();
}

await build();
if (process.argv.includes("--watch")) {
  let timer;
  for (const folder of ["scss", "js"]) {
    watch(join(here, folder), (_event, name) => {
      if (name === "_tokens.scss") return;
      clearTimeout(timer);
      timer = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
    });
  }
}
