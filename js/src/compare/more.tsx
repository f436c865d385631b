/** The part of a comparison that is fetched when it is wanted: votes, and the list of keys. */
import { component } from "../component";
import { keyList } from "./more-strings";

export { default as css } from "./more.css";
export { PlaceButton, VoteBar } from "./vote-bar";

export const Keys = component(() => () => (
  <dl class="keys">
    {keyList.map(([keys, what]) => (
      <div key={keys}>
        <dt>
          <kbd>{keys}</kbd>
        </dt>
        <dd>{what}</dd>
      </div>
    ))}
  </dl>
));
