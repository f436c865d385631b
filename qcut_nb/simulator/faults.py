"""Faults on request: what goes wrong, for which requests, how often."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

FaultKind = Literal[
    "bad_key",
    "locked_account",
    "rate_limited",
    "submit_error",
    "submit_dropped",
    "lost_reply",
    "stalled_reply",
    "short_answer",
    "verdict",
    "relapse",
    "ignores_cancel",
    "status_error",
    "stream_refused",
    "stream_cut",
    "unknown_status",
    "result_error",
    "media_error",
    "media_expired",
    "media_reset",
    "media_truncated",
    "media_drip",
    "media_wrong_range",
    "media_no_range",
    "media_changed",
    "upload_error",
    "upload_dropped",
    "search_error",
    "pricing_error",
]


class Fault(BaseModel):
    """One thing that goes wrong.

    Kinds, by the call they hit:

    - any call with the key: `bad_key` (401), `locked_account` (403)
    - submit: `rate_limited` (429, nothing accepted), `submit_error` (`status`, nothing accepted),
      `submit_dropped` (connection closed, nothing accepted), `lost_reply` (accepted, connection
      closed), `stalled_reply` (accepted, the answer comes after `delay_s`), `short_answer`
      (accepted, the answer has the ids only)
    - the job: `verdict` (completes with `status` and `error_type`), `relapse` (goes back into the
      queue once), `ignores_cancel` (finishes although it was cancelled while running)
    - status: `status_error` (`status`), `stream_refused` (the stream answers `status`),
      `stream_cut` (the stream ends after its first event), `unknown_status`
    - result: `result_error` (`status`)
    - media: `media_error` (`status`), `media_expired` (404), `media_reset` (connection closed after
      `at_bytes`), `media_truncated` (the file ends after `at_bytes`, and says so),
      `media_drip` (`bytes_per_s`), `media_wrong_range` (Content-Range of other bytes),
      `media_no_range` (Range is ignored), `media_changed` (another ETag than before)
    - storage: `upload_error` (`status`), `upload_dropped` (connection closed)
    - platform: `search_error` (the list of requests answers `status`), `pricing_error` (so do the
      prices)

    Attributes:
        kind: What goes wrong.
        times: How many matching calls it hits; `None` for all.
        endpoint: Hits requests to endpoints that contain this text.
        prompt: Hits requests whose prompt contains this text.
        status: HTTP status of the kinds that have one.
        error_type: fal's error code, for `verdict`.
        retry_after_s: `Retry-After` of `rate_limited`, in whole seconds; `None` to send none.
        delay_s: Wait of `stalled_reply`.
        at_bytes: Where media breaks off; `None` for half of the body.
        bytes_per_s: Speed of `media_drip`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    times: int | None = 1
    endpoint: str | None = None
    prompt: str | None = None
    status: int = 500
    error_type: str | None = None
    retry_after_s: int | None = None
    delay_s: float = 5.0
    at_bytes: int | None = None
    bytes_per_s: int = 65_536

    def hits(self, endpoint: str | None, prompt: str | None) -> bool:
        """Whether a call for this endpoint and prompt is meant."""
        return (self.endpoint is None or self.endpoint in (endpoint or "")) and (
            self.prompt is None or self.prompt in (prompt or "")
        )


class FaultBook:
    """The faults in force; counts how often each struck. Safe to use from several threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._struck: list[int] = []
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these faults in force instead, with fresh counts."""
        with self._lock:
            self._faults = list(faults)
            self._struck = [0] * len(self._faults)

    @property
    def current(self) -> tuple[Fault, ...]:
        """The faults that were put in force, spent ones among them."""
        return tuple(self._faults)

    def struck(self, kind: FaultKind) -> int:
        """How often faults of this kind struck."""
        with self._lock:
            pairs = zip(self._faults, self._struck, strict=True)
            return sum(count for fault, count in pairs if fault.kind == kind)

    def take(
        self, *kinds: FaultKind, endpoint: str | None = None, prompt: str | None = None
    ) -> Fault | None:
        """The first fault of these kinds that hits this call; it is then used once more."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                spent = fault.times is not None and self._struck[index] >= fault.times
                if fault.kind in kinds and not spent and fault.hits(endpoint, prompt):
                    self._struck[index] += 1
                    return fault
        return None
