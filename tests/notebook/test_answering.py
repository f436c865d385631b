"""Exactly one reply to every command."""

import threading
from queue import Queue

import pytest

from qcut_nb.errors import DownloadError, UnsupportedInputError
from qcut_nb.notebook.answering import Answer, Answering, Buffers
from qcut_nb.notebook.messages import Command, Done, Refused, Reply


class Browser:
    """Takes replies as they come."""

    def __init__(self) -> None:
        self.replies: Queue[Reply] = Queue()

    def __call__(self, reply: Reply, buffers: list[bytes]) -> None:
        self.replies.put(reply)

    def next(self) -> Reply:
        return self.replies.get(timeout=10)


CANCEL = {"kind": "cancel_job", "id": "1", "job_id": "j"}


def test_a_command_that_arrives_twice_is_carried_out_once_and_answered_twice() -> None:
    carried_out: list[str] = []

    def carry_out(command: Command, buffers: Buffers) -> Answer:
        carried_out.append(command.id)
        return Done(id=command.id), []

    browser = Browser()
    answering = Answering(carry_out, browser)
    answering.receive(CANCEL, [])
    assert browser.next() == Done(id="1")
    answering.receive(CANCEL, [])
    assert browser.next() == Done(id="1")
    assert carried_out == ["1"]
    answering.close()


def test_a_command_that_arrives_again_while_it_is_carried_out_gets_one_reply() -> None:
    go_on = threading.Event()

    def carry_out(command: Command, buffers: Buffers) -> Answer:
        if command.id == "1":
            go_on.wait(10)
        return Done(id=command.id), []

    browser = Browser()
    answering = Answering(carry_out, browser)
    answering.receive(CANCEL, [])
    answering.receive(CANCEL, [])
    answering.receive(CANCEL | {"id": "2"}, [])
    assert browser.next() == Done(id="2")
    go_on.set()
    assert browser.next() == Done(id="1")
    answering.receive(CANCEL | {"id": "3"}, [])
    assert browser.next() == Done(id="3")
    assert browser.replies.empty()
    answering.close()


@pytest.mark.parametrize(
    ("error", "what", "field"),
    [
        (UnsupportedInputError("Too long.", field="prompt"), "Too long.", "prompt"),
        (DownloadError("Cut off."), "Cut off.", None),
        (OSError(28, "No space left on device"), "No space left on device", None),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError", None),
    ],
)
def test_a_command_that_fails_gets_a_refusal_that_says_why(
    error: Exception, what: str, field: str | None
) -> None:
    def carry_out(command: Command, buffers: Buffers) -> Answer:
        raise error

    browser = Browser()
    answering = Answering(carry_out, browser)
    answering.receive(CANCEL, [])
    reply = browser.next()
    assert isinstance(reply, Refused)
    assert what in reply.problem.what
    assert reply.field == field
    answering.close()


def test_a_message_that_is_not_understood_is_refused_under_its_id() -> None:
    def carry_out(command: Command, buffers: Buffers) -> Answer:
        raise AssertionError("it is no command")

    browser = Browser()
    answering = Answering(carry_out, browser)
    answering.receive({"kind": "format_disk", "id": "7"}, [])
    reply = browser.next()
    assert isinstance(reply, Refused)
    assert reply.id == "7"
    answering.close()
