/** The clips put aside for a timeline, in order. */
import { component } from "../component";
import { m } from "../strings/more";
import { CopyButton } from "./copy-button";
import type { Library } from "./library";

export const TimelineLine = component<{ library: Library }>(() => ({ library }) => {
  const { live } = library.store;
  const ids = live.timeline.value;
  if (ids.length === 0) return null;
  const nameOf = (id: string) => {
    const clip = live.clips.value.find((known) => known.id === id);
    return clip?.title ?? clip?.model_name ?? m().olderClip(id.slice(0, 4));
  };
  const swap = (at: number) => {
    const next = [...ids];
    next.splice(at - 1, 2, ...next.slice(at - 1, at + 1).reverse());
    void library.setTimeline(next);
  };
  return (
    <section class="part timeline" aria-label={m().timeline}>
      <div class="head">
        <h3>
          {m().timeline} <span class="muted num">{ids.length}</span>
        </h3>
        <span class="row">
          <CopyButton label={m().copyPython} text={() => m().timelineCode} />
          <button type="button" class="quiet" onClick={() => library.setTimeline([])}>
            {m().emptyTimeline}
          </button>
        </span>
      </div>
      <ol>
        {ids.map((id, at) => (
          <li key={`${id}-${at}`}>
            <span>{nameOf(id)}</span>
            {at > 0 && (
              <button
                type="button"
                class="quiet"
                aria-label={m().earlier(nameOf(id))}
                onClick={() => swap(at)}
              >
                ←
              </button>
            )}
            <button
              type="button"
              class="quiet"
              aria-label={m().takeOut(nameOf(id))}
              onClick={() => library.setTimeline(ids.filter((_, other) => other !== at))}
            >
              ✕
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
});
