/** Finished clips, a card each. */
import { computed, signal } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { component } from "../component";
import type { Media } from "../media";
import type { ClipCard } from "../messages.gen";
import { said } from "../strings";
import { r } from "../strings/results";

interface ClipsProps {
  clips: ClipCard[];
  count: number;
  media: Media;
  /** What stands beside the heading. */
  tools?: ComponentChildren;
  /** What a person can do with a clip, below its facts. */
  actions?: (clip: ClipCard) => ComponentChildren;
}

export const Clips = component<ClipsProps>(() => ({ clips, count, media, tools, actions }) => {
  if (clips.length === 0) return null;
  return (
    <section class="part clips" aria-label={r().clips}>
      <div class="head">
        <h3>
          {r().clips} <span class="muted num">{count}</span>
        </h3>
        {tools}
      </div>
      <ul>
        {clips.map((clip) => (
          <Clip key={clip.id} clip={clip} media={media} {...(actions && { actions })} />
        ))}
      </ul>
    </section>
  );
});

interface ClipProps {
  clip: ClipCard;
  media: Media;
  actions?: (clip: ClipCard) => ComponentChildren;
}

/** How long a pointer rests on a poster before the clip moves. */
const HOVER_MS = 250;
const wantsStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const Clip = component<ClipProps>(({ clip, media }) => {
  const poster = signal("");
  const url = signal("");
  const showing = signal<"poster" | "glimpse" | "player">("poster");
  const loading = signal<number | null>(null);
  const failure = signal("");
  let hovering: ReturnType<typeof setTimeout> | undefined;
  const fail = (error: unknown) => {
    failure.value = error instanceof Error ? error.message : String(error);
  };
  media.posterUrl(clip).then((made) => {
    poster.value = made;
  }, fail);
  const load = async (wanted: "glimpse" | "player") => {
    failure.value = "";
    clearTimeout(hovering);
    if (wanted === "player") loading.value = url.value ? null : 0;
    try {
      url.value ||= await media.clipUrl(clip, (fraction) => {
        if (loading.value !== null) loading.value = fraction;
      });
      if (wanted === "player") showing.value = wanted;
      else if (hovering && showing.value === "poster") showing.value = wanted;
    } catch (error) {
      fail(error);
    }
    loading.value = null;
  };
  const enter = () => {
    // A clip that has to come through the kernel is worth a click.
    if (wantsStill() || !(clip.files_path || url.value) || showing.value === "player") return;
    hovering = setTimeout(() => void load("glimpse"), HOVER_MS);
  };
  const leave = () => {
    clearTimeout(hovering);
    hovering = undefined;
    if (showing.value === "glimpse") showing.value = "poster";
  };
  const playText = computed(() =>
    loading.value === null ? "▶" : r().loading(Math.floor(loading.value * 100)),
  );
  return ({ clip, actions }) => (
    <li class="clip" data-clip={clip.id}>
      <div class="screen" onPointerEnter={enter} onPointerLeave={leave}>
        {showing.value === "player" ? (
          <video
            ref={takeFocus}
            src={url.value}
            poster={poster.value}
            aria-label={clip.name}
            controls
            autoplay
            loop
            playsInline
          />
        ) : (
          <button
            type="button"
            class="poster"
            aria-label={r().playClip(clip.name)}
            onClick={() => load("player")}
          >
            {poster.value && <img src={poster.value} alt="" />}
            {showing.value === "glimpse" && (
              <video src={url.value} muted autoplay loop playsInline tabIndex={-1} />
            )}
            <span class="play num" aria-hidden="true">
              {playText.value}
            </span>
          </button>
        )}
      </div>
      <p class="clip-name">
        <span class="grow" title={clip.file_name}>
          {clip.title ?? clip.model_name}
        </span>
        <span class="num price">{said(clip.cost)}</span>
      </p>
      <p class="clip-prompt muted" title={clip.prompt}>
        {clip.prompt}
      </p>
      <p class="muted num">{factsOf(clip)}</p>
      {failure.value && (
        <p class="wrong" role="alert">
          {failure.value}
        </p>
      )}
      {actions?.(clip)}
    </li>
  );
});

/** The video takes the place of the button that was pressed, and its focus. */
const takeFocus = (video: HTMLVideoElement | null) => video?.focus({ preventScroll: true });

/** "5.0 s, 1920x1080, 24 fps, seed 42". */
export function factsOf(clip: ClipCard): string {
  const parts: string[] = [];
  if (clip.duration_s !== undefined) parts.push(`${clip.duration_s.toFixed(1)} s`);
  if (clip.width_px && clip.height_px) parts.push(`${clip.width_px}x${clip.height_px}`);
  if (clip.fps !== undefined) parts.push(r().framesPerSecond(Number(clip.fps.toFixed(2))));
  if (clip.has_sound) parts.push(r().withSound);
  if (clip.seed !== undefined) parts.push(r().seedOf(clip.seed));
  return parts.join(", ");
}
