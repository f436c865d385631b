/** Jobs on their way, a line each; many fold into a summary. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Extras } from "../extras";
import { Fetched } from "../fetched";
import { type Kernel, RefusedError } from "../kernel";
import type { Live } from "../live";
import type { JobLine, Problem } from "../messages.gen";
import { ProblemLines } from "../problem";
import { usualText } from "../ranges";
import { said } from "../strings";
import { r } from "../strings/results";
import { byteFraction, clockText, leftText, stateText } from "./job-text";
import { type FormRemedies, Remedies } from "./remedies";

interface Around {
  kernel: Kernel;
  live: Live;
  extras: Extras;
  /** What buttons can do besides, where there is a form. */
  form?: FormRemedies;
}

/** More than this fold into a summary. */
const SHOWN_AT_ONCE = 8;

export const Jobs = component<Around>(() => {
  const unfolded = signal(false);
  return (around) => {
    const { live } = around;
    const jobs = live.jobs.value;
    const folds = jobs.length > SHOWN_AT_ONCE;
    const shown =
      folds && !unfolded.value
        ? jobs.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, SHOWN_AT_ONCE)
        : jobs;
    return (
      <>
        <p class="sr-only" role="status">
          {live.ended.value.map(newsOf).filter(Boolean).join(". ")}
        </p>
        {jobs.length > 0 && (
          <section class="part jobs" aria-label={r().jobs}>
            {folds && (
              <div class="row">
                <p class="grow num">{summaryOf(jobs)}</p>
                <button
                  type="button"
                  aria-expanded={unfolded.value}
                  onClick={() => {
                    unfolded.value = !unfolded.value;
                  }}
                >
                  {unfolded.value ? r().fewerJobs : r().allJobs(jobs.length)}
                </button>
              </div>
            )}
            <ul class={shown.length > SHOWN_AT_ONCE ? "long" : ""}>
              {shown.map((job) => (
                <Job key={job.id} job={job} {...around} />
              ))}
            </ul>
          </section>
        )}
      </>
    );
  };
});

/** What a screen reader says of a job that ended. */
function newsOf(job: JobLine): string {
  if (job.state === "stored") return r().jobStored(job.model_name);
  return job.problem ? r().jobFailed(job.model_name, said(job.problem.what)) : "";
}

/** What a person has to look at is never folded away; then comes what moves. */
function urgency(job: JobLine): number {
  if (job.problem !== undefined || job.state === "submit_unknown") return 0;
  return job.state === "queued" || job.state === "submitted" || job.settled ? 2 : 1;
}

/** "200 jobs: 12 running, 188 queued". */
function summaryOf(jobs: JobLine[]): string {
  const counts = new Map<string, number>();
  for (const job of jobs) {
    const word = r().stateNames[job.state] ?? job.state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  return `${r().jobCount(jobs.length)}: ${parts.join(", ")}`;
}

const Job = component<Around & { job: JobLine }>(() => {
  const refused = signal<Problem | null>(null);
  const busy = signal(false);
  const stopping = signal(false);
  const open = signal<"" | "logs" | "details">("");
  return (props) => {
    const { job, kernel, live, extras } = props;
    const problem = job.problem ?? refused.value;
    const act = async (command: () => Promise<unknown>) => {
      refused.value = null;
      busy.value = true;
      try {
        await command();
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        refused.value = error.problem;
      }
      busy.value = false;
    };
    const cancel = async () => {
      stopping.value = true;
      await act(() => kernel.command<"cancel_job">({ kind: "cancel_job", job_id: job.id }));
      // It is asked once, unless that was refused.
      stopping.value = !refused.value;
    };
    const toggle = (part: "logs" | "details") => {
      open.value = open.value === part ? "" : part;
    };
    return (
      <li
        class={`job ${job.settled && job.state !== "stored" ? "ended" : ""}`}
        data-state={job.state}
        data-job={job.id}
      >
        <div class="job-line">
          <span class="job-name" title={job.prompt}>
            {job.model_name}
          </span>
          <span class="job-state">
            {!job.settled && !kernel.silent.value && <i class="pulse" aria-hidden="true" />}
            {stateText(job)}
          </span>
          <Elapsed job={job} live={live} />
          <Expected job={job} live={live} />
          <span class="job-price num" title={said(job.quote.detail)}>
            {job.reused ? r().reused : said(job.cost || job.quote.text)}
          </span>
          <span class="job-buttons">
            <button
              type="button"
              class="quiet"
              aria-label={r().logsOf(job.model_name)}
              aria-expanded={open.value === "logs"}
              onClick={() => toggle("logs")}
            >
              {r().logs}
            </button>
            {job.settled ? (
              <>
                <button
                  type="button"
                  class="quiet"
                  aria-label={r().detailsOf(job.model_name)}
                  aria-expanded={open.value === "details"}
                  onClick={() => toggle("details")}
                >
                  {r().details}
                </button>
                <button
                  type="button"
                  class="quiet"
                  aria-label={r().dismissJob(job.model_name)}
                  onClick={() => live.dismiss(job.id)}
                >
                  {r().dismiss}
                </button>
              </>
            ) : (
              <button
                type="button"
                class="quiet"
                aria-label={r().cancelJob(job.model_name)}
                title={job.submitted_at ? r().cancelHint : r().cancelFree}
                disabled={stopping.value || job.state === "cancelling"}
                onClick={cancel}
              >
                {r().cancel}
              </button>
            )}
          </span>
        </div>
        <Bytes job={job} />
        <CancelWords job={job} problem={problem} />
        {problem && (
          <ProblemLines problem={problem} calm={job.state === "cancelled"}>
            <Remedies {...props} problem={problem} busy={busy.value} act={act} />
          </ProblemLines>
        )}
        {open.value && (
          <Fetched
            extras={extras}
            show={({ JobLogs, JobDetails }) =>
              open.value === "logs" ? (
                <JobLogs job={job} kernel={kernel} />
              ) : (
                <JobDetails job={job} kernel={kernel} />
              )
            }
          />
        )}
      </li>
    );
  };
});

/** Of all that a line shows, only these two follow the clock. */
const Elapsed = component<{ job: JobLine; live: Live }>(() => ({ job, live }) => (
  <span class="job-time num">{clockText((job.ended_at ?? live.now.value) - job.created_at)}</span>
));

const Expected = component<{ job: JobLine; live: Live }>(() => ({ job, live }) => (
  <span class="job-usual muted num" title={usualText(job)}>
    {leftText(job, live.now.value) || (!job.settled && (usualText(job) || r().noEstimate))}
  </span>
));

const Bytes = component<{ job: JobLine }>(() => ({ job }) => {
  const fraction = byteFraction(job);
  if (fraction === undefined) return null;
  return <progress max={1} value={fraction} aria-label={stateText(job)} />;
});

function CancelWords({ job, problem }: { job: JobLine; problem: Problem | null }) {
  if (problem) return null;
  if (job.state === "cancelling") return <p class="muted">{r().cancelAsked}</p>;
  if (job.state !== "cancelled") return null;
  return <p class="muted">{job.submitted_at ? r().cancelAsked : r().cancelNotCharged}</p>;
}
