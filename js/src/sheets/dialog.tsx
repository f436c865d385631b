/** A modal dialog; the browser keeps the focus in it and closes it with Esc. */
import type { ComponentChildren } from "preact";
import { component } from "../component";
import { m } from "../strings/more";

interface DialogProps {
  title: string;
  onClose: () => void;
  children?: ComponentChildren;
  wide?: boolean;
}

export const Dialog = component<DialogProps>(() => {
  const show = (dialog: HTMLDialogElement | null) => {
    if (dialog && !dialog.open) dialog.showModal();
  };
  return ({ title, onClose, children, wide }) => (
    <dialog
      ref={show}
      class={`sheet ${wide ? "wide" : ""}`}
      aria-label={title}
      onClose={onClose}
      onKeyDown={(event) => {
        // A field for searching would only be emptied by it.
        if (event.key !== "Escape" || (event.target as Element).closest("details[open]")) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
      onCancel={(event) => {
        // Of a file chooser in it, which is another's.
        if (event.target !== event.currentTarget) event.stopPropagation();
      }}
    >
      <div class="frame">
        <div class="sheet-body">
          <div class="head">
            <h2>{title}</h2>
            <button type="button" class="quiet" aria-label={m().close} onClick={onClose}>
              ✕
            </button>
          </div>
          {children}
        </div>
      </div>
    </dialog>
  );
});
