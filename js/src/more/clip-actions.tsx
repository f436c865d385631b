/** What can be done with one clip. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { ClipCard } from "../messages.gen";
import { m } from "../strings/more";
import type { Library } from "./library";
import { Menu } from "./menu";

interface ActionsProps {
  clip: ClipCard;
  library: Library;
}

export const ClipActions = component<ActionsProps>(() => {
  const renaming = signal(false);
  return ({ clip, library }) => {
    const name = clip.title ?? clip.model_name;
    const chosen = library.selected.value.includes(clip.id);
    const done = () => {
      renaming.value = false;
    };
    return (
      <div class="clip-actions">
        <div class="row">
          <Stars clip={clip} library={library} />
          <label class="check">
            <input
              type="checkbox"
              aria-label={m().selectClip(clip.name)}
              checked={chosen}
              onChange={(event) => library.select(clip.id, event.currentTarget.checked)}
            />
            {m().select}
          </label>
        </div>
        {renaming.value ? (
          <Rename clip={clip} library={library} onDone={done} />
        ) : (
          <div class="row">
            <button
              type="button"
              aria-label={m().againOf(name)}
              title={m().againHint}
              onClick={() => library.recall(clip.job_id, "generate")}
            >
              {m().again}
            </button>
            <Menu label={m().useOf(name)} text={m().useAs} items={uses(clip, library)} />
            <Menu
              label={m().moreOf(name)}
              text="⋯"
              items={[
                [m().change, () => void library.recall(clip.job_id, "prompt")],
                [
                  m().rename,
                  () => {
                    renaming.value = true;
                  },
                ],
                [m().addToTimeline, () => void library.addToTimeline([clip.id])],
                [m().download, () => void library.download(clip)],
                [m().downloadZip, () => void library.downloadZip([clip.id])],
                [m().delete, () => void library.remove([clip.id])],
              ]}
            />
          </div>
        )}
      </div>
    );
  };
});

function uses(clip: ClipCard, library: Library): [string, () => void][] {
  const items: [string, () => void][] = [
    [m().lastFrameAsImage, () => library.useFrame(clip, "last", "image", "image")],
    [m().firstFrameAsImage, () => library.useFrame(clip, "first", "image", "image")],
    [m().lastFrameAsFirst, () => library.useFrame(clip, "last", "first_frame", "frames")],
    [m().upscale, () => library.useClip(clip, "video", "upscale")],
  ];
  if (clip.remixable) items.push([m().remix, () => library.remix(clip)]);
  return items;
}

const Rename = component<ActionsProps & { onDone: () => void }>(({ clip }) => {
  const title = signal(clip.title ?? "");
  const focus = (input: HTMLInputElement | null) => input?.focus();
  return ({ clip, library, onDone }) => (
    <form
      class="row rename"
      onSubmit={(event) => {
        event.preventDefault();
        void library.rename(clip, title.value);
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      <input
        ref={focus}
        type="text"
        class="grow"
        aria-label={m().titleOf(clip.name)}
        placeholder={clip.model_name}
        maxLength={200}
        value={title.value}
        onInput={(event) => {
          title.value = event.currentTarget.value;
        }}
      />
      <button type="submit">{m().save}</button>
    </form>
  );
});

const STARS = [1, 2, 3, 4, 5];

const Stars = component<ActionsProps>(() => ({ clip, library }) => {
  const rating = clip.rating ?? 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a line everywhere
    <div class="stars" role="group" aria-label={m().ratingOf(clip.name)}>
      {STARS.map((star) => (
        <button
          key={star}
          type="button"
          class="quiet"
          aria-pressed={star === rating}
          aria-label={m().stars(star)}
          onClick={() => library.rate(clip, star === rating ? undefined : star)}
        >
          {star <= rating ? "★" : "☆"}
        </button>
      ))}
    </div>
  );
});
