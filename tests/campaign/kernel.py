"""The program of the kernels that get killed. Each life is a fork of one process that has imported.

Reads an order per line from standard input, and says on standard output what becomes of it.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import sys
import threading
import traceback
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from campaign.traps import Trap
from qcut_nb import Budget, Studio
from qcut_nb.engine import JobView
from qcut_nb.errors import BudgetExceededError

KEY = "campaign:0123456789abcdef"
PROJECT = "campaign"
SETTLE_S = 1200
PICTURE = "picture.png"
CANCEL = "cancel"
"""Jobs with this word in their prompt are cancelled as soon as fal has them."""


@dataclass(frozen=True)
class Order:
    """What a kernel does in one life.

    Attributes:
        root: Where the project is.
        url: Where fal is.
        prompts: What to generate, besides going on with what is there.
        cap_micro_usd: The project's budget, millionths of a US dollar; `None` for none.
        settle: Wait until nothing moves any more, and end; otherwise live on until killed.
        trap: Where to die.
    """

    root: str
    url: str
    prompts: tuple[str, ...] = ()
    cap_micro_usd: int | None = None
    settle: bool = False
    trap: Trap | None = None

    def to_line(self) -> str:
        """The order as one line."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Order:
        """The order in a line."""
        data: dict[str, Any] = json.loads(line)
        trap = data.pop("trap")
        prompts = tuple(data.pop("prompts"))
        return cls(**data, prompts=prompts, trap=Trap(**trap) if trap else None)


def main() -> None:
    """Give birth to kernels, one after another, until there are no more orders."""
    say = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        order = Order.from_line(line)
        child = os.fork()
        if child == 0:
            _live(order, say)
        print(f"born {child}", file=say, flush=True)
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", file=say, flush=True)


def _live(order: Order, say: IO[str]) -> None:
    try:
        os.environ["QCUT_NB_FAL_URL"] = order.url
        if order.trap is not None:
            order.trap.set()
        _work(order, say)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _work(order: Order, say: IO[str]) -> None:
    cap = None if order.cap_micro_usd is None else Decimal(order.cap_micro_usd) / 1_000_000
    budget = Budget(per_day_usd=None, project_usd=cap)
    studio = Studio(PROJECT, mode="live", key=KEY, root=order.root, budget=budget)
    engine = studio._core.engine

    def cancel(view: JobView) -> None:
        if CANCEL in view.prompt and view.state in ("submitted", "queued", "running"):
            engine.cancel(view.id)

    engine.listen(cancel)
    refused = 0
    for prompt in order.prompts:
        try:
            if "upload" in prompt:
                picture = Path(order.root) / PICTURE
                studio.generate(prompt, models="kling_v2_5_i2v", image=picture)
            else:
                studio.generate(prompt, models="wan_turbo", resolution="480p")
        except BudgetExceededError:
            refused += 1
    print(f"at work, {refused} refused", file=say, flush=True)
    if not order.settle:
        threading.Event().wait()
    unfinished = [row.id for row in studio._core.project.store.unfinished()]
    concurrent.futures.wait([engine.outcome(i) for i in unfinished], timeout=SETTLE_S)
    studio.close()


if __name__ == "__main__":
    main()
