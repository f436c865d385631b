/** What stands in place of a clip that the browser cannot play. */
import { component } from "../component";
import { m } from "./strings/more";
import type { Tile } from "./tile";

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
  return (
    <>
      <p>{hidden ? m().cannotPlayHidden : m().cannotPlay(tile.clip.value.video_codec)}</p>
      <p class="faint">{m().makePreviewHint}</p>
      <button type="button" onClick={() => void tile.makeCopy()}>
        {m().makePreview}
      </button>
    </>
  );
});
