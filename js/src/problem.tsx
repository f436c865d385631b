/** An error in three lines, with what can be done as buttons. */
import type { ComponentChildren } from "preact";
import { component } from "./component";
import type { Problem } from "./messages.gen";
import { said } from "./strings";

interface ProblemProps {
  problem: Problem;
  calm?: boolean;
  children?: ComponentChildren;
}

/** What happened, whether money was spent, what to do: a line each. */
export const ProblemLines = component<ProblemProps>(() => ({ problem, calm, children }) => (
  <div class={`problem ${calm ? "calm" : ""}`}>
    <p class="what">{said(problem.what)}</p>
    {problem.money && <p>{said(problem.money)}</p>}
    {problem.remedy && <p>{said(problem.remedy)}</p>}
    <div class="row">{children}</div>
  </div>
));
