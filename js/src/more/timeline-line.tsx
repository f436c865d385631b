/** The clips put aside for a timeline, in order. */
import { component } from "../component";
import { m } from "../strings/more";
import { CopyButton } from "./copy-button";
import type { Library } from "./library";

export const TimelineLine = component<{ library: Library }>(() => ({ library }) => {
  const clips = library.store.live.timeline.value;
  const ids = clips.map(({ id }) => id);
  if (clips.length === 0) return null;
  const swap = (at: number) => {
    const next = [...ids];
    next.splice(at - 1, 2, ...next.slice(at - 1, at + 1).reverse());
    void library.setTimeline(next);
  };
  return (
    <section class="part timeline" aria-label={m().timeline}>
      <div class="head">
        <h3>
          {m().timeline} <span class="muted num">{clips.length}</span>
        </h3>
        <span class="row">
          <CopyButton label={m().copyPython} text={() => m().timelineCode} />
          <button type="button" class="quiet" onClick={() => library.setTimeline([])}>
            {m().emptyTimeline}
          </button>
        </span>
      </div>
      <ol>
        {clips.map(({ id, name }, at) => (
          <li key={`${id}-${at}`}>
            <span title={name}>{name}</span>
            {at > 0 && (
              <button
                type="button"
                class="quiet"
                aria-label={m().earlier(name)}
                onClick={() => swap(at)}
              >
                ←
              </button>
            )}
            <button
              type="button"
              class="quiet"
              aria-label={m().takeOut(name)}
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
