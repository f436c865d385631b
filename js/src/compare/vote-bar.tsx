/** Where a vote is given. */
import { component } from "../component";
import * as ballot from "./ballot";
import type { CompareStore } from "./store";
import { t } from "./strings";
import { m } from "./strings/more";
import type { Tile } from "./tile";

export const VoteBar = component<{ store: CompareStore }>(() => ({ store }) => {
  const { vote } = store;
  const tiles = store.candidates;
  const levels = ballot.levelsOf(store);
  const placed = levels.flat().length;
  const left = tiles.length - placed;
  return (
    <section class="vote bar" aria-label={t().voteLabel}>
      {vote.sent.value ? (
        <>
          <b>{m().voteKept}</b>
          {store.page.value < store.pages - 1 && (
            <button type="button" class="accent" onClick={() => store.turnPage(1)}>
              {t().nextPage}
            </button>
          )}
          <button type="button" onClick={() => store.startVote(true)}>
            {m().voteAgain}
          </button>
        </>
      ) : (
        <>
          <label class="inline">
            <input
              type="checkbox"
              checked={vote.hides.value}
              onChange={(event) => store.startVote(event.currentTarget.checked)}
            />
            {m().namesHidden}
          </label>
          <input
            class="voter"
            type="text"
            maxLength={200}
            value={vote.voter.value}
            placeholder={m().voter}
            aria-label={m().voter}
            onInput={(event) => {
              vote.voter.value = event.currentTarget.value;
            }}
          />
          {tiles.length === 2 ? (
            <>
              <span>{m().pickOne}</span>
              <button
                type="button"
                disabled={vote.sending.value}
                onClick={() => void ballot.send(store, [tiles])}
              >
                {m().equal}
              </button>
            </>
          ) : (
            <>
              <span role="status">{m().rankAll(left)}</span>
              {placed > 0 && left > 0 && (
                <label class="inline">
                  <input
                    type="checkbox"
                    checked={vote.tie.value}
                    onChange={(event) => {
                      vote.tie.value = event.currentTarget.checked;
                    }}
                  />
                  {m().tie}
                </label>
              )}
              {placed > 0 && (
                <button type="button" onClick={() => ballot.clear(store)}>
                  {m().startAgain}
                </button>
              )}
              <button
                type="button"
                class="accent"
                disabled={placed < 2 || vote.sending.value}
                onClick={() => void ballot.send(store, levels)}
              >
                {m().send}
              </button>
            </>
          )}
        </>
      )}
      <span class="grow" />
      <button type="button" class="quiet" onClick={() => store.toggleVote()}>
        {m().close}
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
      const place = ballot.placeOf(store, tile);
      if (vote.sent.value) return place && <p class="place">{m().place(place)}</p>;
      if (tiles.length === 2) {
        const other = tiles.filter((one) => one !== tile);
        return (
          <button
            type="button"
            class="accent"
            disabled={vote.sending.value}
            onClick={() => void ballot.send(store, [[tile], other])}
          >
            {m().better}
          </button>
        );
      }
      return (
        <button
          type="button"
          class={place ? "accent" : ""}
          aria-pressed={place !== null}
          onClick={() => ballot.toggle(store, tile)}
        >
          {place ? m().placeNow(place) : m().place(ballot.nextPlace(store))}
        </button>
      );
    },
);
