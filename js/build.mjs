// Builds the widgets into the Python package, one self-contained module each.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const outdir = fileURLToPath(new URL("../qcut_nb/notebook/static", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const watch = process.argv.includes("--watch");

/** Every widget instance carries its whole bundle in a synced trait. */
const LARGEST_BYTES = 60_000;

/** CSS is imported as text, because it lives in a shadow root; minified like the rest. */
const cssText = {
  name: "css-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: !watch });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: ["src/panel.tsx", "src/progress.tsx"],
  outdir,
  bundle: true,
  format: "esm",
  target: "es2022",
  // Classic calls are about 2 kB shorter than the automatic runtime's.
  tsconfigRaw: {
    compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" },
  },
  inject: ["src/jsx.ts"],
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  logLevel: "info",
  plugins: [cssText],
};

if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  const { metafile } = await esbuild.build({ ...options, metafile: true });
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
    if (bytes >= LARGEST_BYTES)
      throw new Error(`${path}: ${bytes} bytes, ${LARGEST_BYTES} allowed`);
  }
}
