/** What can be done with the selected clips, and what was done last. */
import { component } from "../component";
import { m } from "../strings/more";
import type { Library } from "./library";

export const SelectionBar = component<{ library: Library }>(() => ({ library }) => {
  const chosen = library.selected.value;
  if (chosen.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere
    <div class="row selection" role="group" aria-label={m().selection}>
      <span class="num grow">{m().selectedCount(chosen.length)}</span>
      <button type="button" onClick={() => library.downloadZip(chosen)}>
        {m().downloadZip}
      </button>
      <button type="button" onClick={() => library.addToTimeline(chosen)}>
        {m().addToTimeline}
      </button>
      <button type="button" onClick={() => library.remove(chosen)}>
        {m().delete}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          library.selected.value = [];
        }}
      >
        {m().unselect}
      </button>
    </div>
  );
});

export const LibraryLine = component<{ library: Library }>(() => ({ library }) => {
  const deleted = library.deleted.value;
  return (
    <div class="row library-line">
      <p class="muted" role="status">
        {library.said.value}
      </p>
      {deleted.length > 0 && (
        <button type="button" onClick={() => library.restore(deleted)}>
          {m().undo}
        </button>
      )}
    </div>
  );
});
