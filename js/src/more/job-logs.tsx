/** A job's log: filtered, copied, text only. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Kernel } from "../kernel";
import type { JobLine } from "../messages.gen";
import { m } from "../strings/more";
import { r } from "../strings/results";
import { CopyButton } from "./copy-button";
import { TextBlock } from "./text-block";

export const JobLogs = component<{ job: JobLine; kernel: Kernel }>(() => {
  const lines = signal<string[] | null>(null);
  const wanted = signal("");
  let readUpTo = -1;
  const read = (job: JobLine, kernel: Kernel) => {
    if (readUpTo === job.log_lines) return;
    readUpTo = job.log_lines;
    kernel.command<"read_logs">({ kind: "read_logs", job_id: job.id }).then(
      (reply) => {
        lines.value = reply.lines;
      },
      (error: unknown) => {
        lines.value = [error instanceof Error ? error.message : String(error)];
      },
    );
  };
  return ({ job, kernel }) => {
    read(job, kernel);
    const all = lines.value ?? [];
    const words = wanted.value.toLowerCase();
    const shown = all.filter((line) => line.toLowerCase().includes(words));
    const empty = all.length === 0 ? m().noLogs : m().noLogMatches;
    return (
      <div class="part log-part">
        <div class="row">
          <input
            type="search"
            class="grow"
            aria-label={m().filterLogs}
            placeholder={m().filterLogs}
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
          <CopyButton label={m().copy} text={() => shown.join("\n")} />
        </div>
        <div class="logs" role="log" aria-busy={lines.value === null}>
          <TextBlock
            label={r().logsOf(job.model_name)}
            text={lines.value === null ? m().reading : shown.join("\n") || empty}
          />
        </div>
      </div>
    );
  };
});
