/** Catching up after messages were lost: the server may drop any of them. */
import type { Kernel } from "./kernel";
import type { Live } from "./live";

const WHILE_RUNNING_MS = 20_000;

/** Ask for the state anew when the page comes back, and now and then while jobs run. */
export function keepFresh(kernel: Kernel, live: Live): () => void {
  const ask = () => {
    if (kernel.silent.value) return;
    kernel.command<"refresh">({ kind: "refresh" }).then(
      ({ state }) => live.reset(state),
      (error: unknown) => console.warn("qcut_nb: the state could not be read again", error),
    );
  };
  const onVisible = () => {
    if (document.visibilityState === "visible") ask();
  };
  const timer = setInterval(() => {
    if (live.jobs.value.some((job) => !job.settled)) ask();
  }, WHILE_RUNNING_MS);
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}
