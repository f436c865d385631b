/** A place that shows something of the fetched part, and fetches it when it is first shown. */
import type { ComponentChild } from "preact";
import { component } from "./component";
import type { Extras, More } from "./extras";
import { t } from "./strings";

interface FetchedProps {
  extras: Extras;
  show: (more: More) => ComponentChild;
}

export const Fetched = component<FetchedProps>(() => ({ extras, show }) => {
  const more = extras.more.value;
  if (more) return show(more);
  const failure = extras.failure.value;
  if (!failure) void extras.load();
  return (
    <p class="muted" role="status">
      {failure ? `${t().notFetched}: ${failure}` : t().fetching}
    </p>
  );
});
