// Undo the Brotli packing of @sparticuz/chromium: `node unpack.mjs <package bin folder> <target>`.
// Its own executablePath() unpacks into the shared /tmp, and only on the Node it was released for.
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [source, target] = process.argv.slice(2);
for (const name of readdirSync(source).filter((file) => file.endsWith(".br"))) {
  await pipeline(
    createReadStream(join(source, name)),
    createBrotliDecompress(),
    createWriteStream(join(target, name.slice(0, -".br".length))),
  );
}
