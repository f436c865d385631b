/** A job in words. */
import type { JobLine } from "../messages.gen";
import { leftOf, rangeText } from "../ranges";
import { r } from "../strings/results";

export function stateText(job: JobLine): string {
  const words = r().states;
  if (job.lost_contact && !job.settled) return words.lostContact;
  switch (job.state) {
    case "planned":
    case "reserved":
      return job.upload_fraction === undefined
        ? words.preparing
        : words.waitingForUpload(Math.floor(job.upload_fraction * 100));
    case "submitting":
      return words.sending;
    case "submitted":
      return words.queued;
    case "queued":
      return job.queue_position === undefined
        ? words.queued
        : words.queuedAhead(job.queue_position);
    case "running":
      return words.running;
    case "completed":
      return words.finished;
    case "downloading":
      if (job.settled) return words.notDownloaded;
      return words.downloading(
        sizeText(job.received_bytes, job.total_bytes),
        job.total_bytes === undefined ? undefined : sizeText(job.total_bytes),
      );
    case "stored":
      return words.stored;
    case "submit_unknown":
      return words.unknown;
    case "failed":
      return words.failed;
    case "cancelling":
      return words.cancelling;
    case "cancelled":
      return words.cancelled;
    case "expired":
      return words.expired;
  }
}

/** "about 1-2 min left": the usual time less what has passed since fal has the request. */
export function leftText(job: JobLine, now_s: number): string {
  if (job.settled || !job.expected_s || !job.submitted_at) return "";
  const [low, high] = leftOf(job.expected_s, now_s - job.submitted_at);
  if (high === 0) return r().longer;
  return low === 0 ? r().leftUpTo(rangeText([high, high])) : r().left(rangeText([low, high]));
}

/** "3.1 MB"; without the unit where `of` carries it. */
export function sizeText(bytes: number, of?: number): string {
  const large = (of ?? bytes) >= 1_000_000;
  const number = large ? (bytes / 1_000_000).toFixed(1) : String(Math.round(bytes / 1000));
  return of === undefined ? `${number} ${large ? "MB" : "kB"}` : number;
}

/** A limit: whole mebibytes are what "8 MB" means in a model's rules. */
export function limitText(bytes: number): string {
  return bytes % 1_048_576 === 0 ? `${bytes / 1_048_576} MB` : sizeText(bytes);
}

/** "0:12", "12:05", "1:02:03". */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Part of the bytes that moved, where bytes are moving. */
export function byteFraction(job: JobLine): number | undefined {
  if (job.settled) return undefined;
  if (job.state === "downloading" && job.total_bytes) return job.received_bytes / job.total_bytes;
  if (job.state === "reserved") return job.upload_fraction;
  return undefined;
}
