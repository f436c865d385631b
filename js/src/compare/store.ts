/** What one view of a comparison shows, and what its controls do. */
import { batch, computed, signal } from "@preact/signals-core";
import type { Kernel } from "../kernel";
import type { Media } from "../media";
import type { CompareState } from "../messages.gen";
import { Conductor, FASTEST, SLOWEST } from "./conductor";
import { fetchMore } from "./fetch-more";
import { type Mode, t } from "./strings";
import { Tile } from "./tile";
import { clockText, type Ends, placeAt } from "./timing";
import { Vote } from "./vote";

export const PAGE_CLIPS = 16;
export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4];
/** How many clips' bytes are on their way at once: each has several megabytes in flight. */
const LOADING_AT_ONCE = 4;
const LARGEST_ZOOM = 16;

export class CompareStore {
  readonly mode = signal<Mode>("grid");
  readonly page = signal(0);
  readonly tiles = signal<Tile[]>([]);
  readonly conductor = signal<Conductor>(new Conductor([]));
  /** The two clips of the modes that show two, by their place. */
  readonly pair = signal<readonly [number, number]>([0, 1]);
  /** The clip that keys without a number act on. */
  readonly chosen = signal(0);
  /** The place that is heard; `null` is silence. */
  readonly heard = signal<number | null>(null);
  readonly wipe = signal(0.5);
  readonly amplify = signal(1);
  readonly flipped = signal(false);
  readonly actualSize = signal(false);
  readonly zoom = signal(1);
  readonly pan = signal<readonly [number, number]>([0, 0]);
  readonly help = signal(false);
  /** What a screen reader should say. */
  readonly said = signal("");
  readonly vote: Vote;
  /** Shows something of the part that is fetched. */
  readonly more;

  /** Places that are on screen. */
  readonly visible = computed<number[]>(() => {
    const count = this.tiles.value.length;
    if (this.mode.value === "grid" || count < 2) return [...Array(count).keys()];
    return [...this.pair.value];
  });
  readonly #kernel: Kernel;
  readonly #media: Media;

  constructor(
    readonly state: CompareState,
    kernel: Kernel,
    media: Media,
  ) {
    this.#kernel = kernel;
    this.#media = media;
    this.more = fetchMore(kernel);
    this.vote = new Vote(kernel, state.voter);
    if (state.blind && state.clips.length > 1) this.vote.open(true, true);
    this.#showPage(0, 0);
  }

  get pages(): number {
    return Math.max(1, Math.ceil(this.state.clips.length / this.#perPage));
  }

  /** A matrix is paged by whole rows; a vote is on one row, such as the clips of one prompt. */
  get #perPage(): number {
    const columns = this.state.columns.length;
    if (this.vote.opened.value && columns > 1) return columns;
    if (columns === 0 || columns > PAGE_CLIPS) return PAGE_CLIPS;
    return columns * Math.floor(PAGE_CLIPS / columns);
  }

  say(text: string): void {
    this.said.value = text;
  }

  turnPage(by: number): void {
    const page = Math.min(this.pages - 1, Math.max(0, this.page.value + by));
    if (page === this.page.value) return;
    this.#showPage(page, this.conductor.value.position.value);
    this.say(t().page(page + 1, this.pages));
  }

  setMode(mode: Mode): void {
    if (this.tiles.value.length < 2 && mode !== "grid") return;
    if (this.mode.value === mode) return;
    this.mode.value = mode;
    this.flipped.value = false;
    this.#arrange();
    this.say(t().modes[mode]);
  }

  /** Put a clip at one side of the modes that show two; sides change when it is at the other. */
  setPair(side: 0 | 1, place: number): void {
    const pair: [number, number] = [...this.pair.value];
    const other = side === 0 ? 1 : 0;
    if (pair[other] === place) pair[other] = pair[side];
    pair[side] = place;
    this.pair.value = pair;
    this.#arrange();
    this.say(`${side === 0 ? t().first : t().second}: ${this.nameOf(place)}`);
  }

  /** Sound from one place, or from none. */
  listen(place: number | null): void {
    const silent = place !== null && !this.tiles.value[place]?.clip.value.has_sound;
    this.#hear(silent ? null : place);
    if (place === null) this.say(`${t().sound} ${t().silent}`);
    else this.say((silent ? t().noSound : t().listenTo)(this.nameOf(place)));
  }

  #hear(place: number | null): void {
    this.heard.value = place;
    this.tiles.value.forEach((tile, index) => {
      if (tile.player) tile.player.video.muted = index !== place;
    });
  }

