/** What keys do in the panel. */
import type { PanelStore } from "./panel-store";

/** Move the focus to a control by its field's name. */
export function focusField(root: HTMLElement | null, field: string): void {
  const target = root?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  const control = field === "models" ? target?.querySelector<HTMLElement>("input:enabled") : target;
  control?.closest("details:not([open])")?.setAttribute("open", "");
  control?.focus();
}

export function onKey(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  store: PanelStore,
  generate: () => void,
): void {
  const target = event.target as HTMLElement;
  const number = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (!event.repeat) generate();
  } else if (event.key === "/" && !isWriting(target)) {
    focusField(event.currentTarget, "search");
  } else if (event.key === "?" && !isWriting(target)) {
    store.sheet.value = "shortcuts";
  } else if (event.altKey && number) {
    const mode = store.form.modes[Number(number) - 1];
    if (!mode) return;
    store.form.mode.value = mode;
  } else if (event.key === "Escape") {
    const open = target.closest("details[open]");
    if (!open) return; // a dialog closes by itself
    open.removeAttribute("open");
    open.querySelector("summary")?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

const isWriting = (target: HTMLElement) =>
  target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=file])");
