import { readFile } from "node:fs/promises";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** As in build.mjs, a style sheet is a text. */
const cssText = {
  name: "css-text",
  enforce: "pre",
  resolveId: (source) => (source.endsWith("/styles.css") ? "\0styles" : null),
  async load(id) {
    if (id !== "\0styles") return null;
    const text = await readFile(new URL("src/styles.css", import.meta.url), "utf8");
    return `export default ${JSON.stringify(text)}`;
  },
};

export default defineConfig({
  plugins: [cssText],
  optimizeDeps: { include: ["preact", "preact/jsx-dev-runtime", "@preact/signals-core"] },
  test: {
    include: ["tests/**/*.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env.QCUT_CHROMIUM ?? "/usr/bin/chromium",
          args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
