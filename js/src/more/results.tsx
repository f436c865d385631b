/** What runs and what came of it. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { RefusedError } from "../kernel";
import type { PanelStore } from "../panel-store";
import { ProblemLines } from "../problem";
import { Clips } from "../results/clips";
import { Jobs } from "../results/jobs";
import { type FormRemedies, Remedies } from "../results/remedies";
import { m } from "../strings/more";
import { ClipActions } from "./clip-actions";
import { Examples } from "./examples";
import { libraryOf } from "./library";
import { mediaOf } from "./media-of";
import { LibraryLine, SelectionBar } from "./selection-bar";
import { TimelineLine } from "./timeline-line";

export const Results = component<{ store: PanelStore }>(({ store }) => {
  const library = libraryOf(store);
  const form: FormRemedies = {
    nameOf: (id) => store.state.models.find((row) => row.id === id)?.name ?? id,
    onShortenPrompt: () => store.focusOn("prompt"),
    onUseModel: (old, replacement) => {
      store.useInstead(old, replacement);
      store.focusOn("generate");
    },
    onRecall: (jobId) => void library.recall(jobId, "prompt"),
    onSetKey: () => {
      store.sheet.value = "account";
    },
  };
  return () => {
    const { kernel, live, extras } = store;
    const shown = live.clips.value;
    return (
      <>
        <Notice store={store} form={form} />
        <Jobs kernel={kernel} live={live} extras={extras} form={form} />
        <TimelineLine library={library} />
        <SelectionBar library={library} />
        <LibraryLine library={library} />
        <Clips
          clips={shown}
          count={live.clipCount.value}
          media={mediaOf(store)}
          actions={(clip) => <ClipActions clip={clip} library={library} />}
        />
        {live.clipCount.value > shown.length && (
          <button
            type="button"
            class="link"
            onClick={() => {
              store.sheet.value = "history";
            }}
          >
            {m().allClips(live.clipCount.value)}
          </button>
        )}
        <Examples store={store} />
      </>
    );
  };
});

/** Why something was refused. */
const Notice = component<{ store: PanelStore; form: FormRemedies }>(() => {
  const busy = signal(false);
  return ({ store, form }) => {
    const problem = store.notice.value;
    const dismiss = () => {
      store.notice.value = null;
    };
    const act = async (command: () => Promise<unknown>) => {
      busy.value = true;
      try {
        await command();
        dismiss();
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        store.tell(error);
      }
      busy.value = false;
    };
    return (
      <div class="notice" role="alert">
        {problem && (
          <ProblemLines problem={problem}>
            <Remedies
              kernel={store.kernel}
              problem={problem}
              form={form}
              busy={busy.value}
              act={act}
            />
            <button type="button" onClick={dismiss}>
              {m().dismiss}
            </button>
          </ProblemLines>
        )}
      </div>
    );
  };
});
