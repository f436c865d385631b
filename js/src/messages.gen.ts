// Made from qcut_nb/notebook/messages by `python -m qcut_nb.notebook.typescript`; do not edit.

export const CHUNK_BYTES = 1048576;

export type Scalar = boolean | number | string;

export type Mode = "text" | "image" | "frames" | "avatar" | "remix" | "upscale";

export type FileKind = "image" | "audio" | "video";

export type RunMode = "simulated" | "live";

export type Sound = "never" | "always" | "setting" | "input";

export type JobState = "planned" | "reserved" | "submitting" | "submitted" | "queued" | "running" | "completed" | "downloading" | "stored" | "submit_unknown" | "failed" | "cancelling" | "cancelled" | "expired";

/** One file that a model takes. */
export interface FileRow {
  name: string;
  kind: FileKind;
  required: boolean;
  formats: string[];
  max_bytes: number;
}

/** One model of the list. */
export interface ModelRow {
  id: string;
  name: string;
  provider: string;
  mode: Mode;
  life_cycle: "active" | "retiring" | "retired";
  retired_on?: string;
  replacement?: string;
  replacement_name?: string;
  list_price: string;
  expected_s?: [number, number];
  sound: Sound;
  fixed_duration_s?: number;
  fixed_resolution?: string;
  use_cases: string[];
  parameters: ParameterRow[];
  files: FileRow[];
}

/** One setting of a model. */
export interface ParameterRow {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "string_list";
  choices?: Scalar[];
  default?: boolean | number | string;
  required: boolean;
  minimum?: number;
  maximum?: number;
  max_length?: number;
}

/** One stored clip, without its media. */
export interface ClipCard {
  id: string;
  name: string;
  model_name: string;
  prompt: string;
  file_name: string;
  cost: string;
  seed?: number;
  duration_s?: number;
  width_px?: number;
  height_px?: number;
  fps?: number;
  has_sound: boolean;
  size_bytes: number;
  version: string;
  files_path?: string;
}

/** Ask to stop a job; answered by `Done`, and what came of it by an event. */
export interface CancelJob {
  id: string;
  kind: "cancel_job";
  job_id: string;
}

/** Check a file on the kernel's machine or a URL as an input; answered by `FileChecked`. */
export interface CheckFile {
  id: string;
  kind: "check_file";
  file_kind: FileKind;
  source: string;
}

/** Say that all parts were sent; answered by `FileChecked`. */
export interface CloseUpload {
  id: string;
  kind: "close_upload";
  upload_id: string;
}

/** Download a finished clip once more, free; answered by `Done`. */
export interface DownloadAgain {
  id: string;
  kind: "download_again";
  job_id: string;
}

/** Generate with every model of the wish: spends money in live mode; answered by `Accepted`. */
export interface Generate {
  id: string;
  kind: "generate";
  wish: Wish;
}

/** Announce a file from the browser; answered by `UploadOpened`. */
export interface OpenUpload {
  id: string;
  kind: "open_upload";
  file_kind: FileKind;
  name: string;
  size_bytes: number;
}

/** Price a wish; answered by `Priced`, an offer for each model of the wish. */
export interface Price {
  id: string;
  kind: "price";
  wish: Wish;
}

/** Ask for at most `CHUNK_BYTES` of a clip's file; answered by `ClipChunk`. */
export interface ReadClip {
  id: string;
  kind: "read_clip";
  clip_id: string;
  offset: number;
}

/** Ask for a job's log; answered by `Logs`. */
export interface ReadLogs {
  id: string;
  kind: "read_logs";
  job_id: string;
}

/** Ask for a clip's poster; answered by `Poster`. */
export interface ReadPoster {
  id: string;
  kind: "read_poster";
  clip_id: string;
}

/** Ask for the whole state; answered by `Snapshot`. */
export interface Refresh {
  id: string;
  kind: "refresh";
}

/** Keep the state of the form; answered by `Done`. */
export interface RememberChoice {
  id: string;
  kind: "remember_choice";
  choice: Choice;
}

/** Bring one part of a file, in the buffer; answered by `UploadWritten`. */
export interface WriteUpload {
  id: string;
  kind: "write_upload";
  upload_id: string;
  offset: number;
}

/** One job, as far as a line shows it. */
export interface JobLine {
  id: string;
  batch_id: string;
  model_id: string;
  model_name: string;
  prompt: string;
  state: JobState;
  queue_position?: number;
  created_at: number;
  submitted_at?: number;
  ended_at?: number;
  received_bytes: number;
  total_bytes?: number;
  upload_fraction?: number;
  log_lines: number;
  problem?: Problem;
  quote: QuoteText;
  will_send: ChangeText[];
  clip_id?: string;
  request_id?: string;
  expected_s?: [number, number];
  lost_contact: boolean;
  settled: boolean;
}

