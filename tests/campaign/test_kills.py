"""A kernel that is killed, anywhere and at any time, loses no clip and pays nothing twice."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from campaign.conftest import Size
from campaign.kernel import Order
from campaign.kernel_process import KernelProcess
from campaign.ledger import Ledger
from campaign.simulator_process import SimulatorProcess
from campaign.traps import Trap
from qcut_nb.simulator import Fault
from qcut_nb.store import ENDED, NEXT_STATES

IN_FLIGHT = 20
FITS = 0.8
"""Part of the jobs for which the budget is enough."""
SEED = 20260802
IN_FLIGHT_STATES = set(NEXT_STATES) - ENDED - {"submit_unknown"}
"""Jobs of unknown fate only wait to be looked up; new ones come in their place."""
KINDS = ("kite", "kite", "lost", "kite", "failed", "cancel", "kite", "expired")
FAULTS = (
    Fault(kind="lost_reply", prompt="lost", times=None),
    Fault(kind="verdict", status=422, prompt="failed", times=None),
    Fault(kind="media_expired", prompt="expired", times=None),
)


class Prompts:
    """Prompts that are all different, and of every kind in turn."""

    def __init__(self) -> None:
        self._numbers = count()

    def take(self, many: int) -> tuple[str, ...]:
        numbers = [next(self._numbers) for _ in range(many)]
        return tuple(f"{KINDS[n % len(KINDS)]} {n:05d}" for n in numbers)


def entering(state: str) -> list[Trap]:
    """Right before and right after a state is committed."""
    return [
        Trap("return", "JobTable._advance", "to", state),
        Trap("call", "LiveJob.entered", "state", state),
    ]


STATES = (
    "submitting",
    "submitted",
    "queued",
    "running",
    "submit_unknown",
    "cancelling",
    "completed",
    "downloading",
    "stored",
    "failed",
    "cancelled",
    "expired",
)
STEPS = (
    Trap("call", "JobTable.add_jobs"),
    Trap("return", "JobTable.add_jobs"),
    Trap("call", "Wire.send", "method", "POST"),
    Trap("call", "_submitted"),
    Trap("return", "_submitted"),
    Trap("call", "read_status"),
    Trap("call", "ask_to_cancel"),
    Trap("return", "video_url"),
    Trap("call", "_receive"),
    Trap("call", "_Report.__call__", after=1),
    Trap("return", "_receive"),
    Trap("call", "finish"),
    Trap("return", "check_clip"),
    Trap("call", "finish_file"),
    Trap("return", "finish_file"),
    Trap("return", "finish"),
    Trap("call", "JobTable.store_clip"),
    Trap("return", "JobTable.store_clip"),
)
TRAPS = [trap for state in STATES for trap in entering(state)] + list(STEPS)


def test_killed_at_every_step_and_state(
    kernel: KernelProcess, fal: SimulatorProcess, tmp_path: Path, size: Size
) -> None:
    fal.put_in_force(FAULTS)
    prompts, ledger = Prompts(), Ledger(tmp_path, fal)
    in_flight = IN_FLIGHT if size.long else len(KINDS)
    for trap in TRAPS:
        order = Order(str(tmp_path), fal.origin, prompts.take(in_flight), settle=True, trap=trap)
        assert kernel.run(order) == -9, f"no kernel came to the {trap}"
        ledger.check()
    assert kernel.run(Order(str(tmp_path), fal.origin, settle=True)) == 0
    ledger.check_settled()
    assert "Traceback" not in kernel.log.read_text()


def test_killed_at_random_moments(
    kernel: KernelProcess, fal: SimulatorProcess, tmp_path: Path, size: Size
) -> None:
    fal.put_in_force(FAULTS)
    prompts, ledger = Prompts(), Ledger(tmp_path, fal)
    moments = random.Random(SEED)
    for number in range(size.kills):
        begun = sum(ledger.states[state] for state in IN_FLIGHT_STATES)
        new = prompts.take(max(0, IN_FLIGHT - begun))
        cap = ledger.cap(FITS, len(new))
        order = Order(str(tmp_path), fal.origin, new, cap_micro_usd=cap)
        assert kernel.run(order, kill_after_s=moments.uniform(0.02, 1.5)) == -9, number
        ledger.check()
    assert kernel.run(Order(str(tmp_path), fal.origin, settle=True)) == 0
    ledger.check_settled()
    assert "Traceback" not in kernel.log.read_text()


def test_two_kernels_share_a_project_and_one_is_killed(
    kernel: KernelProcess, fal: SimulatorProcess, tmp_path: Path
) -> None:
    fal.put_in_force(FAULTS)
    prompts, ledger = Prompts(), Ledger(tmp_path, fal)
    root = str(tmp_path)
    assert kernel.run(Order(root, fal.origin, settle=True)) == 0
    cap = ledger.cap(FITS, 2 * IN_FLIGHT)
    orders = [Order(root, fal.origin, prompts.take(IN_FLIGHT), cap, settle=n == 0) for n in (0, 1)]
    with KernelProcess(tmp_path / "second.log") as second, ThreadPoolExecutor(1) as pool:
        survivor = pool.submit(kernel.run, orders[0])
        assert second.run(orders[1], kill_after_s=1.0) == -9
        ledger.check()
        assert survivor.result() == 0
        assert second.run(Order(root, fal.origin, settle=True)) == 0
        log = second.log.read_text()
    ledger.check_settled()
    assert ledger.states["stored"] > IN_FLIGHT
    assert "Traceback" not in kernel.log.read_text() + log
