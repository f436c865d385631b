"""A failed run says what it cost, as far as fal's answer tells, and what to do next."""

from __future__ import annotations

import pytest

from qcut_nb.errors import FalError
from qcut_nb.fal import FalClient
from support.scripted_server import Script, answer


@pytest.mark.parametrize(
    ("status", "headers", "money", "remedy"),
    [
        (500, {}, "Not charged", "generate() again"),
        (504, {}, "Not charged", "longer than fal allows"),
        (422, {}, "Usually not charged", "Change what the message names"),
        (422, {"x_fal_billable_units": "0"}, "Not charged: fal counted 0 units", "Change"),
        (422, {"x_fal_billable_units": "2.50"}, "counted 2.5 units for this run: it was", "Change"),
        (499, {}, "still waited in the queue", ""),
        (404, {}, "not known here", "qcut_nb.models"),
        (403, {}, "may have been charged", "billing"),
    ],
)
async def test_a_failed_run_says_what_it_cost_and_what_to_do(
    fal: Script,
    client: FalClient,
    status: int,
    headers: dict[str, str],
    money: str,
    remedy: str,
) -> None:
    run = client.locate("fal-ai/veo3.1", "r-1")
    reply = answer(status, {"detail": "no", "error_type": "some_code"}, **headers)
    fal.on("GET /fal-ai/veo3.1/requests/r-1", reply)
    with pytest.raises(FalError) as caught:
        await client.result(run)
    assert money in caught.value.money
    assert remedy in caught.value.remedy
