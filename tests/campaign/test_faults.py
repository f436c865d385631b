"""Whatever goes wrong on the way, what fal would have delivered is delivered, and paid once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import get_args

from campaign.conftest import Size
from campaign.kernel import PICTURE, Order
from campaign.kernel_process import KernelProcess
from campaign.ledger import Ledger
from campaign.proxy import BadNetwork
from campaign.simulator_process import SimulatorProcess
from qcut_nb.simulator import Fault, FaultKind
from support.media import make_picture

SEED = 20260803
FAULTY = 0.3
HARM = 0.15
LIVES = 12
FOR_GOOD = {"verdict": 422, "media_expired": 404}
OF_THE_ACCOUNT = ("bad_key", "locked_account")
KINDS = [kind for kind in get_args(FaultKind) if kind not in OF_THE_ACCOUNT]


def fault_of(kind: str, prompt: str) -> Fault:
    """One fault for the job of this prompt."""
    return Fault.model_validate(
        {
            "kind": kind,
            "prompt": None if kind.startswith("upload") else prompt,
            "times": None if kind in FOR_GOOD else 1,
            "status": FOR_GOOD.get(kind, 503),
            "delay_s": 0.5,
            "bytes_per_s": 40_000,
        }
    )


def test_every_fault_there_is_and_a_bad_network(
    kernel: KernelProcess, wide_fal: SimulatorProcess, tmp_path: Path, size: Size
) -> None:
    make_picture(tmp_path / PICTURE, width_px=320, height_px=320)
    chance = random.Random(SEED)
    prompts, faults = [], [Fault.model_validate({"kind": kind}) for kind in OF_THE_ACCOUNT]
    for number in range(size.jobs):
        kind = chance.choice(KINDS) if chance.random() < FAULTY else "kite"
        word = "expired" if kind == "media_expired" else kind
        prompts.append(f"{word} {number:05d}")
        if kind != "kite":
            faults.append(fault_of(kind, prompts[-1]))
    wide_fal.put_in_force(faults)
    ledger = Ledger(tmp_path, wide_fal)
    with BadNetwork(wide_fal.origin, seed=SEED, harm=HARM) as network:
        todo = tuple(prompts)
        for _ in range(LIVES):
            order = Order(str(tmp_path), network.origin, todo, settle=True)
            assert kernel.run(order) == 0, kernel.log.read_text()[-4000:]
            todo = ()
            ledger.check()
            if ledger.all_delivered():
                break
        assert network.harmed > size.jobs * 0.01
    ledger.check_settled()
    assert "Traceback" not in kernel.log.read_text()
