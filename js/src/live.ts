/** Jobs and clips as they are now; shared by all views of one widget. */
import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import type {
  BatchState,
  Changed,
  ClipCard,
  JobLine,
  MoneyLine,
  RunMode,
  State,
  TimelineClip,
} from "./messages.gen";

export class Live {
  readonly jobs = signal<JobLine[]>([]);
  readonly clips = signal<ClipCard[]>([]);
  readonly clipCount = signal(0);
  readonly money = signal<MoneyLine | null>(null);
  /** The clips put aside for a timeline, in order. */
  readonly timeline = signal<TimelineClip[]>([]);
  readonly mode = signal<RunMode>("simulated");
  readonly keyLastFour = signal("");
  readonly keyKept = signal("");
  /** The kernel's clock, in seconds; moves while something runs, as far as is known. */
  readonly now = signal(0);
  /** The last event, for who keeps more clips than these. */
  readonly latest = signal<Changed | null>(null);
  /** Jobs that ended with the last event. */
  readonly ended = signal<JobLine[]>([]);
  readonly #silent: ReadonlySignal<boolean>;
  readonly #dismissed = new Set<string>();
  #ahead = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;

  /** @param silent Whether the kernel says nothing: then no time passes here. */
  constructor(silent: ReadonlySignal<boolean>) {
    this.#silent = silent;
  }

  /** Takes a snapshot over. */
  reset(state: State | BatchState): void {
    batch(() => {
      this.#clock(state.now_s);
      this.mode.value = state.mode;
      this.jobs.value = state.jobs.filter(
        (job) => job.state !== "stored" && !this.#dismissed.has(job.id),
      );
      this.clips.value = state.clips;
      this.clipCount.value = state.kind === "state" ? state.clip_count : state.clips.length;
      if (state.kind === "state") {
        this.money.value = state.money;
        this.timeline.value = state.timeline;
        this.keyLastFour.value = state.key_last_four ?? "";
        this.keyKept.value = state.key_kept ?? "";
      }
    });
    this.#tick();
  }

  apply(event: Changed): void {
    batch(() => {
      this.#clock(event.now_s);
      const ended = event.jobs.filter((job) => job.settled);
      if (ended.length > 0) this.ended.value = ended;
      this.#mergeJobs(event.jobs);
      this.#mergeClips(event.clips, event.deleted);
      if (event.timeline) this.timeline.value = event.timeline;
      this.latest.value = event;
      this.clipCount.value = event.clip_count;
      this.money.value = event.money;
    });
    this.#tick();
  }

  dismiss(jobId: string): void {
    this.#dismissed.add(jobId);
    this.jobs.value = this.jobs.value.filter((job) => job.id !== jobId);
  }

  close(): void {
    clearInterval(this.#ticker);
  }

  #mergeJobs(jobs: JobLine[]): void {
    const changed = new Map(jobs.map((job) => [job.id, job]));
    const kept = this.jobs.value.map((job) => {
      const newer = changed.get(job.id) ?? job;
      changed.delete(job.id);
      return newer;
    });
    const fresh = [...changed.values()].filter((job) => !this.#dismissed.has(job.id));
    fresh.sort((a, b) => b.created_at - a.created_at);
    this.jobs.value = [...fresh, ...kept].filter((job) => job.state !== "stored");
  }

  #mergeClips(clips: ClipCard[], deleted: string[]): void {
    this.clips.value = mergeClips(this.clips.value, clips, deleted);
  }

  #clock(kernelNow: number): void {
    this.#ahead = kernelNow - Date.now() / 1000;
    this.now.value = kernelNow;
  }

  #tick(): void {
    const running = this.jobs.value.some((job) => !job.settled);
    if (running && this.#ticker === undefined) {
      this.#ticker = setInterval(() => {
        if (!this.#silent.value) this.now.value = Date.now() / 1000 + this.#ahead;
      }, 1000);
    } else if (!running && this.#ticker !== undefined) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }
}

/** Clips as they are after an event: changed ones in their place, new ones in front. */
export function mergeClips(old: ClipCard[], changed: ClipCard[], deleted: string[]): ClipCard[] {
  const newer = new Map(changed.filter((clip) => !clip.deleted).map((clip) => [clip.id, clip]));
  const kept = old.flatMap((clip) => {
    if (deleted.includes(clip.id)) return [];
    const now = newer.get(clip.id) ?? clip;
    newer.delete(clip.id);
    return [now];
  });
  return [...newer.values(), ...kept].sort((a, b) => b.created_at - a.created_at);
}
