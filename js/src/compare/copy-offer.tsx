/** What stands in place of a clip that the browser cannot play. */
import { component } from "../component";
import type { CompareClip } from "../messages.gen";
import { m } from "./strings/more";
import { problemOf, type Tile } from "./tile";

/** How often to ask how far a preview copy is. */
const ASK_EVERY_MS = 600;
/** What browsers play, by FFmpeg's names; in another container they do not find it. */
const PLAYED = ["h264", "vp8", "vp9", "av1"];
const READ = ["mp4", "mov", "webm", "mkv"];

export const CopyOffer = component<{ tile: Tile; hidden: boolean }>(() => ({ tile, hidden }) => {
  const copying = tile.copying.value;
  if (copying !== null) {
    return (
      <>
        <p>{m().makingPreview(Math.floor(copying * 100))}</p>
        <progress value={copying} />
      </>
    );
  }
  const problem = tile.problem.value;
  if (problem) {
    return (
      <button type="button" onClick={() => void makeCopy(tile)}>
        {m().tryAgain}
      </button>
    );
  }
  return (
    <>
      <p>{hidden ? m().cannotPlayHidden : reasonOf(tile.clip.value)}</p>
      <p class="faint">{m().makePreviewHint}</p>
      <button type="button" onClick={() => void makeCopy(tile)}>
        {m().makePreview}
      </button>
    </>
  );
});

function reasonOf({ video_codec: codec, format }: CompareClip): string {
  if (!PLAYED.includes(codec)) return m().cannotPlay(codec);
  return READ.includes(format) ? m().cannotPlayKind(codec) : m().cannotRead(format);
}

/** Have the kernel make a copy that plays, and play that. */
async function makeCopy(tile: Tile): Promise<void> {
  tile.copying.value = 0;
  tile.problem.value = null;
  try {
    let copy: CompareClip | undefined;
    while (!copy && !tile.closed) {
      const reply = await tile.kernel.command<"make_preview">({
        kind: "make_preview",
        clip_id: tile.clip.value.id,
      });
      tile.copying.value = reply.fraction;
      copy = reply.clip;
      if (!copy) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    if (copy) {
      tile.clip.value = copy;
      tile.player?.shiftTo(copy.first_frame_s);
    }
    tile.unplayable.value = false;
    await tile.load();
  } catch (error) {
    tile.problem.value = problemOf(error);
  }
  tile.copying.value = null;
}
