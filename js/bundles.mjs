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

/** Modules that are lent to a fetched part, by the names in these `shared.ts`. */
const lent = async (paths) => {
  const sources = await Promise.all(paths.map((path) => readFile(`${here}${path}`, "utf8")));
  const found = sources.join("").matchAll(/^ {2}\["(\S+)",/gm);
  return new Set(Array.from(found, ([, name]) => name));
};

/** In a fetched part an import of a lent module becomes `require(its name)`. */
const borrow = (paths) => ({
  name: "borrow",
  async setup(build) {
    const names = await lent(paths);
    build.onResolve({ filter: /^[@./\w]/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point") return null;
      const name = path.startsWith(".")
        ? relative(`${here}src`, resolve(dirname(importer), path)).replace(/\/index$/, "")
        : path;
      return names.has(name) ? { path: name, external: true } : null;
    });
  },
});

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

/** A part that is fetched: a module whose default export is a function of `require`. */
const fetched =
  (name, path, lenders) =>
  (watch = false) => ({
    ...options(watch),
    entryPoints: { [name]: path },
    format: "cjs",
    plugins: [borrow(lenders), cssText(!watch)],
    banner: { js: "export default (require) => { const module = { exports: {} };" },
    footer: { js: "return module.exports; };" },
  });

export const parts = [
  fetched("panel-more", "src/more/index.tsx", ["src/shared.ts"]),
  fetched("panel-sheets", "src/sheets/index.tsx", ["src/shared.ts", "src/more/shared.ts"]),
  fetched("compare-more", "src/compare/more.tsx", ["src/compare/shared.ts"]),
];

/** The texts in Chinese, fetched where they are read. */
export const translated = (watch = false) => ({
  ...options(watch),
  inject: [],
  entryPoints: ["src/zh.ts"],
});