  /** The places with sound, for a list. */
  get audible(): (readonly [place: number, name: string])[] {
    return this.tiles.value.flatMap((tile, place) =>
      tile.clip.value.has_sound
        ? [[place, this.vote.blind.value ? this.nameOf(place) : String(place + 1)] as const]
        : [],
    );
  }

  /** Play or pause. */
  toggle(): void {
    const { playing } = this.conductor.value;
    this.conductor.value.toggle();
    this.say(playing.value ? t().play : t().pause);
  }

  play(): void {
    this.conductor.value.play();
    this.say(t().play);
  }

  toggleHelp(): void {
    this.help.value = !this.help.value;
    this.say(this.help.value ? t().keys : `${t().keys} ${t().silent}`);
  }

  reverse(): void {
    this.conductor.value.reverse();
    this.say(t().backwards);
  }

  /** By frames of the finest rate. */
  step(count: number): void {
    this.conductor.value.step(count);
    this.say(this.reading);
  }

  seek(t: number): void {
    this.conductor.value.seek(t);
    this.say(this.reading);
  }

  /** The frame on screen, by the finest rate. */
  get reading(): string {
    const { position, length, fps } = this.conductor.value;
    const count = Math.max(1, Math.round(length.value * fps));
    return t().frameOf(Math.min(count, Math.floor(position.value * fps + 0.01) + 1), count);
  }

  choose(place: number): void {
    if (this.tiles.value[place]) this.chosen.value = place;
  }

  /** Move the chosen clip by its own frames against the others. */
  nudge(place: number, frames: number): void {
    const tile = this.tiles.value[place];
    if (!tile?.player) return;
    tile.shift.value += frames;
    this.conductor.value.nudge(tile.player, frames);
    this.say(`${this.nameOf(place)}: ${t().shift(tile.shift.value)}`);
  }

