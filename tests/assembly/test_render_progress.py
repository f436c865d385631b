from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from support.media import make_video

ROOT = Path(__file__).parents[2]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_notebook_cell_shows_one_progress_and_a_small_preview(tmp_path: Path) -> None:
    make_video(tmp_path / "a.mp4", width_px=320, height_px=180, frames=240)
    book = nbformat.v4.new_notebook()
    for source in (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from qcut_nb.assembly import Timeline\n"
        "clip = Timeline(['a.mp4']).clips[0]",
        "Timeline([clip[0:9]]).with_size(640, 360).render('out.mp4')",
        "Timeline([clip, clip]).render('whole.mp4', show=False)",
    ):
        book.cells.append(nbformat.v4.new_code_cell(source))
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    updates: list[str] = []

    class Client(NotebookClient):
        def process_message(self, msg: Any, cell: Any, cell_index: int) -> NotebookNode | None:
            if msg["msg_type"] == "update_display_data":
                updates.append(msg["content"]["data"]["text/html"])
            return super().process_message(msg, cell, cell_index)

    client = Client(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    shown, preview = book.cells[1].outputs
    assert "out.mp4 rendered in" in shown["data"]["text/html"]
    assert "(filter)" in shown["data"]["text/html"]
    assert any("s left" in update for update in updates[:-1])
    assert len(preview["data"]["text/html"]) < 60_000
    assert 'src="./out.mp4"' in preview["data"]["text/html"]
    [only] = book.cells[2].outputs
    assert only["output_type"] == "execute_result"
