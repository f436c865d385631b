"""After a whole session with a marked key, the key is nowhere but in the header that needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import WebSocket, expect

from qcut_nb.simulator import Fault, Simulator
from support.lab_page import LabPage
from support.media import make_picture, make_video
from support.recording_proxy import RecordingProxy

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKED = "marked-5b1d7c90:marked-a84e02f6d3"
SECOND = "marked-5b1d7c90:second-77c1f0be42"
SECRETS = [part.encode() for part in (*MARKED.split(":"), *SECOND.split(":"))]


@pytest.fixture
def fal(tmp_path: Path) -> Iterator[RecordingProxy]:
    film = make_video(tmp_path / "film.mp4")
    faults = [
        Fault(kind="media_reset", prompt="harbour"),
        Fault(kind="verdict", status=422, prompt="refused"),
    ]
    simulator = Simulator(tmp_path / "fal", speed=0.3, media_file=film, faults=faults)
    with simulator, RecordingProxy(simulator.start()) as proxy:
        yield proxy


SESSION = """
import logging, os, pathlib, traceback
logging.basicConfig(filename="everything.log", level=logging.DEBUG, force=True)
os.environ["QCUT_NB_FAL_URL"] = {origin!r}
first, second = pathlib.Path({keys!r}).read_text().split()
os.environ["FAL_KEY"] = first
import qcut_nb as qc
studio = qc.Studio("secrets", mode="live")
studio.panel()
"""
WORK = """
batch = studio.generate("a harbour", models="kling_v2_5_i2v", image="p.png")
for prompt in ("refused", "calm"):
    try:
        studio.generate(prompt, models="wan_turbo").wait(60)
    except Exception:
        traceback.print_exc()
clips = batch.wait(60)
studio.key = second
studio.generate("afterwards", models="wan_turbo").wait(60)
del first, second
try:
    studio.key = "not a key " + os.environ["FAL_KEY"]
except Exception:
    traceback.print_exc()
print(studio, studio.key, studio.history(), studio.spend(), studio.verify(1), batch, batch.jobs)
print(vars(studio), vars(studio._core), vars(studio._core.connection), clips[0].recipe)
import zipfile
zipfile.ZipFile(studio.export_zip(clips, "clips.zip")).extractall("unzipped")
studio.spend().to_csv("spend.csv")
studio.gallery("gallery", studio.clips)
qc.Timeline(clips).render("cut.mp4", sidecar=True)
clips[0]
"""


async def test_a_marked_key_is_nowhere_but_in_the_header(
    lab: LabPage, fal: RecordingProxy, tmp_path: Path
) -> None:
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, lambda data: frames.append(_bytes(data)))

    lab.page.on("websocket", listen)
    keys = tmp_path / "keys.txt"
    keys.write_text(f"{MARKED}\n{SECOND}\n")
    make_picture(lab.server.root / "p.png", width_px=400, height_px=300)
    lab.leave()
    await lab.start(SESSION.format(origin=fal.origin, keys=str(keys)), WORK)
    shown = await lab.run(0)
    await expect(shown.get_by_role("region", name="Video generation for secrets")).to_be_visible()
    await lab.run(1)
    failed = shown.locator("[data-state=failed]").first
    await failed.get_by_role("button", name=re.compile("^Details of")).click()
    await expect(failed.get_by_role("button", name="Copy report")).to_be_visible()
    await lab.save()
    await lab.shut_kernel_down()
    lab.page.remove_listener("websocket", listen)

    written = [path for path in lab.server.root.parent.rglob("*") if path.is_file()]
    names = {path.name for path in written}
    session = {"scratch.ipynb", "project.sqlite3", "journal.jsonl", "everything.log"}
    assert session | {"clips.zip", "spend.csv", "index.html", "cut.mp4"} <= names
    places = {str(path): path.read_bytes() for path in written}
    places |= {f"frame {n} of a websocket": frame for n, frame in enumerate(frames)}
    assert sum("websocket" in place for place in places) > 50
    for secret in SECRETS:
        assert [place for place, data in places.items() if secret in data] == []
    _only_in_the_header(fal)


def _only_in_the_header(fal: RecordingProxy) -> None:
    for key in (MARKED, SECOND):
        mentions = fal.mentions(key.encode())
        assert mentions, "the key was not used"
        for path, before in mentions:
            assert re.fullmatch(rb"(?i)authorization: key ", before), (path, before)
            assert not path.startswith((b"/files/", b"http")), path
    for secret in SECRETS[1::2]:
        whole = fal.mentions(secret)
        assert all(before.lower().startswith(b"authorization: key ") for _, before in whole)


def _bytes(data: object) -> bytes:
    return data if isinstance(data, bytes) else str(data).encode()
