/** What a file does that is pasted into the panel, or dropped beside the fields that take one. */
import type { PanelStore } from "../panel-store";
import { sendFile } from "./send-file";

export function onPaste(event: ClipboardEvent, store: PanelStore): void {
  const file = event.clipboardData?.files[0];
  const asked = file && placeFor(file, store);
  if (!asked) return;
  event.preventDefault();
  void sendFile(store.files, asked.name, asked.kind, file);
}

/** A file dragged over the panel or dropped on it: the browser would leave the page for it. */
export function onDrag(event: DragEvent, store: PanelStore): void {
  const dragged = event.dataTransfer;
  if (!dragged?.types.includes("Files")) return;
  event.preventDefault();
  const [first] = store.form.filesAsked();
  dragged.dropEffect = first ? "copy" : "none";
  const file = dragged.files[0];
  // One of the wrong kind is refused where the first is asked for.
  const asked = file && (placeFor(file, store) ?? first);
  if (asked) void sendFile(store.files, asked.name, asked.kind, file);
}

/** The first input that takes a file's kind and is empty. */
function placeFor(file: File, { form, files }: PanelStore) {
  const kind = file.type.split("/")[0];
  const fitting = form.filesAsked().filter((asked) => asked.kind === kind);
  return fitting.find(({ name }) => !files.picked.value[name]) ?? fitting[0];
}
