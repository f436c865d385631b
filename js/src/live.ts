/** Jobs and clips as they are now; shared by all views of one widget. */
import { signal } from "@preact/signals-core";
import type { BatchState, Changed, ClipCard, JobLine, State } from "./messages.gen";
import * as strings from "./strings";

export class Live {
  readonly jobs = signal<JobLine[]>([]);
  readonly clips = signal<ClipCard[]>([]);
  readonly clipCount = signal(0);
  readonly spentUsd = signal("0");
  /** The kernel's clock, in seconds; moves while something runs. */
  readonly now = signal(0);
  /** What a screen reader should say. */
  readonly said = signal("");
  readonly #dismissed = new Set<string>();
  #ahead = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;

  /** Takes a snapshot over. */
  reset(state: State | BatchState): void {
    this.#clock(state.now_s);
    this.jobs.value = state.jobs.filter(
      (job) => job.state !== "stored" && !this.#dismissed.has(job.id),
    );
    this.clips.value = state.clips;
    this.clipCount.value = state.kind === "state" ? state.clip_count : state.clips.length;
    if (state.kind === "state") this.spentUsd.value = state.spent_usd;
    this.#tick();
  }

  apply(event: Changed): void {
    this.#clock(event.now_s);
    const changed = new Map(event.jobs.map((job) => [job.id, job]));
    this.#announce(event.jobs);
    const kept = this.jobs.value.map((job) => {
      const newer = changed.get(job.id) ?? job;
      changed.delete(job.id);
      return newer;
    });
    const fresh = [...changed.values()].filter((job) => !this.#dismissed.has(job.id));
    fresh.sort((a, b) => b.created_at - a.created_at);
    this.jobs.value = [...fresh, ...kept].filter((job) => job.state !== "stored");
    const known = new Set(event.clips.map((clip) => clip.id));
    this.clips.value = [...event.clips, ...this.clips.value.filter((clip) => !known.has(clip.id))];
    this.clipCount.value = event.clip_count;
    this.spentUsd.value = event.spent_usd;
    this.#tick();
  }

  dismiss(jobId: string): void {
    this.#dismissed.add(jobId);
    this.jobs.value = this.jobs.value.filter((job) => job.id !== jobId);
  }

  close(): void {
    clearInterval(this.#ticker);
  }

  #clock(kernelNow: number): void {
    this.#ahead = kernelNow - Date.now() / 1000;
    this.now.value = kernelNow;
  }

  #tick(): void {
    const running = this.jobs.value.some((job) => !job.settled);
    if (running && this.#ticker === undefined) {
      this.#ticker = setInterval(() => {
        this.now.value = Date.now() / 1000 + this.#ahead;
      }, 1000);
    } else if (!running && this.#ticker !== undefined) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }

  #announce(jobs: JobLine[]): void {
    const news = jobs.flatMap((job) => {
      if (job.state === "stored") return [strings.jobStored(job.model_name)];
      if (job.settled && job.problem) return [strings.jobFailed(job.model_name, job.problem.what)];
      return [];
    });
    if (news.length > 0) this.said.value = news.join(". ");
  }
}
