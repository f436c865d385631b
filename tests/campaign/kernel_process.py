"""Kernels as a test holds them: born, killed, looked at."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from campaign.kernel import Order
from support.network_guard import guarded_environment

KERNEL = Path(__file__).with_name("kernel.py")


class KernelProcess:
    """Where kernels come from; one lives at a time."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(KERNEL)],
                env=guarded_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def run(self, order: Order, *, kill_after_s: float | None = None) -> int:
        """Let a kernel live to its end, or kill it some time after it went to work.

        Args:
            order: What it does.
            kill_after_s: When it is killed, seconds from its birth.

        Returns:
            Its exit code; -9 when it was killed.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(order.to_line())
        self._process.stdin.flush()
        pid = int(self._heard("born").split()[1])
        killer = None
        if kill_after_s is not None:
            killer = threading.Timer(kill_after_s, _kill, (pid,))
            killer.start()
        code = int(self._heard("ended").split()[1])
        if killer is not None:
            killer.cancel()
            killer.join()
        return code

    def _heard(self, word: str) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(word):
                return line
        message = f"the kernels are gone:\n{self.log.read_text()[-4000:]}"
        raise AssertionError(message)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
