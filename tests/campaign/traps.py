"""A kill at a place in the code, set from outside as a debugger sets a breakpoint."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import dataclass
from types import FrameType
from typing import Any, Literal


@dataclass(frozen=True)
class Trap:
    """SIGKILL where a function is entered or left.

    Attributes:
        event: "call" or "return" of a Python function, "c_call" or "c_return" of a built-in one.
        function: Its qualified name.
        local: Only where the variable of this name...
        value: ...has this value.
        after: How often it is passed unharmed before.
    """

    event: Literal["call", "return", "c_call", "c_return"]
    function: str
    local: str = ""
    value: str = ""
    after: int = 0

    def __str__(self) -> str:
        where = f" with {self.local}={self.value}" if self.local else ""
        return f"{self.event} of {self.function}{where}"

    def set(self) -> None:
        """Watch this process from here on."""
        passed = 0

        def look(frame: FrameType, event: str, built_in: Any) -> None:
            nonlocal passed
            if event != self.event:
                return
            name = built_in.__qualname__ if event[0] == "c" and event[1] == "_" else ""
            if (name or frame.f_code.co_qualname) != self.function:
                return
            if self.local and str(frame.f_locals.get(self.local)) != self.value:
                return
            passed += 1
            if passed > self.after:
                os.kill(os.getpid(), signal.SIGKILL)

        threading.setprofile(look)
        sys.setprofile(look)
