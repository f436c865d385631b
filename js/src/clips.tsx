/** Finished clips, a card each. */

import { signal } from "@preact/signals-core";
import { component } from "./component";
import type { Media } from "./media";
import type { ClipCard } from "./messages.gen";
import * as strings from "./strings";

export const Clips = component<{ clips: ClipCard[]; count: number; media: Media }>(
  () =>
    ({ clips, count, media }) => {
      if (clips.length === 0) return null;
      return (
        <section class="clips" aria-label={strings.clips}>
          <ul>
            {clips.map((clip) => (
              <Clip key={clip.id} clip={clip} media={media} />
            ))}
          </ul>
          {count > clips.length && <p class="muted">{strings.moreClips(count - clips.length)}</p>}
        </section>
      );
    },
);

const Clip = component<{ clip: ClipCard; media: Media }>(({ clip, media }) => {
  const poster = signal<string>("");
  const video = signal<string>("");
  const loading = signal<number | null>(null);
  const failure = signal("");
  media.posterUrl(clip).then(
    (url) => {
      poster.value = url;
    },
    (error: unknown) => {
      failure.value = text(error);
    },
  );
  return ({ clip, media }) => {
    const play = async () => {
      failure.value = "";
      loading.value = 0;
      try {
        video.value = await media.clipUrl(clip, (fraction) => {
          loading.value = fraction;
        });
      } catch (error) {
        failure.value = text(error);
      }
      loading.value = null;
    };

    const ratio =
      clip.width_px && clip.height_px ? `${clip.width_px} / ${clip.height_px}` : "16 / 9";
    return (
      <li class="clip">
        <div class="screen" style={{ aspectRatio: ratio }}>
          {video.value ? (
            <video
              ref={takeFocus}
              src={video.value}
              poster={poster.value}
              controls
              autoplay
              loop
              playsInline
            />
          ) : (
            <button
              type="button"
              class="poster"
              aria-label={strings.playClip(clip.name)}
              onClick={play}
            >
              {poster.value && <img src={poster.value} alt="" />}
              <span class="play num" aria-hidden="true">
                {loading.value === null ? "▶" : strings.loading(Math.floor(loading.value * 100))}
              </span>
            </button>
          )}
        </div>
        <p class="clip-name" title={clip.file_name}>
          {clip.model_name}
          <span class="num price">{clip.cost}</span>
        </p>
        <p class="clip-prompt muted" title={clip.prompt}>
          {clip.prompt}
        </p>
        <p class="muted num">{factsOf(clip)}</p>
        {failure.value && (
          <p class="what" role="alert">
            {failure.value}
          </p>
        )}
      </li>
    );
  };
});

/** The video takes the place of the button that was pressed, and its focus. */
const takeFocus = (video: HTMLVideoElement | null) => video?.focus({ preventScroll: true });

const text = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** "5.0 s, 1920x1080, 24 fps, seed 42". */
export function factsOf(clip: ClipCard): string {
  const parts: string[] = [];
  if (clip.duration_s !== undefined) parts.push(`${clip.duration_s.toFixed(1)} s`);
  if (clip.width_px && clip.height_px) parts.push(`${clip.width_px}x${clip.height_px}`);
  if (clip.fps !== undefined) parts.push(strings.framesPerSecond(Number(clip.fps.toFixed(2))));
  if (clip.has_sound) parts.push(strings.soundMark);
  if (clip.seed !== undefined) parts.push(strings.seedOf(clip.seed));
  return parts.join(", ");
}
