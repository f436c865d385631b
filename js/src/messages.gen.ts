// Made from qcut_nb/notebook/messages by `python -m qcut_nb.notebook.typescript`; do not edit.

export const CHUNK_BYTES = 1048576;

export type Scalar = boolean | number | string;

export type Value = boolean | number | string | string[];

export type Mode = "text" | "image" | "frames" | "avatar" | "remix" | "upscale";

export type FileKind = "image" | "audio" | "video";

export type RunMode = "simulated" | "live";

export type Sound = "never" | "always" | "setting" | "input";

export type JobState = "planned" | "reserved" | "submitting" | "submitted" | "queued" | "running" | "completed" | "downloading" | "stored" | "submit_unknown" | "failed" | "cancelling" | "cancelled" | "expired";

export type Remedy = "download_again" | "shorten_prompt" | "use_model" | "resume" | "set_key" | "adopt" | "abandon" | "resubmit" | "recall";

/** JavaScript as UTF-8, in the buffer. */
export interface Bundle {
  id: string;
  kind: "bundle";
  name: string;
}

/** The key is in use. */
export interface KeySet {
  id: string;
  kind: "key_set";
  last_four: string;
  kept: string;
}

/** Nothing was done yet: a person has to be asked first. */
export interface Question {
  id: string;
  kind: "question";
  about: "live" | "cost" | "reuse";
  text: string;
  amount_usd?: string;
}

/** Ask for a part of the widget's code or texts, by file name; answered by `Bundle`. */
export interface ReadBundle {
  id: string;
  kind: "read_bundle";
  name: string;
}

/** Use a fal key from now on; answered by `KeySet`. It is never sent back. */
export interface SetKey {
  id: string;
  kind: "set_key";
  key: string;
  remember: boolean;
}

/** Change between simulated and live; answered by `Snapshot`, or by a `Question` before live. */
export interface SetMode {
  id: string;
  kind: "set_mode";
  mode: RunMode;
  confirmed: boolean;
}

/** One file that a model takes. */
export interface FileRow {
  name: string;
  kind: FileKind;
  required: boolean;
  formats: string[];
  max_bytes: number;
  min_side_px?: number;
  max_side_px?: number;
  min_aspect?: number;
  max_aspect?: number;
  aspects: string[];
  min_s?: number;
  max_s?: number;
  note: string;
}

/** One model of the list. */
export interface ModelRow {
  id: string;
  name: string;
  provider: string;
  mode: Mode;
  endpoint: string;
  life_cycle: "active" | "retiring" | "retired";
  retired_on?: string;
  replacement?: string;
  replacement_name?: string;
  list_price: string;
  price_source: string;
  price_checked_on: string;
  expected_s?: [number, number];
  expected_from: "own" | "published";
  expected_runs: number;
  sound: Sound;
  follows?: "audio_file" | "video" | "video_id";
  fixed_duration_s?: number;
  fixed_resolution?: string;
  use_cases: string[];
  parameters: ParameterRow[];
  files: FileRow[];
  remixes: boolean;
  cues: string[];
  notes: string[];
}

/** One setting of a model. */
export interface ParameterRow {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "string_list";
  shared: boolean;
  choices?: Scalar[];
  default?: boolean | number | string | string[];
  required: boolean;
  minimum?: number;
  maximum?: number;
  multiple_of?: number;
  min_length?: number;
  max_length?: number;
  max_items?: number;
  note: string;
}

