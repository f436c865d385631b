/** Where a vote is given. */
import { component } from "../component";
import * as ballot from "./ballot";
import * as texts from "./more-strings";
import type { CompareStore } from "./store";
import * as strings from "./strings";
import type { Tile } from "./tile";

export const VoteBar = component<{ store: CompareStore }>(() => ({ store }) => {
  const { vote } = store;
  const tiles = store.candidates;
  const left = tiles.filter((tile) => ballot.placeOf(vote, tile) === null).length;
  return (
    <section class="vote bar" aria-label={strings.voteLabel}>
      {vote.sent.value ? (
        <>
          <b>{texts.voteKept}</b>
          <button type="button" onClick={() => store.startVote(true)}>
            {texts.voteAgain}
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
            {texts.namesHidden}
          </label>
          <input
            class="voter"
            type="text"
            maxLength={200}
            value={vote.voter.value}
            placeholder={texts.voter}
            aria-label={texts.voter}
            onInput={(event) => {
              vote.voter.value = event.currentTarget.value;
            }}
          />
          {tiles.length === 2 ? (
            <>
              <span>{texts.pickOne}</span>
              <button
                type="button"
                disabled={vote.sending.value}
                onClick={() => void ballot.send(vote, [tiles])}
              >
                {texts.equal}
              </button>
            </>
          ) : (
            <>
              <span role="status">{texts.rankAll(left)}</span>
              {vote.levels.value.length > 0 && left > 0 && (
                <label class="inline">
                  <input
                    type="checkbox"
                    checked={vote.tie.value}
                    onChange={(event) => {
                      vote.tie.value = event.currentTarget.checked;
                    }}
                  />
                  {texts.tie}
                </label>
              )}
              {vote.levels.value.length > 0 && (
                <button type="button" onClick={() => ballot.clear(vote)}>
                  {texts.startAgain}
                </button>
              )}
              <button
                type="button"
                class="accent"
                disabled={left > 0 || tiles.length < 2 || vote.sending.value}
                onClick={() => void ballot.send(vote, vote.levels.value)}
              >
                {texts.send}
              </button>
            </>
          )}
        </>
      )}
      <span class="grow" />
      <button type="button" class="quiet" onClick={() => store.toggleVote()}>
        {texts.close}
      </button>
      {vote.failure.value && (
        <p class="what" role="alert">
          {vote.failure.value}
        </p>
      )}
    </section>
  );
});

/** Gives a clip its place. */
export const PlaceButton = component<{ tile: Tile; store: CompareStore }>(
  () =>
    ({ tile, store }) => {
      const { vote } = store;
      const tiles = store.candidates;
      if (!tiles.includes(tile)) return null;
      const place = ballot.placeOf(vote, tile);
      if (vote.sent.value) return place && <p class="place">{texts.place(place)}</p>;
      if (tiles.length === 2) {
        const other = tiles.filter((one) => one !== tile);
        return (
          <button
            type="button"
            class="accent"
            disabled={vote.sending.value}
            onClick={() => void ballot.send(vote, [[tile], other])}
          >
            {texts.better}
          </button>
        );
      }
      return (
        <button
          type="button"
          class={place ? "accent" : ""}
          aria-pressed={place !== null}
          onClick={() => ballot.toggle(vote, tile)}
        >
          {place ? texts.placeNow(place) : texts.place(ballot.nextPlace(vote))}
        </button>
      );
    },
);
