"""Nothing half-written is taken for a clip, whatever the disk, the names or the server do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcut_nb import Studio
from qcut_nb.errors import DownloadError
from qcut_nb.media import read_recipe
from qcut_nb.simulator import Simulator
from support.media import make_video
from support.network_guard import guarded_environment
from support.other_fal import OtherFal
from support.waiting import wait_until

WAIT_S = 60
KEY = "disk:0123456789abcdef"
LIES = {
    "text": b"<html>Not Found</html>",
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "head only": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_video(tmp_path / "film.mp4", frames=12)


@pytest.fixture
def other(tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherFal]:
    """A server that names its files `../../evil.mp4` and says they have one byte."""
    with OtherFal(film, KEY) as server:
        monkeypatch.setenv("QCUT_NB_FAL_URL", server.origin)
        yield server


@pytest.mark.parametrize("lie", LIES)
def test_a_film_that_is_none_is_no_clip_and_costs_nothing_to_fetch_again(
    lie: str, other: OtherFal, tmp_path: Path
) -> None:
    film, other.film = other.film, tmp_path / "lie.mp4"
    other.film.write_bytes(LIES[lie])
    with Studio("lies", mode="live", key=KEY, root=tmp_path) as studio:
        job = studio.generate("x", models="kling_v2_5").jobs[0]
        with pytest.raises(DownloadError, match="free"):
            job.wait(WAIT_S)
        assert (job.state, studio.clips) == ("downloading", [])
        assert not [p for p in (studio.folder / "clips").iterdir() if p.suffix == ".mp4"]
        other.film = film
        job.retry_download()
        clip = studio.job(job.id).wait(WAIT_S)
        assert [p.name for p in (studio.folder / "clips").iterdir()] == [clip.path.name]
    assert other.accepted_submits == 1


def test_a_name_that_leads_out_of_the_folder_is_not_used(other: OtherFal, tmp_path: Path) -> None:
    with Studio("names", mode="live", key=KEY, root=tmp_path) as studio:
        clip = studio.generate("x", models="kling_v2_5").wait(WAIT_S)[0]
        assert clip.path.parent == studio.folder / "clips"
    assert list(tmp_path.rglob("*evil*")) == []


@pytest.mark.parametrize(
    "prompt",
    [
        "日本の猫 🐈‍⬛ naïve Ωμέγα مرحبا",
        "a" * 700,
        'con <>:"/\\|?* .. \x07 NUL',
        "line\nbreak\ttab\u2028 \u202eright to left",
        "'; DROP TABLE jobs; --",
        "<script>alert(1)</script>",
    ],
    ids=["unicode", "long", "windows", "controls", "sql", "html"],
)
def test_a_prompt_of_any_letters_is_kept_as_it_is(prompt: str, studio: Studio) -> None:
    clip = studio.generate(prompt, models="wan_turbo").wait(WAIT_S)[0]
    recipe = read_recipe(clip.path)
    assert recipe is not None
    assert recipe.prompt == prompt == studio.clips[0].prompt
    assert clip.path.name.isascii()
    assert len(clip.path.name) < 100
    studio.rebuild()
    assert studio.clips[0].prompt == prompt


def test_a_folder_that_is_gone_keeps_the_clip_at_fal(studio: Studio, simulator: Simulator) -> None:
    clips = studio.folder / "clips"
    clips.rename(studio.folder / "elsewhere")
    job = studio.generate("x", models="wan_turbo").jobs[0]
    with pytest.raises(DownloadError, match="cannot be written"):
        job.wait(WAIT_S)
    assert job.state == "downloading"
    (studio.folder / "elsewhere").rename(clips)
    studio.resume()
    assert studio.job(job.id).wait(WAIT_S).path.exists()
    assert simulator.accepted_submits == 1


def test_without_room_for_the_intent_nothing_is_sent(tmp_path: Path, simulator: Simulator) -> None:
    done = run(NO_ROOM, tmp_path, simulator)
    refusal, states, end, *clips = done.splitlines()
    assert "could not be written" in refusal
    assert "Nothing was sent, nothing was spent" in refusal
    assert states == "[] 0"
    assert (end, clips) == ("stored", ["1"])
    assert simulator.accepted_submits == 1


def test_without_a_journal_that_can_be_written_nothing_is_sent(
    studio: Studio, simulator: Simulator
) -> None:
    journal = studio.folder / "journal.jsonl"
    journal.mkdir()
    job = studio.generate("x", models="wan_turbo").jobs[0]
    wait_until(lambda: job.view.settled)
    assert job.state == "reserved"
    assert job.error is not None
    assert "could not be written" in job.error.what
    journal.rmdir()
    studio.resume()
    wait_until(lambda: studio.job(job.id).state == "cancelled")
    assert simulator.accepted_submits == 0


def test_a_folder_that_is_read_only_is_said_and_nothing_is_lost(
    tmp_path: Path, simulator: Simulator
) -> None:
    opening, waiting, state, export, prompts, reopening = run(
        READ_ONLY, tmp_path, simulator, *BOUND_BY_MODES
    ).splitlines()
    assert "cannot be made: Permission denied. Nothing was spent." in opening
    assert "waits at fal: downloading it again is free" in waiting
    assert state == "downloading"
    assert "cannot be written: Permission denied" in export
    assert prompts == "['a']"
    assert "not writable. Nothing was spent." in reopening
    assert simulator.accepted_submits == 1


BOUND_BY_MODES = (
    ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    if os.geteuid() == 0
    else ()
)
"""Root writes into read-only folders too, unless it gives up this capability."""
READ_ONLY = """
import sys
from pathlib import Path
import qcut_nb as qc
from qcut_nb.errors import QcutError

root = Path(sys.argv[1])

def refused(call):
    try:
        call()
    except QcutError as error:
        print(error)

def studio():
    return qc.Studio("held", mode="simulated", root=root)

root.chmod(0o500)
refused(studio)
root.chmod(0o700)
held = studio()
clips = held.folder / "clips"
clips.chmod(0o500)
job = held.generate("a", models="wan_turbo").jobs[0]
refused(lambda: job.wait(60))
print(job.state)
refused(lambda: held.spend().to_csv(clips / "spend.csv"))
clips.chmod(0o700)
held.resume()
held.job(job.id).wait(60)
print([clip.prompt for clip in held.clips])
held.close()
held.folder.chmod(0o500)
refused(studio)
held.folder.chmod(0o700)
"""


# A limit on the size of files is what an unprivileged process can have of a full disk.
LIMITED = """
import json, resource, sys
import qcut_nb as qc
from qcut_nb.errors import QcutError

hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

studio = qc.Studio("full", mode="simulated", root=sys.argv[1])
"""
NO_ROOM = (
    LIMITED
    + """
limit(1000)
try:
    studio.generate("x", models="wan_turbo")
except QcutError as error:
    print(error)
print([job.state for job in studio.jobs], len(studio.clips))
limit(None)
job = studio.generate("x", models="wan_turbo").jobs[0]
job.wait(60)
print(job.state)
limit(1000)
studio.close()
limit(None)
with qc.Studio("full", mode="simulated", root=sys.argv[1]) as again:
    print(len(again.clips))
"""
)


def run(code: str, root: Path, simulator: Simulator, *under: str) -> str:
    """What a kernel prints that runs under some command."""
    done = subprocess.run(
        [*under, sys.executable, "-c", code, str(root)],
        env=guarded_environment(QCUT_NB_FAL_URL=simulator.origin),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
