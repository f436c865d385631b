import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { build } from "esbuild";
import { defineConfig } from "vitest/config";
import { parts, translated } from "./bundles.mjs";

/** As in the bundles, a style sheet is a text. */
const cssText = {
  name: "css-text",
  enforce: "pre",
  resolveId: (source, importer) =>
    source.endsWith(".css") && importer ? `\0${resolve(dirname(importer), source)}.text` : null,
  async load(id) {
    if (!id.startsWith("\0") || !id.endsWith(".css.text")) return null;
    return `export default ${JSON.stringify(await readFile(id.slice(1, -5), "utf8"))}`;
  },
};

/** `virtual:bundles` gives the fetched bundles as texts, built as they are for the package. */
const bundles = {
  name: "bundles",
  resolveId: (source) => (source === "virtual:bundles" ? "\0bundles" : null),
  async load(id) {
    if (id !== "\0bundles") return null;
    const texts = {};
    for (const make of [...parts, translated]) {
      const { outputFiles } = await build({ ...make(), write: false, logLevel: "error" });
      for (const { path, text } of outputFiles) texts[basename(path)] = text;
    }
    return `export default ${JSON.stringify(texts)}`;
  },
};

const executablePath = process.env.QCUT_CHROMIUM;
if (!executablePath) {
  throw new Error(
    "QCUT_CHROMIUM has to name a Chromium: `QCUT_CHROMIUM=$(which chromium) npm test`, or " +
      "`python tests/support/chromium.py` prints one.",
  );
}

export default defineConfig({
  plugins: [cssText, bundles],
  optimizeDeps: { include: ["preact", "preact/jsx-dev-runtime", "@preact/signals-core"] },
  test: {
    include: ["tests/**/*.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