/** One stored clip, without its media. */
export interface ClipCard {
  id: string;
  job_id: string;
  title?: string;
  name: string;
  model_id: string;
  model_name: string;
  mode: Mode;
  run_mode: RunMode;
  prompt: string;
  created_at: number;
  file_name: string;
  cost: string;
  rating?: number;
  deleted: boolean;
  remixable: boolean;
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

/** Generate with every model of the wish: spends money in live mode. */
export interface Generate {
  id: string;
  kind: "generate";
  wish: Wish;
  approved_usd?: string;
  reuse: "ask" | "yes" | "no";
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

/** Ask for everything about a job; answered by `JobDetails`. */
export interface ReadDetails {
  id: string;
  kind: "read_details";
  job_id: string;
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
  at_s?: number;
}

/** Ask for the cell that does what `Generate` would do; answered by `PythonText`. */
export interface ReadPython {
  id: string;
  kind: "read_python";
  wish: Wish;
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

/** Look at every unfinished job again; free, submits nothing. Answered by `Done`. */
export interface ResumeProject {
  id: string;
  kind: "resume_project";
}

/** Say what became of a request whose reply was lost; answered by `Done`. */
export interface SettleUnknown {
  id: string;
  kind: "settle_unknown";
  job_id: string;
  decision: "adopt" | "abandon" | "resubmit";
  request_id?: string;
}

/** Take a clip itself as an input; answered by `FileChecked`. */
export interface UseClip {
  id: string;
  kind: "use_clip";
  clip_id: string;
}

/** Make a picture of a clip's frame, as an input; answered by `FileChecked`. */
export interface UseFrame {
  id: string;
  kind: "use_frame";
  clip_id: string;
  at: number | "first" | "last";
}

/** Bring one part of a file, in the buffer; answered by `UploadWritten`. */
export interface WriteUpload {
  id: string;
  kind: "write_upload";
  upload_id: string;
  offset: number;
}

/** One place of a comparison: a clip without its media, or why there is none. */
export interface CompareClip {
  id: string;
  name: string;
  model_name: string;
  prompt: string;
  file_name: string;
  cost: string;
  cost_per_s?: string;
  time_to_result_s?: number;
  seed?: number;
  start_s: number;
  end_s: number;
  first_frame_s: number;
  sync_s: number;
  fps: number;
  width_px: number;
  height_px: number;
  video_codec: string;
  format: string;
  has_sound: boolean;
  size_bytes: number;
  version: string;
  files_path?: string;
  is_copy: boolean;
  metrics: MetricText[];
  row: string;
  column: string;
  problem?: Problem;
}

/** Everything a fresh comparison needs to show. */
export interface CompareState {
  kind: "compare_state";
  clips: CompareClip[];
  rows: string[];
  columns: string[];
  blind: boolean;
  voter: string;
  static_class: string;
}

/** The comparison as it is now. */
export interface Comparison {
  id: string;
  kind: "comparison";
  state: CompareState;
}

/** Make a copy that any browser plays, or ask how far it is; answered by `PreviewState`. */
export interface MakePreview {
  id: string;
  kind: "make_preview";
  clip_id: string;
}

/** A stored measurement of a clip. */
export interface MetricText {
  name: string;
  label: string;
  value?: number;
  unit: string;
}

/** How far a preview copy is. */
export interface PreviewState {
  id: string;
  kind: "preview_state";
  fraction: number;
  clip?: CompareClip;
}

/** Ask for the comparison as it is now; answered by `Comparison`. */
export interface ReadComparison {
  id: string;
  kind: "read_comparison";
}

/** Keep a vote; answered by `Done`. */
export interface RecordBallot {
  id: string;
  kind: "record_ballot";
  ranking: string[][];
  voter: string;
  blind: boolean;
}

/** Answers `ReadDetails`. The key is nowhere in it. */
export interface JobDetails {
  id: string;
  kind: "job_details";
  job_id: string;
  endpoint: string;
  request_id?: string;
  body: Record<string, unknown>;
  inputs: InputText[];
  answer: unknown;
  moments: JobMoment[];
  costs: [string, string][];
  log: string[];
  report: string;
}

/** When a job came into a state. */
export interface JobMoment {
  at: number;
  state: JobState;
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
  mode: RunMode;
  expected_s?: [number, number];
  expected_from: "own" | "published";
  expected_runs: number;
  cost: string;
  reused: boolean;
  lost_contact: boolean;
  settled: boolean;
}

/** An error for people, in three lines. */
export interface Problem {
  what: string;
  money: string;
  remedy: string;
  actions: Remedy[];
  model_id?: string;
}

/** The project's money; simulated jobs never count. */
export interface MoneyLine {
  spent_usd: string;
  today_usd: string;
  reserved_usd: string;
  unknown_jobs: number;
  cap_project_usd?: string;
  cap_day_usd?: string;
  ask_above_usd?: string;
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

/** A file in its place in a request. */
export interface InputText {
  name: string;
  label: string;
  sha256?: string;
}

/** What one model makes of a wish. */
export interface Offer {
  model_id: string;
  endpoint: string;
  quote: QuoteText;
  will_send: ChangeText[];
  problems: FieldProblem[];
  body: Record<string, unknown>;
  inputs: InputText[];
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
  file_kind: FileKind;
  label: string;
  facts: string;
  size_bytes?: number;
  width_px?: number;
  height_px?: number;
  duration_s?: number;
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

/** A cell of Python. */
export interface PythonText {
  id: string;
  kind: "python_text";
  text: string;
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

/** Put clips among the deleted; their files stay. Answered by `Done`, shown by `Changed`. */
export interface DeleteClips {
  id: string;
  kind: "delete_clips";
  clip_ids: string[];
}

/** A page of clips. */
export interface HistoryPage {
  id: string;
  kind: "history_page";
  clips: ClipCard[];
  next?: string;
  total: number;
  models: string[];
}

/** Write clips and their recipes into one ZIP in the project's exports; answered by `Zip`. */
export interface MakeZip {
  id: string;
  kind: "make_zip";
  clip_ids: string[];
}

/** Rate a clip, or take the rating away; answered by `Done`, shown by `Changed`. */
export interface RateClip {
  id: string;
  kind: "rate_clip";
  clip_id: string;
  rating?: number;
}

/** Ask for a page of the project's clips, newest first; answered by `HistoryPage`. */
export interface ReadHistory {
  id: string;
  kind: "read_history";
  search: string;
  model_id?: string;
  remixable: boolean;
  deleted: boolean;
  before?: string;
  limit: number;
}

/** Ask for at most `CHUNK_BYTES` of a ZIP; answered by `ZipChunk`. */
export interface ReadZip {
  id: string;
  kind: "read_zip";
  file_name: string;
  offset: number;
}

/** Ask for what a job was asked with, to put it into the form; answered by `Recalled`. */
export interface Recall {
  id: string;
  kind: "recall";
  job_id: string;
}

/** What a job was asked with, inputs among it. */
export interface Recalled {
  id: string;
  kind: "recalled";
  wish: Wish;
  missing: string[];
}

/** Give a clip a title, or take it away; answered by `Done`, shown by `Changed`. */
export interface RenameClip {
  id: string;
  kind: "rename_clip";
  clip_id: string;
  title?: string;
}

/** Bring deleted clips back; answered by `Done`, shown by `Changed`. */
export interface RestoreClips {
  id: string;
  kind: "restore_clips";
  clip_ids: string[];
}

/** Keep a list of clips for a timeline, in order; answered by `Done`, shown by `Changed`. */
export interface SetTimeline {
  id: string;
  kind: "set_timeline";
  clip_ids: string[];
}

/** A ZIP is in the project's exports. */
export interface Zip {
  id: string;
  kind: "zip";
  file_name: string;
  path: string;
  files_path?: string;
  size_bytes: number;
  clip_count: number;
}

/** Bytes of a ZIP from `offset` on, in the buffer. */
export interface ZipChunk {
  id: string;
  kind: "zip_chunk";
  file_name: string;
  offset: number;
  total_bytes: number;
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
  money: MoneyLine;
  clip_count: number;
  jobs: JobLine[];
  clips: ClipCard[];
  deleted: string[];
  timeline?: TimelineClip[];
}

/** Everything a fresh panel needs to show. */
export interface State {
  kind: "state";
  now_s: number;
  project: string;
  mode: RunMode;
  key_last_four?: string;
  key_kept?: string;
  money: MoneyLine;
  modes: Mode[];
  models: ModelRow[];
  choice: Choice;
  jobs: JobLine[];
  clips: ClipCard[];
  clip_count: number;
  timeline: TimelineClip[];
  static_class: string;
}

/** A clip on the project's list for a timeline. */
export interface TimelineClip {
  id: string;
  name: string;
}

/** What a person had chosen, kept between views and kernels. */
export interface Choice {
  wish: Wish;
  models_by_mode: Record<string, string[]>;
  favourites: string[];
  sort: "" | "price" | "time";
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
  remix_of?: string;
  overrides: Record<string, Record<string, Value>>;
}

export type Event = Changed;

export type Command = Refresh | Price | Generate | ReadPython | CancelJob | DownloadAgain | ReadLogs | ReadDetails | SettleUnknown | ResumeProject | ReadPoster | ReadClip | CheckFile | UseFrame | UseClip | OpenUpload | WriteUpload | CloseUpload | RememberChoice | ReadHistory | RenameClip | RateClip | DeleteClips | RestoreClips | SetTimeline | Recall | MakeZip | ReadZip | SetKey | SetMode | ReadBundle | ReadComparison | MakePreview | RecordBallot;

export type Reply = Refused | Done | Snapshot | Priced | Accepted | Question | PythonText | Logs | JobDetails | Poster | ClipChunk | UploadOpened | UploadWritten | FileChecked | HistoryPage | Recalled | Zip | ZipChunk | KeySet | Bundle | Comparison | PreviewState;
