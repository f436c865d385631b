// What is built: the widgets' own bundles, and the parts that a panel fetches when it wants them.
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const outdir = fileURLToPath(new URL("../qcut_nb/notebook/static", import.meta.url));

/** CSS is imported as text, because it lives in a shadow root; minified like the rest. */
const cssText = (minify) => ({
  name: "css-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
});

/** Modules that are lent to the fetched parts, by the names of their `shared.ts`. */
const lent = async () => {
  const paths = ["src/shared.ts", "src/compare/shared.ts"];
  const sources = await Promise.all(paths.map((path) => readFile(`${here}${path}`, "utf8")));
  const found = sources.join("").matchAll(/^ {2}\["(\S+)",/gm);
  return new Set(Array.from(found, ([, name]) => name));
};

/** In the fetched part an import of a lent module becomes `require(its name)`. */
const borrow = {
  name: "borrow",
  async setup(build) {
    const names = await lent();
    build.onResolve({ filter: /^[@./\w]/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point") return null;
      const name = path.startsWith(".")
        ? relative(`${here}src`, resolve(dirname(importer), path)).replace(/\/index$/, "")
        : path;
      return names.has(name) ? { path: name, external: true } : null;
    });
  },
};

function options(watch) {
  return {
    absWorkingDir: here,
    outdir,
    bundle: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    // Classic calls are about 2 kB shorter than the automatic runtime's.
    tsconfigRaw: {
      compilerOptions: { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "Fragment" },
    },
    inject: ["src/jsx.ts"],
    minify: !watch,
    sourcemap: watch ? "inline" : false,
    logLevel: "info",
    plugins: [cssText(!watch)],
  };
}

/** The bundles that a widget carries in its `_esm` trait. */
export const carried = (watch = false) => ({
  ...options(watch),
  entryPoints: ["src/panel.tsx", "src/progress.tsx", "src/compare/compare.tsx"].map((path) => ({
    in: path,
    out: path.replace(/^.*\/|\.tsx$/g, ""),
  })),
});

/** The parts that are fetched: modules whose default export is a function of `require`. */
export const fetched = (watch = false) => ({
  ...options(watch),
  entryPoints: { "panel-more": "src/more/index.tsx", "compare-more": "src/compare/more.tsx" },
  format: "cjs",
  plugins: [borrow, cssText(!watch)],
  banner: { js: "export default (require) => { const module = { exports: {} };" },
  footer: { js: "return module.exports; };" },
});

/** The texts in Chinese, fetched where they are read. */
export const translated = (watch = false) => ({
  ...options(watch),
  inject: [],
  entryPoints: ["src/zh.ts"],
});
