/** Choosing a clip of the project as an input. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { ClipCard, FileRow } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { m } from "../strings/more";
import { libraryOf } from "./library";
import { mediaOf } from "./media-of";

const SHOWN = 12;

interface PickerProps {
  store: PanelStore;
  /** Only clips that can be remixed. */
  remixable?: boolean;
  choices: (clip: ClipCard) => [text: string, act: () => void][];
}

export const ClipList = component<PickerProps>(({ store, remixable = false }) => {
  const clips = signal<ClipCard[] | null>(null);
  const ask = async (search: string) => {
    try {
      const page = await store.kernel.command<"read_history">({
        kind: "read_history",
        search,
        remixable,
        deleted: false,
        limit: SHOWN,
      });
      clips.value = page.clips;
    } catch (error) {
      store.tell(error);
    }
  };
  void ask("");
  return ({ store, choices }) => (
    <div class="part picker">
      <input
        type="search"
        aria-label={m().searchHistory}
        placeholder={m().searchHistory}
        onInput={(event) => void ask(event.currentTarget.value)}
      />
      {clips.value?.length === 0 && (
        <p class="muted">{remixable ? m().noRemixable : m().noClips}</p>
      )}
      <ul>
        {clips.value?.map((clip) => (
          <li key={clip.id} class="row">
            <Thumb store={store} clip={clip} />
            <span class="grow">
              {clip.title ?? clip.model_name}
              <span class="muted"> {clip.prompt.slice(0, 60)}</span>
            </span>
            {choices(clip).map(([text, act]) => (
              <button key={text} type="button" aria-label={`${text}: ${clip.name}`} onClick={act}>
                {text}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
});

const Thumb = component<{ store: PanelStore; clip: ClipCard }>(({ store, clip }) => {
  const url = signal("");
  mediaOf(store)
    .posterUrl(clip)
    .then(
      (made) => {
        url.value = made;
      },
      () => {
        url.value = ""; // a clip can be chosen without its picture
      },
    );
  return () => <span class="thumb">{url.value && <img src={url.value} alt="" />}</span>;
});

interface ForFileProps {
  store: PanelStore;
  asked: FileRow;
  onDone: () => void;
}

/** A frame of a clip where a picture is asked for, the clip where a video is. */
export const ClipPicker = component<ForFileProps>(() => ({ store, asked, onDone }) => {
  const library = libraryOf(store);
  const frame = (clip: ClipCard, at: "first" | "last") => () => {
    library.useFrame(clip, at, asked.name);
    onDone();
  };
  return (
    <ClipList
      store={store}
      choices={(clip) =>
        asked.kind === "image"
          ? [
              [m().lastFrame, frame(clip, "last")],
              [m().firstFrame, frame(clip, "first")],
            ]
          : [
              [
                m().use,
                () => {
                  library.useClip(clip, asked.name);
                  onDone();
                },
              ],
            ]
      }
    />
  );
});

/** Which Sora clip to remix. */
export const RemixField = component<{ store: PanelStore }>(() => ({ store }) => {
  const { remixOf } = store.form;
  const chosen = remixOf.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere
    <div class="drop" role="group" aria-labelledby="remix-title">
      <div class="head">
        <h3 id="remix-title">{m().remixTitle}</h3>
      </div>
      {chosen ? (
        <div class="row">
          <span class="grow strong">{chosen.label}</span>
          <button
            type="button"
            class="quiet"
            data-field="remix_of"
            aria-label={m().removeFile(chosen.label)}
            onClick={() => {
              remixOf.value = null;
            }}
          >
            ✕
          </button>
        </div>
      ) : (
        <div data-field="remix_of" tabIndex={-1}>
          <ClipList
            store={store}
            remixable
            choices={(clip) => [
              [
                m().remix,
                () => {
                  remixOf.value = { id: clip.id, label: clip.title ?? clip.name };
                },
              ],
            ]}
          />
        </div>
      )}
    </div>
  );
});
