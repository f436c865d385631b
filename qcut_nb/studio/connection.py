"""Where a studio's requests go: fal.ai with a key, or the simulator on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import InputError, MissingKeyError
from ..fal import FalClient, Hosts, Key, find_key

if TYPE_CHECKING:
    from ..simulator import Simulator

Mode = Literal["live", "simulated", "auto"]
SIMULATED_KEY = "simulated"


@dataclass
class Connection:
    """How this studio reaches fal.

    Attributes:
        mode: "live" spends money, "simulated" never does.
        key: The key of live mode.
        key_source: Where the key was found.
    """

    mode: Literal["live", "simulated"]
    key: Key | None
    key_source: str | None
    simulator_folder: Path
    simulator: Simulator | None = None

    @classmethod
    def choose(
        cls, mode: Mode, key: str | None, simulator: Simulator | None, simulator_folder: Path
    ) -> Connection:
        """Decide the mode, and find the key where it matters.

        Raises:
            InputError: There is no such mode.
        """
        if mode not in ("live", "simulated", "auto"):
            raise InputError(
                f"mode={mode!r} is not offered.", remedy="Allowed: live, simulated, auto."
            )
        found = None if mode == "simulated" or simulator is not None else find_key(key)
        if mode == "auto":
            mode = "live" if found else "simulated"
        return cls(
            mode=mode,
            key=found[0] if found else None,
            key_source=found[1] if found else None,
            simulator_folder=simulator_folder,
            simulator=simulator,
        )

    def require_key(self) -> None:
        """Make sure that live mode has a key.

        Raises:
            MissingKeyError: It has none.
        """
        if self.mode == "live" and self.key is None:
            raise MissingKeyError(
                "Live mode needs a fal.ai API key, and none was found.",
                remedy="Set FAL_KEY, call studio.ask_key(), or use Studio(mode='simulated'), "
                "which is free.",
            )

    def refuse_other(self, simulator: Simulator | None, name: str) -> None:
        """Refuse a simulator that is not the one in use: jobs of one are unknown to the other.

        Raises:
            InputError: Another simulator, or none yet, is in use.
        """
        if simulator is not None and simulator is not self.simulator:
            raise InputError(
                f"Project {name!r} is open in this kernel with another simulator.",
                remedy="Close it first: studio.close(), or `with Studio(...) as studio:`.",
            )

    def opener(self) -> Callable[[], FalClient]:
        """What makes the client when the engine first needs it."""
        return self.client

    def client(self, key: Key | None = None) -> FalClient:
        """A client of fal's, or of the simulator.

        Args:
            key: Another key than the studio's, in live mode.

        Raises:
            MissingKeyError: Live mode without a key.
        """
        if self.mode == "live":
            self.require_key()
            assert self.key is not None
            return FalClient(key or self.key, Hosts.default())
        if self.simulator is None and os.environ.get("QCUT_NB_FAL_URL"):
            return FalClient(Key(SIMULATED_KEY), Hosts.default())
        if self.simulator is None:
            from ..simulator import Simulator

            self.simulator = Simulator(state_dir=self.simulator_folder)
        return FalClient(Key(SIMULATED_KEY), Hosts.single(self.simulator.start()))
