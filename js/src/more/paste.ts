/** What a pasted file does in the panel. */
import type { PanelStore } from "../panel-store";
import { sendFile } from "./send-file";

/** A pasted file goes into the first input that takes its kind and is empty. */
export function onPaste(event: ClipboardEvent, store: PanelStore): void {
  const file = event.clipboardData?.files[0];
  if (!file) return;
  const kind = file.type.split("/")[0];
  const taken = store.files.picked.value;
  const fitting = store.form.filesAsked().filter((asked) => asked.kind === kind);
  const asked = fitting.find(({ name }) => !taken[name]) ?? fitting[0];
  if (!asked) return;
  event.preventDefault();
  void sendFile(store.files, asked.name, asked.kind, file);
}
