/** Jobs on their way, a line each. */

import { signal } from "@preact/signals-core";
import { component } from "./component";
import { byteFraction, clockText, rangeText, stateText } from "./job-text";
import { type Kernel, RefusedError } from "./kernel";
import type { Live } from "./live";
import type { JobLine, Problem } from "./messages.gen";
import * as strings from "./strings";

interface Around {
  kernel: Kernel;
  live: Live;
  /** What a button can do besides, where there is a form. */
  onShortenPrompt?: () => void;
}

export const Jobs = component<Around>(() => ({ kernel, live, onShortenPrompt }) => {
  const jobs = live.jobs.value;
  const running = jobs.filter((job) => !job.settled).length;
  return (
    <>
      <p class="sr-only" role="status">
        {live.said.value}
      </p>
      {jobs.length > 0 && (
        <section class="jobs" aria-label={strings.jobs}>
          {running > 3 && <p class="muted">{strings.jobCount(running)}</p>}
          <ul>
            {jobs.map((job) => (
              <Job
                key={job.id}
                job={job}
                kernel={kernel}
                live={live}
                {...(onShortenPrompt && { onShortenPrompt })}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
});

const Job = component<Around & { job: JobLine }>(() => {
  const refused = signal<Problem | null>(null);
  const asked = signal(false);
  const logsOpen = signal(false);
  return ({ job, kernel, live, onShortenPrompt }) => {
    const elapsed = (job.ended_at ?? live.now.value) - job.created_at;
    const fraction = byteFraction(job);
    const problem = job.problem ?? refused.value;

    const act = async (kind: "cancel_job" | "download_again") => {
      refused.value = null;
      asked.value = true;
      try {
        await kernel.command<"cancel_job">({ kind: kind as "cancel_job", job_id: job.id });
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        refused.value = error.problem;
      }
      asked.value = kind === "cancel_job" && !refused.value;
    };

    return (
      <li
        class={`job ${job.settled && job.state !== "stored" ? "ended" : ""}`}
        data-state={job.state}
      >
        <div class="job-line">
          <span class="job-name" title={job.prompt}>
            {job.model_name}
          </span>
          <span class="job-state">
            {!job.settled && <i class="pulse" aria-hidden="true" />}
            {stateText(job)}
          </span>
          <span class="job-time num">{clockText(elapsed)}</span>
          <span class="job-usual muted">
            {!job.settled && job.expected_s && strings.usually(rangeText(job.expected_s))}
          </span>
          <span class="job-price num">{job.quote.text}</span>
          <span class="job-buttons">
            <button
              type="button"
              class="quiet"
              aria-expanded={logsOpen.value}
              onClick={() => {
                logsOpen.value = !logsOpen.value;
              }}
            >
              {strings.logs}
            </button>
            {job.settled ? (
              <button type="button" class="quiet" onClick={() => live.dismiss(job.id)}>
                {strings.dismiss}
              </button>
            ) : (
              <button
                type="button"
                class="quiet"
                aria-label={strings.cancelJob(job.model_name)}
                title={strings.cancelHint}
                disabled={asked.value || job.state === "cancelling"}
                onClick={() => act("cancel_job")}
              >
                {strings.cancel}
              </button>
            )}
          </span>
        </div>
        {fraction !== undefined && (
          <progress max={1} value={fraction} aria-label={stateText(job)} />
        )}
        {job.state === "cancelling" && !problem && <p class="muted">{strings.cancelAsked}</p>}
        {job.state === "cancelled" && !problem && (
          <p class="muted">{job.submitted_at ? strings.cancelAsked : strings.cancelNotCharged}</p>
        )}
        {problem && (
          <ProblemLines problem={problem} calm={job.state === "cancelled"}>
            {problem.action === "download_again" && (
              <button type="button" disabled={asked.value} onClick={() => act("download_again")}>
                {strings.downloadAgain}
              </button>
            )}
            {problem.action === "shorten_prompt" && onShortenPrompt && (
              <button type="button" onClick={onShortenPrompt}>
                {strings.shortenPrompt}
              </button>
            )}
          </ProblemLines>
        )}
        {logsOpen.value && <Logs job={job} kernel={kernel} />}
      </li>
    );
  };
});

/** What happened, whether money was spent, what to do: a line each. */
export const ProblemLines = component<{
  problem: Problem;
  calm?: boolean;
  children?: preact.ComponentChildren;
}>(() => (props) => {
  const { what, money, remedy } = props.problem;
  return (
    <div class={`problem ${props.calm ? "calm" : ""}`}>
      <p class="what">{what}</p>
      {money && <p>{money}</p>}
      {remedy && <p>{remedy}</p>}
      <div class="row">{props.children}</div>
    </div>
  );
});

const Logs = component<{ job: JobLine; kernel: Kernel }>(() => {
  const lines = signal<string[] | null>(null);
  let readUpTo = -1;
  return ({ job, kernel }) => {
    if (readUpTo !== job.log_lines) {
      readUpTo = job.log_lines;
      kernel.command<"read_logs">({ kind: "read_logs", job_id: job.id }).then(
        (reply) => {
          lines.value = reply.lines;
        },
        (error: unknown) => {
          lines.value = [error instanceof Error ? error.message : String(error)];
        },
      );
    }
    const text = lines.value === null ? "" : lines.value.join("\n") || strings.noLogs;
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by key
      <pre class="logs" role="log" tabIndex={0} aria-label={strings.logs}>
        {text}
      </pre>
    );
  };
});
