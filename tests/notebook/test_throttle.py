"""Many changes, few messages."""

import itertools
import time
from dataclasses import replace
from queue import Queue

from qcut_nb.engine import JobView
from qcut_nb.notebook.throttle import INTERVAL_S, PER_JOB_S, Throttle
from support.still_studio import JOB


def test_the_latest_of_every_job_arrives_and_in_few_messages() -> None:
    flushed: Queue[tuple[float, list[JobView]]] = Queue()
    throttle = Throttle(lambda views: flushed.put((time.monotonic(), views)))
    for position in range(200, -1, -1):
        for number in range(20):
            throttle.put(replace(JOB, id=f"j{number}", queue_position=position))
    throttle.close()

    latest: dict[str, int | None] = {}
    times = []
    while len(latest) < 20 or set(latest.values()) != {0}:
        at, views = flushed.get(timeout=10)
        times.append(at)
        latest.update({view.id: view.queue_position for view in views})
    # The last message comes at once when the throttle is closed.
    gaps = [b - a for a, b in itertools.pairwise(times[:-1])]
    assert all(gap >= INTERVAL_S * 0.9 for gap in gaps)


def test_the_more_jobs_a_message_has_the_longer_the_next_one_waits() -> None:
    flushed: Queue[tuple[float, int]] = Queue()
    throttle = Throttle(lambda views: flushed.put((time.monotonic(), len(views))))
    throttle.put(JOB)
    flushed.get(timeout=10)
    for number in range(300):
        throttle.put(replace(JOB, id=f"j{number}"))
    at, count = flushed.get(timeout=10)
    throttle.put(JOB)
    later, _ = flushed.get(timeout=10)
    throttle.close()
    assert count == 300
    assert later - at >= (INTERVAL_S + count * PER_JOB_S) * 0.9


def test_a_message_that_cannot_be_made_does_not_end_the_next() -> None:
    flushed: Queue[list[JobView]] = Queue()

    def flush(views: list[JobView]) -> None:
        flushed.put(views)
        if views[0].id == "bad":
            raise ValueError("no such clip")

    throttle = Throttle(flush, interval_s=0)
    throttle.put(replace(JOB, id="bad"))
    assert flushed.get(timeout=10)[0].id == "bad"
    throttle.put(JOB)
    assert flushed.get(timeout=10) == [JOB]
    throttle.close()
