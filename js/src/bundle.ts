/** Modules that the kernel holds. */
import type { Kernel } from "./kernel";

/** Fetch a built module by its file name. */
export async function fetchBundle(kernel: Kernel, name: string): Promise<Record<string, unknown>> {
  const { buffers } = await kernel.command<"read_bundle">({ kind: "read_bundle", name });
  const url = URL.createObjectURL(new Blob(buffers as BlobPart[], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
