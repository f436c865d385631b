/** A file of the browser's on its way to the kernel. */
import type { InputFiles } from "../input-files";
import { uploadFile } from "../media";
import type { FileKind } from "../messages.gen";

export const sendFile = (files: InputFiles, name: string, kind: FileKind, file: File) =>
  files.receive(name, kind, file, (kernel, onProgress) =>
    uploadFile(kernel, kind, file, onProgress),
  );