/** An error for people, in three lines. */
export interface Problem {
  what: string;
  money: string;
  remedy: string;
  action?: "download_again" | "shorten_prompt";
}

/** A shared setting that a model cannot take as asked, and what it gets instead. */
export interface ChangeText {
  name: string;
  asked?: boolean | number | string;
  sent?: boolean | number | string;
  why: string;
}

/** What keeps a model from being generated with, and which control is wrong. */
export interface FieldProblem {
  field: string;
  text: string;
}

/** What one model makes of a wish. */
export interface Offer {
  model_id: string;
  quote: QuoteText;
  will_send: ChangeText[];
  problems: FieldProblem[];
  body: Record<string, unknown>;
}

/** A price before anything is sent. */
export interface QuoteText {
  kind: "exact" | "range" | "unknown";
  text: string;
  low_usd?: string;
  high_usd?: string;
  detail: string;
  source: string;
  checked_on?: string;
}

/** The jobs are written down and on their way. */
export interface Accepted {
  id: string;
  kind: "accepted";
  batch_id: string;
}

/** Bytes of a clip from `offset` on, in the buffer. */
export interface ClipChunk {
  id: string;
  kind: "clip_chunk";
  clip_id: string;
  version: string;
  offset: number;
  total_bytes: number;
}

/** The command was carried out. */
export interface Done {
  id: string;
  kind: "done";
}

/** The file can be used; a small JPEG is in the buffer when there is a picture to show. */
export interface FileChecked {
  id: string;
  kind: "file_checked";
  source: string;
  label: string;
  facts: string;
}

/** The last lines of a job's log. */
export interface Logs {
  id: string;
  kind: "logs";
  lines: string[];
}

/** A JPEG in the buffer. */
export interface Poster {
  id: string;
  kind: "poster";
  clip_id: string;
}

/** An offer for each model of the wish, in its order. */
export interface Priced {
  id: string;
  kind: "priced";
  offers: Offer[];
}

/** The command was not carried out. */
export interface Refused {
  id: string;
  kind: "refused";
  problem: Problem;
  field?: string;
}

/** The whole state. */
export interface Snapshot {
  id: string;
  kind: "snapshot";
  state: State | BatchState;
}

/** Parts of at most `chunk_bytes` can be sent, in any order. */
export interface UploadOpened {
  id: string;
  kind: "upload_opened";
  upload_id: string;
  chunk_bytes: number;
}

/** A part is on the kernel's disk. */
export interface UploadWritten {
  id: string;
  kind: "upload_written";
  upload_id: string;
  offset: number;
}

/** Everything a fresh progress view of one batch needs to show. */
export interface BatchState {
  kind: "batch_state";
  now_s: number;
  mode: RunMode;
  batch_id: string;
  jobs: JobLine[];
  clips: ClipCard[];
  static_class: string;
}

/** What changed since the last event: at most ten a second, however many jobs. */
export interface Changed {
  kind: "changed";
  now_s: number;
  spent_usd: string;
  clip_count: number;
  jobs: JobLine[];
  clips: ClipCard[];
}

/** Everything a fresh panel needs to show. */
export interface State {
  kind: "state";
  now_s: number;
  project: string;
  mode: RunMode;
  key_last_four?: string;
  spent_usd: string;
  modes: Mode[];
  models: ModelRow[];
  choice: Choice;
  jobs: JobLine[];
  clips: ClipCard[];
  clip_count: number;
  static_class: string;
}

/** What a person had chosen, kept between views and kernels. */
export interface Choice {
  wish: Wish;
  models_by_mode: Record<string, string[]>;
}

/** What to generate: one prompt and one set of shared settings for several models. */
export interface Wish {
  mode: Mode;
  prompt: string;
  models: string[];
  duration_s?: number;
  resolution?: string;
  aspect_ratio?: string;
  audio?: boolean;
  seed?: number;
  negative_prompt?: string;
  fps?: number;
  files: Record<string, string>;
  overrides: Record<string, Record<string, Scalar>>;
}

export type Event = Changed;

export type Command = Refresh | Price | Generate | CancelJob | DownloadAgain | ReadLogs | ReadPoster | ReadClip | CheckFile | OpenUpload | WriteUpload | CloseUpload | RememberChoice;

export type Reply = Refused | Done | Snapshot | Priced | Accepted | Logs | Poster | ClipChunk | UploadOpened | UploadWritten | FileChecked;
