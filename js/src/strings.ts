/** Every text that a person reads; what the kernel words itself (prices, errors) comes from there. */
import type { Mode } from "./messages.gen";

const plural = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`);

export const simulated = "SIMULATED: free";
export const live = (lastFour?: string) =>
  `LIVE: spends money${lastFour ? `, key …${lastFour}` : ""}`;
export const noKey = "LIVE: no key yet";
export const spent = (price: string) => `spent ${price}`;
export const panelOf = (project: string) => `Video generation for ${project}`;

export const modes = {
  text: "Text",
  image: "Image",
  frames: "Frames",
  avatar: "Avatar",
  remix: "Remix",
  upscale: "Upscale",
} satisfies Record<Mode, string>;
export const modesLabel = "What to start from";

export const prompt = "Prompt";
export const promptPlaceholder = "What should the clip show?";
export const promptLimitedBy = (name: string) => `limit of ${name}`;
export const negativePrompt = "Negative prompt";
export const negativePlaceholder = "What should not be seen";

export const fileNames = {
  image: "Image",
  first_frame: "First frame",
  last_frame: "Last frame",
  audio_file: "Sound file",
  video: "Video",
} as Record<string, string>;
export const optional = "optional";
export const pick = "Choose a file";
export const dropHere = "or drop it here";
export const pathOrUrl = "Path or URL";
export const pathPlaceholder = "path on the kernel's machine, or URL";
export const use = "Use";
export const removeFile = (label: string) => `Remove ${label}`;
export const sending = (percent: number) => `sending ${percent} %`;
export const checking = "checking";
export const allowedFormats = (formats: string[]) => formats.map((f) => f.toUpperCase()).join(", ");

export const models = "Models";
export const search = "Search";
export const filters = "Filters";
export const filtersOn = (n: number) => `Filters (${n})`;
export const provider = "Provider";
export const maxPrice = "Price up to";
export const resolution = "Size";
export const sound = "Sound";
export const lifeCycle = "Availability";
export const any = "any";
export const withSound = "with sound";
export const withoutSound = "without sound";
export const active = "stays";
export const retiring = "retiring";
export const noMatch = "No model matches.";
export const clearFilters = "Clear search and filters";
export const hidden = (n: number) => `${n} ticked, hidden by the filters`;
export const retired = (n: number) => `Retired (${n})`;
export const retiredSince = (on?: string) => (on ? `shut down on ${on}` : "shut down");
export const retiringSince = (replacement?: string) =>
  replacement ? `being retired; ${replacement} follows` : "being retired";
export const useInstead = (name: string) => `Use ${name} instead`;
export const needs = (what: string) => `needs ${what}`;
export const anInput = (name: string) =>
  ({
    image: "an image",
    first_frame: "a first frame",
    last_frame: "a last frame",
    audio_file: "a sound file",
    video: "a video",
  })[name] ?? name;
export const unpriced = "…";
export const soundMark = "with sound";

export const duration = "Duration";
export const size = "Size";
export const ratio = "Ratio";
export const fps = "Frame rate";
export const seed = "Seed";
export const seedPlaceholder = "random";
export const modelsDefault = "model's own";
export const on = "on";
export const off = "off";
export const seconds = (n: number) => `${n} s`;
export const framesPerSecond = (n: number) => `${n} fps`;
export const partly = (text: string, n: number, of: number) => `${text} (${n} of ${of})`;
export const partlyHint = "Not all ticked models take this value; each row says what it gets.";
export const settingNames = {
  duration_s: "duration",
  resolution: "size",
  aspect_ratio: "ratio",
  audio: "sound",
  seed: "seed",
  fps: "frame rate",
  negative_prompt: "negative prompt",
  prompt: "prompt",
} as Record<string, string>;
export const notSent = "not sent";

export const generate = (n: number, price: string) =>
  `Generate ${plural(n, "clip", "clips")}, ${price}`;
export const generateNone = "Generate";
export const generating = "Starting…";
export const shortcut = "Ctrl+Enter";
export const total = "Total";
export const modelCount = (n: number) => plural(n, "model", "models");
export const reasonNoModel = "Tick at least one model.";
export const reasonNoPrompt = "Write a prompt.";
export const reasonPromptLong = (over: number, name: string) =>
  `${over} characters too many for ${name}.`;
export const reasonNoFile = (name: string) => `Add ${name}.`;
export const reasonBusyFile = "The file is still on its way.";
export const reasonPricing = "The price is being worked out.";
export const exactRequest = "Exact request";
export const copyPython = "Copy as Python";
export const copied = "Copied";
export const copyFailed = "Select the text and copy it";

export const jobs = "Jobs";
export const jobCount = (n: number) => plural(n, "job running", "jobs running");
export const states = {
  preparing: "preparing",
  waitingForUpload: (percent: number) => `waiting for upload ${percent} %`,
  sending: "sending",
  queued: "queued",
  queuedAhead: (n: number) => (n === 0 ? "queued, next" : `queued, ${n} ahead`),
  running: "running",
  finished: "finished at fal",
  downloading: (received: string, total?: string) =>
    total ? `downloading ${received} of ${total}` : `downloading ${received}`,
  stored: "stored",
  failed: "failed",
  cancelling: "cancelling",
  cancelled: "cancelled",
  lostContact: "lost contact (still running at fal, will go on)",
  unknown: "unknown (may be charged)",
  expired: "expired",
};
export const usually = (text: string) => `usually ${text}`;
export const logs = "Logs";
export const noLogs = "Nothing logged yet.";
export const cancel = "Cancel";
export const cancelJob = (name: string) => `Cancel ${name}`;
export const cancelHint = "A job that has started may still finish and be charged.";
export const cancelNotCharged = "Cancelled before it started: not charged";
export const cancelAsked = "Asked fal to stop: it may still finish and be charged";
export const dismiss = "Dismiss";
export const downloadAgain = "Download again: free";
export const shortenPrompt = "Shorten the prompt";
export const jobStored = (name: string) => `${name}: clip is ready`;
export const jobFailed = (name: string, what: string) => `${name}: ${what}`;

export const clips = "Clips";
export const moreClips = (n: number) =>
  `${n} older ${n === 1 ? "clip is" : "clips are"} in studio.clips`;
export const playClip = (name: string) => `Play ${name}`;
export const loading = (percent: number) => `loading ${percent} %`;
export const seedOf = (seed: number) => `seed ${seed}`;

export const emptyTitle = "No clips yet. Try one of these:";
export const examples = [
  { prompt: "A paper boat drifting down a rain-soaked street, close to the water, golden hour" },
  { prompt: "A cat playing with a ball of yarn on a wooden floor, soft window light" },
  {
    prompt: "Aerial view of a lighthouse in a storm, waves breaking over the rocks, cinematic",
    two: true,
  },
] as { prompt: string; two?: boolean }[];
export const withTwoModels = "with two models, to compare";

export const kernelSilent =
  "The kernel has not answered yet: it may be busy with a cell, or stopped. " +
  "Jobs that run go on. After a kernel restart, run this cell again.";
