"""From a planned job to the row that records the intent to pay."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from ..catalog import Change, ModelSpec, Request, models, usage
from ..store import NewJob
from .live_job import CHANGES, MICRO


@dataclass(frozen=True)
class PlannedJob:
    """One job before it is started: checked, priced, free so far.

    Attributes:
        cell: Key of the sweep's cell that it belongs to.
        reused_clip: The clip of the project that answers it, so that nothing is sent.
        instead_of: The job of unknown fate that it is sent in place of.
    """

    spec: ModelSpec
    request: Request
    changes: tuple[Change, ...] = ()
    cell: str | None = None
    reused_clip: str | None = None
    instead_of: str | None = None

    @property
    def length_s(self) -> float | None:
        """Length of the video that is asked for, seconds; `None` is unknown."""
        facts = {use.name: use.file.facts for use in self.request.files}
        return usage(self.spec, self.request.values, facts).seconds

    @property
    def reuse_key(self) -> str | None:
        """What two requests share whose clips can stand for each other.

        `None` without a fixed seed in the body (a negative one means random), and where an input
        file is known by URL only: what is behind it may have changed.
        """
        parameter, request = self.spec.parameter("seed"), self.request
        seed = None if parameter is None else request.body.get(parameter.wire)
        if not isinstance(seed, int) or seed < 0:
            return None
        body = dict(request.body)
        for use in request.files:
            if use.file.sha256 is None:
                return None
            body[use.wire] = f"sha256:{use.file.sha256}"
        text = json.dumps([request.endpoint, body], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def intent(
    plan: PlannedJob, *, batch_id: str, place: int, mode: Literal["simulated", "live"]
) -> NewJob:
    """The row of a planned job, under a new id."""
    quote, length_s = plan.request.quote, plan.length_s
    return NewJob(
        id=secrets.token_hex(6),
        batch_id=batch_id,
        place=place,
        mode=mode,
        model_id=plan.spec.id,
        catalog_version=models.version,
        request=plan.request.model_dump_json(),
        changes=CHANGES.dump_json(plan.changes).decode(),
        low_micro_usd=_micro(quote.low_usd),
        high_micro_usd=_micro(quote.high_usd),
        length_ms=None if length_s is None else round(length_s * 1000),
        cell=plan.cell,
        reuse_key=plan.reuse_key,
        reused_clip=plan.reused_clip,
        instead_of=plan.instead_of,
    )


def _micro(amount_usd: Decimal | None) -> int | None:
    if amount_usd is None:
        return None
    return int((amount_usd * MICRO).to_integral_value(ROUND_CEILING))
