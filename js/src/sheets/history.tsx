/** All clips of the project: the latest at once, more as one scrolls; searched on the kernel. */
import { effect, signal } from "@preact/signals-core";
import { component } from "../component";
import { mergeClips } from "../live";
import type { ClipCard } from "../messages.gen";
import { ClipActions } from "../more/clip-actions";
import { libraryOf } from "../more/library";
import { mediaOf } from "../more/media-of";
import { LibraryLine, SelectionBar } from "../more/selection-bar";
import type { PanelStore } from "../panel-store";
import { Clip } from "../results/clips";
import { Select } from "../select";
import { m } from "../strings/more";
import { Dialog } from "./dialog";

const FIRST_PAGE = 10;
const PAGE = 24;
const SEARCH_DELAY_MS = 150;

interface Query {
  search: string;
  model: string;
  deleted: boolean;
}

/** The clips that were read so far, for one query. */
export class History {
  readonly clips = signal<ClipCard[]>([]);
  readonly total = signal<number | null>(null);
  readonly models = signal<string[]>([]);
  readonly query = signal<Query>({ search: "", model: "", deleted: false });
  #next: string | undefined;
  #reading = false;
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: () => void;

  constructor(readonly store: PanelStore) {
    void this.#read(FIRST_PAGE);
    this.#stop = effect(() => {
      const event = store.live.latest.value;
      if (!event) return;
      const known = new Set(this.clips.peek().map((clip) => clip.id));
      const own = event.clips.filter((clip) => known.has(clip.id));
      if (!this.query.peek().deleted) {
        this.clips.value = mergeClips(this.clips.peek(), own, event.deleted);
      }
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
    this.#round += 1;
  }

  ask(change: Partial<Query>): void {
    this.query.value = { ...this.query.value, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#round += 1;
      this.#reading = false;
      this.#next = undefined;
      this.total.value = null;
      void this.#read(FIRST_PAGE);
    }, SEARCH_DELAY_MS);
  }

  more(): void {
    if (this.#next !== undefined && !this.#reading) void this.#read(PAGE);
  }

  get whole(): boolean {
    return this.total.value !== null && this.#next === undefined;
  }

  async #read(limit: number): Promise<void> {
    const round = this.#round;
    const { search, model, deleted } = this.query.value;
    const before = this.#next;
    this.#reading = true;
    try {
      const page = await this.store.kernel.command<"read_history">({
        kind: "read_history",
        search,
        remixable: false,
        deleted,
        limit,
        ...(model && { model_id: model }),
        ...(before !== undefined && { before }),
      });
      if (round !== this.#round) return; // asked for something else meanwhile
      this.#next = page.next;
      this.models.value = page.models;
      this.clips.value = before === undefined ? page.clips : [...this.clips.value, ...page.clips];
      this.total.value = page.total;
    } catch (error) {
      if (round === this.#round) this.store.tell(error);
    }
    if (round === this.#round) this.#reading = false;
  }
}

export const HistorySheet = component<{ store: PanelStore; onClose: () => void }>(({ store }) => {
  const history = new History(store);
  const library = libraryOf(store);
  let observer: IntersectionObserver | undefined;
  const watch = (end: HTMLElement | null) => {
    observer?.disconnect();
    if (!end) return;
    observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) history.more();
      },
      { rootMargin: "600px" },
    );
    observer.observe(end);
  };
  return ({ store, onClose }) => {
    const { search, model, deleted } = history.query.value;
    const clips = history.clips.value;
    const total = history.total.value;
    const close = () => {
      history.close();
      onClose();
    };
    return (
      <Dialog title={m().history} wide onClose={close}>
        <div class="row filters">
          <input
            type="search"
            class="grow"
            aria-label={m().searchHistory}
            placeholder={m().searchHistory}
            value={search}
            onInput={(event) => history.ask({ search: event.currentTarget.value })}
          />
          <Select
            label={m().model}
            none={m().any}
            value={model}
            options={history.models.value.map((id) => [id, nameOf(store, id)])}
            onChoose={(value) => history.ask({ model: value })}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={deleted}
              onChange={(event) => history.ask({ deleted: event.currentTarget.checked })}
            />
            {m().deletedOnes}
          </label>
        </div>
        <p class="muted num" role="status">
          {total === null ? m().reading : m().clipCount(total)}
        </p>
        <SelectionBar library={library} />
        <div class="clips">
          <ul>
            {clips.map((clip) => (
              <Clip
                key={clip.id}
                clip={clip}
                media={mediaOf(store)}
                actions={(shown) =>
                  shown.deleted ? (
                    <button type="button" onClick={() => library.restore([shown.id])}>
                      {m().bringBack}
                    </button>
                  ) : (
                    <ClipActions clip={shown} library={library} />
                  )
                }
              />
            ))}
          </ul>
        </div>
        {!history.whole && (
          // A new key makes a new sentinel: one that stays in sight after a page asks again.
          <p key={clips.length} ref={watch} class="muted">
            {m().reading}
          </p>
        )}
        <LibraryLine library={library} />
      </Dialog>
    );
  };
});

const nameOf = (store: PanelStore, id: string) =>
  store.state.models.find((row) => row.id === id)?.name ?? id;
