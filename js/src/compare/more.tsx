/**
 * The part of a comparison that is fetched when it is wanted: votes, preview
 * copies, what only the modes with two clips have, and the list of keys.
 */
import { component } from "../component";
import { m } from "./strings/more";

export { CopyOffer } from "./copy-offer";
export { DriftReading } from "./drift-reading";
export { default as css } from "./more.css";
export { PairChoice, WipeHandle } from "./two";
export { PlaceButton, VoteBar } from "./vote-bar";

export const Keys = component(() => () => (
  <dl class="keys">
    {m().keyList.map(([keys, what]) => (
      <div key={keys}>
        <dt>
          <kbd>{keys}</kbd>
        </dt>
        <dd>{what}</dd>
      </div>
    ))}
  </dl>
));
