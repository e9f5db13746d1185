/**
 * Builds the three scripts into the folder the service serves them from. The result is committed,
 * so that nobody needs Node to install it, and holds no time, path or random name, so that a
 * rebuild gives the same bytes.
 *
 * The folder is named after the version: what is published there once never changes, since pages
 * elsewhere name the hash of it. A change of what is built needs another version in package.json.
 */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const out = process.env.NAVMATCH_WIDGET_OUT || join(here, `../../api/embed/v${version}`);

for (const name of ["widget", "frame", "autosize"]) {
  await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    define: { __VERSION__: JSON.stringify(version) },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "chrome86",
      cssTarget: "chrome86",
      lib: {
        entry: join(here, `src/${name}.ts`),
        formats: ["iife"],
        name: `navmatch_${name}`,
        fileName: () => `navmatch-${name}.js`,
      },
    },
  });
}

// From what it was built: a test without Node sees that a source was changed and nothing built.
const inputs = [
  ...["build.js", "package.json", "package-lock.json", "tsconfig.json"],
  ...readdirSync(join(here, "src"))
    .sort()
    .map((name) => `src/${name}`),
];
const hash = createHash("sha256");
for (const name of inputs) {
  hash.update(`${name}\n`).update(readFileSync(join(here, name)));
}
writeFileSync(join(out, "sources.sha256"), `${hash.digest("hex")}\n`);
