"""A comparison's kernel side, without a browser."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from queue import Queue
from typing import Any

import av
import pytest

from qcut_nb.clip import Clip
from qcut_nb.errors import MediaError
from qcut_nb.notebook import ClipStory, Compare, CompareHost, CompareItem, MetricText
from qcut_nb.notebook.compare_previews import PreviewCopies, transcode
from support.media import grey, make_video
from support.numbered import FFMPEG
from support.waiting import wait_until


class Desk:
    """A `CompareHost` that remembers the votes."""

    def __init__(self, folder: Path) -> None:
        self.previews_folder = folder / "previews"
        self.votes: list[tuple[list[list[str]], str | None, bool]] = []

    def story(self, clip: Clip) -> ClipStory:
        return ClipStory(42.0, (MetricText(name="motion", label="Motion", value=0.5),))

    def record_ballot(
        self, ranking: Sequence[Sequence[Clip]], *, voter: str | None, blind: bool
    ) -> None:
        names = [[clip.path.stem for clip in level] for level in ranking]
        self.votes.append((names, voter, blind))


def is_a_compare_host(desk: Desk) -> CompareHost:
    """Proves to the type checker that the protocol is met."""
    return desk


class ShownCompare(Compare):
    """A comparison whose messages to the browser are kept."""

    def __init__(self, host: CompareHost, items: Sequence[CompareItem], blind: bool) -> None:
        self.sent: Queue[tuple[dict[str, Any], list[bytes]]] = Queue()
        self.ids = count()
        super().__init__(host, items, blind=blind)

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.sent.put((content, buffers or []))

    def ask(self, **command: object) -> tuple[dict[str, Any], list[bytes]]:
        self._handle_custom_msg({"id": str(next(self.ids)), **command}, [])
        return self.sent.get(timeout=20)


Show = Callable[..., ShownCompare]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def show(desk: Desk) -> Iterator[Show]:
    shown: list[ShownCompare] = []

    def make(*items: CompareItem, blind: bool = False) -> ShownCompare:
        shown.append(ShownCompare(desk, items, blind))
        return shown[-1]

    yield make
    for widget in shown:
        widget.close()


def item(path: Path, **settings: Any) -> CompareItem:
    return CompareItem(label="", clip=Clip.from_file(make_video(path, **settings)))


def late_video(folder: Path) -> Path:
    """A second of video and sound that both begin half a second late."""
    source, late = make_video(folder / "a.mp4"), folder / "late.mp4"
    command = [FFMPEG, "-v", "error", "-itsoffset", "0.5", "-i", source]
    subprocess.run([*command, "-c", "copy", late], check=True)
    return late


def test_the_state_carries_facts_and_never_media(show: Show, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    widget = show(item(path, width_px=640, height_px=360, frames=48, noise=True))
    state = widget.get_state()["state"]
    assert len(json.dumps(state)) < 2000 < path.stat().st_size
    clip = state["clips"][0]
    assert (clip["fps"], clip["end_s"], clip["video_codec"]) == (24, 2, "h264")
    assert clip["time_to_result_s"] == 42
    assert clip["metrics"] == [{"name": "motion", "label": "Motion", "value": 0.5, "unit": ""}]


def test_a_clip_travels_in_parts_of_at_most_a_mebibyte(show: Show, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    widget = show(item(path, width_px=640, height_px=360, frames=96, noise=True))
    size = path.stat().st_size
    assert size > 1 << 20
    data = b""
    while len(data) < size:
        reply, buffers = widget.ask(kind="read_clip", clip_id="c0", offset=len(data))
        assert reply["total_bytes"] == size
        assert len(buffers[0]) <= 1 << 20
        data += buffers[0]
    assert data == path.read_bytes()


def test_a_poster_is_the_moment_that_was_asked_for(show: Show, tmp_path: Path) -> None:
    widget = show(item(tmp_path / "a.mp4", frames=48))
    pictures = [
        widget.ask(kind="read_poster", clip_id="c0", at_s=at_s)[1][0] for at_s in (0.0, 1.0)
    ]
    assert pictures[0] != pictures[1]


def test_what_is_gone_is_said_in_its_place(show: Show, tmp_path: Path) -> None:
    kept, gone = item(tmp_path / "a.mp4"), item(tmp_path / "b.mp4")
    never = CompareItem(label="c.mp4", problem=MediaError("There is no file c.mp4."))
    widget = show(kept, gone, never)
    (tmp_path / "b.mp4").unlink()
    reply, _ = widget.ask(kind="read_comparison")
    problems = [clip.get("problem", {}).get("what") for clip in reply["state"]["clips"]]
    assert problems[0] is None
    assert "not there any more" in problems[1]
    assert problems[2] == "There is no file c.mp4."
    refused, _ = widget.ask(kind="read_clip", clip_id="c1", offset=0)
    assert "not there any more" in refused["problem"]["what"]
    html = widget.static_html()
    assert "There is no file c.mp4." in html
    assert html.count("<figure") == 2


def test_without_clips_nobody_is_told_to_play_them(show: Show) -> None:
    html = show().static_html()
    assert "There are no clips to compare." in html
    assert "Run this cell" not in html


def test_the_static_html_stays_under_60_kb_a_clip(show: Show, tmp_path: Path) -> None:
    clips = [
        item(tmp_path / f"{n}.mp4", width_px=1280, height_px=720, frames=6, noise=True)
        for n in range(3)
    ]
    html = show(*clips).static_html()
    assert html.count("data:image/jpeg") == 3
    assert len(html) < 3 * 60_000


def test_the_static_html_of_a_blind_vote_tells_no_names(show: Show, tmp_path: Path) -> None:
    never = CompareItem(label="Veo", problem=MediaError("Veo refused it."))
    html = show(item(tmp_path / "kling.mp4"), item(tmp_path / "wan.mp4"), never, blind=True)
    text = html.static_html()
    assert text.count("data:image/jpeg") == 2
    assert [f"Clip {n}" in text for n in (1, 2, 3)] == [True] * 3
    assert not re.search("kling|wan|veo", text, re.IGNORECASE)


def test_ranges_are_told_by_the_clock_of_the_player(show: Show, tmp_path: Path) -> None:
    whole = Clip.from_file(late_video(tmp_path))
    widget = show(CompareItem("", whole), CompareItem("", whole[0.25:0.5]))
    told = [(c.first_frame_s, c.start_s, c.end_s) for c in widget.snapshot().clips]
    assert told == [(0.5, 0.5, 1.5), (0.5, 0.75, 1.0)]


def test_a_vote_reaches_the_studio_with_its_ties(show: Show, desk: Desk, tmp_path: Path) -> None:
    widget = show(*(item(tmp_path / f"{name}.mp4") for name in "abc"))
    ranking = [["c2"], ["c0", "c1"]]
    reply, _ = widget.ask(kind="record_ballot", ranking=ranking, voter="ann", blind=True)
    assert reply["kind"] == "done"
    assert desk.votes == [([["c"], ["a", "b"]], "ann", True)]


@pytest.mark.parametrize("ranking", [[["c0"]], [["c0"], ["c0"]], [["c0"], ["c7"]]])
def test_a_vote_that_ranks_nothing_is_refused(
    show: Show, desk: Desk, tmp_path: Path, ranking: list[list[str]]
) -> None:
    widget = show(item(tmp_path / "a.mp4"), item(tmp_path / "b.mp4"))
    assert widget.ask(kind="record_ballot", ranking=ranking, blind=False)[0]["kind"] == "refused"
    assert desk.votes == []


def test_a_preview_copy_has_every_frame_at_its_time_and_is_made_once(
    show: Show, tmp_path: Path
) -> None:
    source = item(tmp_path / "old.mp4", codec="mpeg4", frames=30, fps=25)
    widget = show(source)

    def answer() -> dict[str, Any]:
        return widget.ask(kind="make_preview", clip_id="c0")[0]

    wait_until(lambda: answer().get("clip"))
    clip = answer()["clip"]
    assert clip["is_copy"]
    (made,) = (tmp_path / "previews").iterdir()
    copy = Clip.from_file(made)
    assert (copy.facts.video_codec, copy.facts.frames, copy.facts.fps) == ("h264", 30, 25)
    assert copy.duration_s == pytest.approx(source.clip.duration_s if source.clip else 0)
    for at_s in (0.02, 0.5, 1.1):
        assert source.clip
        difference = copy.frame(at_s).mean() - source.clip.frame(at_s).mean()
        assert abs(difference) < 3
    chunk, _ = widget.ask(kind="read_clip", clip_id="c0", offset=0)
    assert chunk["total_bytes"] == made.stat().st_size


def test_a_preview_copy_of_an_avi_shows_its_frames_in_order(tmp_path: Path) -> None:
    source = make_video(tmp_path / "a.avi", frames=20, audio=False, options={"bf": "2"})
    transcode(source, tmp_path / "copy.mp4", lambda part: None)
    copy = Clip.from_file(tmp_path / "copy.mp4")
    assert copy.facts.frames == 20
    assert copy.duration_s == pytest.approx(20 / 24)
    for number in range(20):
        assert copy.frame((number + 0.5) / 24).mean() == pytest.approx(grey(number), abs=3)


def test_sound_that_begins_late_begins_with_its_picture_in_a_preview_copy(tmp_path: Path) -> None:
    transcode(late_video(tmp_path), tmp_path / "copy.mp4", lambda part: None)
    with av.open(str(tmp_path / "copy.mp4")) as copy:
        starts = [float((s.start_time or 0) * (s.time_base or 0)) for s in copy.streams]
    assert starts == [pytest.approx(0, abs=0.03)] * 2


def test_a_copy_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    copies = PreviewCopies(tmp_path / "previews")

    def fails() -> bool:
        try:
            return copies.ask(broken) < 0
        except MediaError as error:
            return "broken.mp4" in error.what

    wait_until(fails)
    copies.close()
    assert list((tmp_path / "previews").iterdir()) == []
