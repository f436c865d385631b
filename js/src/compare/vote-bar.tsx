/** Where a vote is given. */
import { component } from "../component";
import type { CompareStore } from "./store";
import * as strings from "./strings";

export const VoteBar = component<{ store: CompareStore }>(() => ({ store }) => {
  const { vote } = store;
  const tiles = store.candidates;
  const left = tiles.filter((tile) => vote.placeOf(tile) === null).length;
  return (
    <section class="vote bar" aria-label={strings.voteLabel}>
      {vote.sent.value ? (
        <>
          <b>{strings.voteKept}</b>
          <button type="button" onClick={() => store.startVote(true)}>
            {strings.voteAgain}
          </button>
        </>
      ) : (
        <>
          <label class="inline">
            <input
              type="checkbox"
              checked={vote.blind.value}
              onChange={(event) => store.startVote(event.currentTarget.checked)}
            />
            {strings.namesHidden}
          </label>
          <input
            class="voter"
            type="text"
            maxLength={200}
            value={vote.voter.value}
            placeholder={strings.voter}
            aria-label={strings.voter}
            onInput={(event) => {
              vote.voter.value = event.currentTarget.value;
            }}
          />
          {tiles.length === 2 ? (
            <>
              <span>{strings.pickOne}</span>
              <button
                type="button"
                disabled={vote.sending.value}
                onClick={() => void vote.send([tiles])}
              >
                {strings.equal}
              </button>
            </>
          ) : (
            <>
              <span role="status">{strings.rankAll(left)}</span>
              {vote.levels.value.length > 0 && left > 0 && (
                <label class="inline">
                  <input
                    type="checkbox"
                    checked={vote.tie.value}
                    onChange={(event) => {
                      vote.tie.value = event.currentTarget.checked;
                    }}
                  />
                  {strings.tie}
                </label>
              )}
              {vote.levels.value.length > 0 && (
                <button type="button" onClick={() => vote.clear()}>
                  {strings.startAgain}
                </button>
              )}
              <button
                type="button"
                class="accent"
                disabled={left > 0 || tiles.length < 2 || vote.sending.value}
                onClick={() => void vote.send(vote.levels.value)}
              >
                {strings.send}
              </button>
            </>
          )}
        </>
      )}
      <span class="grow" />
      <button type="button" class="quiet" onClick={() => store.toggleVote()}>
        {strings.close}
      </button>
      {vote.failure.value && (
        <p class="what" role="alert">
          {vote.failure.value}
        </p>
      )}
    </section>
  );
});
