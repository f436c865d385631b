"""A journal that was spoilt never stops a rebuild, and what comes of it can be worked with."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qcut_nb.catalog import models
from qcut_nb.engine import Engine
from qcut_nb.store import NEXT_STATES, ClipRow, JobRow, Project
from qcut_nb.studio.rebuilding import rebuild
from support.strange import objects, texts, values

REQUEST = models["wan_turbo"].request(prompt="x").model_dump_json()
JOB: dict[str, Any] = {
    "v": 1,
    "kind": "intent",
    "job": "j1",
    "id": "j1",
    "batch_id": "b",
    "place": 0,
    "mode": "live",
    "state": "reserved",
    "model_id": "wan_turbo",
    "catalog_version": "v",
    "request": REQUEST,
    "changes": "[]",
    "created_at": 1.0,
}
COLUMNS = sorted({*JobRow.__slots__, *ClipRow.__slots__, "v", "kind", "job"})
KINDS = st.sampled_from(["intent", "sent", "submitted", "ended", "clip"])
some_values = values | st.sampled_from([*NEXT_STATES, "j1", "clips/a.mp4", REQUEST, "settled"])
lines = st.lists(
    st.dictionaries(st.sampled_from(COLUMNS), some_values, max_size=3).map(lambda d: JOB | d)
    | st.tuples(KINDS, st.dictionaries(st.sampled_from(COLUMNS), some_values, max_size=6)).map(
        lambda pair: JOB | {"kind": pair[0]} | pair[1]
    )
    | objects(COLUMNS),
    max_size=5,
).map(lambda rows: [json.dumps(row) for row in rows])


@settings(max_examples=60, deadline=None)
@given(lines=st.tuples(lines, st.lists(texts, max_size=2)), whole=st.booleans())
def test_any_journal_gives_a_store_that_opens(
    lines: tuple[list[str], list[str]], whole: bool
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "qcut" / "p"
        folder.mkdir(parents=True)
        text = "\n".join([*lines[0], *lines[1]])
        data = text.encode(errors="surrogatepass")
        (folder / "journal.jsonl").write_bytes(data if whole else data[:-3])
        done = rebuild(folder)
        project = Project.open("p", Path(place))
        assert len(project.store.jobs(limit=-1)) == done.jobs
        assert len(project.store.clips(limit=-1)) == done.clips
        engine = Engine(project, _nowhere, "live")
        try:
            for view in engine.views():
                assert view.state in NEXT_STATES
        finally:
            engine.close()


def _nowhere() -> Any:
    raise AssertionError("nothing is asked of fal here")
