/** What there is to say while the kernel does not answer. */
import { component } from "./component";
import type { Kernel } from "./kernel";
import { t } from "./strings";

export const Silence = component<{ kernel: Kernel }>(() => ({ kernel }) => (
  <div class="silence" role="status">
    {kernel.silent.value && <p class="silent">{t().kernelSilent}</p>}
  </div>
));
