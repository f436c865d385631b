// Builds the widgets into the Python package.
import * as esbuild from "esbuild";
import { carried, parts, translated } from "./bundles.mjs";

/** Every widget instance carries its whole bundle in a synced trait; the others are one message. */
const CARRIED_BYTES = 60_000;
const FETCHED_BYTES = 100_000;

const bundles = [carried, ...parts, translated];

if (process.argv.includes("--watch")) {
  for (const make of bundles) await (await esbuild.context(make(true))).watch();
} else {
  const built = await Promise.all(
    bundles.map((make) => esbuild.build({ ...make(), metafile: true })),
  );
  for (const [nth, { metafile }] of built.entries()) {
    const allowed = nth === 0 ? CARRIED_BYTES : FETCHED_BYTES;
    for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
      if (bytes >= allowed) throw new Error(`${path}: ${bytes} bytes, ${allowed} allowed`);
    }
  }
}
