"""A key that a server repeats is not kept, not shown and not handed on."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import QcutError
from qcut_nb.simulator import Fault, Simulator
from qcut_nb.studio.detailing import job_details
from support.between import Between, served

SECRET = "canary-secret-0123456789abcdef"
KEY = f"canary-id:{SECRET}"
WAIT_S = 60


class Echoing(Between):
    """Repeats what came in the Authorization header wherever an answer has room for it."""

    def changed(self, content: bytes) -> bytes:
        said = self.headers.get("Authorization")
        if said is None:
            return content
        told = json.loads(content)
        if self.path.split("?")[0].endswith("/status"):
            escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
            line = {"timestamp": "2026-01-01T00:00:00Z", "message": f"called with {said}"}
            told["logs"] = [line, line | {"message": "the secret of it is HERE"}]
            return json.dumps(told).replace("HERE", escaped).encode()
        if "video" in told:
            return json.dumps(told | {"request_headers": {"Authorization": said}}).encode()
        if "detail" in told:
            return json.dumps({"detail": f"refused: {said}"}).encode()
        return content


def test_a_key_that_a_server_repeats_is_left_behind(
    tmp_path: Path,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="qcut_nb")
    simulator.faults = [Fault(kind="verdict", status=422, prompt="fails", times=None)]
    echoing = type("Here", (Echoing,), {"to": simulator.origin})
    shown: list[object] = []
    with served(echoing) as origin:
        monkeypatch.setenv("QCUT_NB_FAL_URL", origin)
        with Studio("live", mode="live", key=KEY, root=tmp_path / "q") as studio:
            studio.log_to(tmp_path / "q" / "log.txt", level="debug")
            made = studio.generate("a kite", models="wan_turbo").jobs[0]
            shown.append(made.wait(WAIT_S).recipe)
            failed = studio.generate("fails", models="wan_turbo").jobs[0]
            with pytest.raises(QcutError, match=r"refused: Key \*\*\*") as caught:
                failed.wait(WAIT_S)
            shown += [caught.value, caught.value.__cause__, studio.spend(), studio.history()]
            for job in (made, failed):
                shown += [job.view, job_details(studio._core, job.id, "c")]
            assert "the secret of it is ***" in made.view.logs
            answer = studio._core.project.store.job(made.id)
            assert answer is not None
            assert "request_headers" in (answer.output or "")
            studio.log_to(None, level="off")
    texts = [repr(thing) for thing in shown] + [caplog.text]
    assert not [text for text in texts if SECRET in text]
    files = [path for path in (tmp_path / "q").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"project.sqlite3", "journal.jsonl", "log.txt"}
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
