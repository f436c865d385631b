/** A button that copies a text, and says whether it could. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { m } from "../strings/more";

interface CopyProps {
  label: string;
  text: () => string | Promise<string>;
}

export const CopyButton = component<CopyProps>(() => {
  const said = signal("");
  return ({ label, text }) => (
    <>
      <button
        type="button"
        onClick={async () => {
          try {
            await navigator.clipboard.writeText(await text());
            said.value = m().copied;
          } catch {
            said.value = m().copyFailed; // no clipboard in this frame: the text stands beside it
          }
        }}
      >
        {label}
      </button>
      <span role="status" class="muted">
        {said.value}
      </span>
    </>
  );
});
