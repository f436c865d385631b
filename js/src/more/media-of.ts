/** The posters and clips of one panel, each fetched once for all its views. */
import { Media } from "../media";
import type { PanelStore } from "../panel-store";

const known = new WeakMap<PanelStore, Media>();

export function mediaOf(store: PanelStore): Media {
  const there = known.get(store);
  if (there) return there;
  const media = new Media(store.kernel);
  known.set(store, media);
  store.onClose(() => media.close());
  return media;
}