  faster(steps: number): void {
    const { speed } = this.conductor.value;
    const nearest = SPEEDS.findIndex((known) => known >= speed.value - 1e-9);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, nearest + steps))] ?? 1;
    this.setSpeed(next);
  }

  setSpeed(speed: number): void {
    this.conductor.value.setSpeed(Math.min(FASTEST, Math.max(SLOWEST, speed)));
    this.say(`${t().speed} ${t().speedOf(speed)}`);
  }

  setEnds(ends: Ends): void {
    this.conductor.value.setEnds(ends);
  }

  /** Loop from or to the present moment. */
  markRange(side: "from" | "to" | "all"): void {
    const conductor = this.conductor.value;
    const { range, position, fps } = conductor;
    if (side === "all") {
      range.value = null;
      this.say(t().loopAll);
      return;
    }
    const [from, to] = conductor.bounds;
    const here = position.value;
    const end = here + 1 / fps; // the frame that is seen belongs to the loop
    if (side === "from") range.value = [here, to > here ? to : conductor.length.value];
    else range.value = [from < end ? from : 0, end];
    conductor.looping.value = true;
    this.say(range.value.map(clockText).join(" - "));
  }

  setZoom(zoom: number): void {
    this.zoom.value = Math.min(LARGEST_ZOOM, Math.max(1, zoom));
    if (this.zoom.value === 1 && !this.actualSize.value) this.pan.value = [0, 0];
    this.say(t().percent(this.zoom.value));
  }

  panBy(x: number, y: number): void {
    if (this.zoom.value === 1 && !this.actualSize.value) return;
    const [oldX, oldY] = this.pan.value;
    const limit = (value: number) => Math.min(1, Math.max(-1, value));
    this.pan.value = [limit(oldX + x), limit(oldY + y)];
  }

  /** One pixel for one pixel, or the whole picture. */
  toggleSize(): void {
    this.actualSize.value = !this.actualSize.value;
    this.setZoom(this.zoom.value);
    this.say(this.actualSize.value ? t().actual : t().fit);
  }

  resetView(): void {
    batch(() => {
      this.actualSize.value = false;
      this.setZoom(1);
    });
    this.say(t().fit);
  }

  /** Open or close the vote; opening it blind shuffles the places. */
  toggleVote(): void {
    if (this.vote.opened.value) {
      this.#setVote(false);
      this.say(`${t().vote} ${t().silent}`);
    } else if (this.state.clips.filter((clip) => !clip.problem).length > 1) {
      this.startVote(true);
    }
  }

  startVote(blind: boolean): void {
    this.#setVote(true, blind);
    this.say(blind ? t().namesAreHidden : t().voteLabel);
  }

  #setVote(opened: boolean, blind = false): void {
    const before = this.#perPage;
    const first = this.page.value * before;
    this.vote.open(opened, blind);
    if (this.#perPage !== before) {
      this.#showPage(Math.floor(first / this.#perPage), this.conductor.value.position.value);
      return;
    }
    this.tiles.value = this.#ordered([...this.tiles.value]);
    this.#hear(null);
    this.#arrange();
  }

  nameOf(place: number): string {
    const tile = this.tiles.value[place];
    if (!tile) return t().noClip;
    if (this.vote.blind.value) return t().hiddenName(place);
    return tile.clip.value.model_name || tile.clip.value.name;
  }

  /** Tiles that can be ranked now. */
  get candidates(): Tile[] {
    return this.visible.value
      .map((place) => this.tiles.value[place])
      .filter((tile): tile is Tile => tile?.player != null && !tile.blocked);
  }

  close(): void {
    this.conductor.value.close();
    for (const tile of this.tiles.value) tile.close();
  }

  #showPage(page: number, at: number): void {
    this.close();
    const first = page * this.#perPage;
    const clips = this.state.clips.slice(first, first + this.#perPage);
    this.vote.renew();
    const tiles = this.#ordered(clips.map((clip) => new Tile(clip, this.#kernel, this.#media)));
    const players = tiles.flatMap((tile) => tile.player ?? []);
    const before = this.conductor.value;
    const conductor = new Conductor(players);
    batch(() => {
      this.page.value = page;
      this.tiles.value = tiles;
      this.pair.value = [0, Math.min(1, Math.max(0, tiles.length - 1))];
      this.chosen.value = 0;
      this.heard.value = null;
      conductor.speed.value = before.speed.value;
      conductor.ends.value = before.ends.value;
      conductor.looping.value = before.looping.value;
      this.conductor.value = conductor;
    });
    conductor.setSpeed(before.speed.value);
    this.#arrange();
    conductor.seek(at);
    this.#showPosters(conductor);
    void loadAll(tiles);
  }

  /** While videos load, their posters follow the clock. */
  #showPosters(conductor: Conductor): void {
    const stop = conductor.position.subscribe((t) => {
      const waiting = this.tiles.value.filter((tile) => tile.player?.started.peek() === false);
      if (waiting.length === 0) queueMicrotask(() => stop());
      for (const tile of waiting) {
        if (!tile.player) continue;
        const delay = conductor.delayOf(tile.player);
        tile.showPoster(placeAt(tile.player.track, t, delay, conductor.ends.peek()).fileS);
      }
    });
  }

  #ordered(tiles: Tile[]): Tile[] {
    if (this.vote.blind.value) return shuffled(tiles);
    return tiles.sort((a, b) => numberOf(a) - numberOf(b));
  }

  /** Let the clock move what is on screen. */
  #arrange(): void {
    const tiles = this.visible.value.map((place) => this.tiles.value[place]);
    this.conductor.value.arrange(tiles.flatMap((tile) => tile?.player ?? []));
  }
}

/** Its place in the comparison, from 0. */
export const numberOf = (tile: Tile) => Number(tile.clip.value.id.slice(1));

async function loadAll(tiles: Tile[]): Promise<void> {
  const queue = [...tiles];
  const worker = async () => {
    for (let tile = queue.shift(); tile; tile = queue.shift()) await tile.load();
  };
  await Promise.all(Array.from({ length: LOADING_AT_ONCE }, worker));
}

/** Fisher and Yates, from the browser's source of random numbers. */
function shuffled<T>(items: T[]): T[] {
  const result = [...items];
  for (let n = result.length - 1; n > 0; n -= 1) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    const other = Math.floor((random / 2 ** 32) * (n + 1));
    [result[n], result[other]] = [result[other] as T, result[n] as T];
  }
  return result;
}
