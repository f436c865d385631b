"""Files from the browser."""

from pathlib import Path

import pytest

from qcut_nb.errors import InputError, UploadRejectedError
from qcut_nb.notebook.messages import CHUNK_BYTES
from qcut_nb.notebook.uploads import Uploads
from support.full_disk import no_room


def test_parts_in_any_order_and_twice_make_the_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK_BYTES // 256) + b"the end"
    uploads = Uploads(tmp_path / "inputs")
    upload_id = uploads.open("image", "photo.png", len(content))
    uploads.write(upload_id, CHUNK_BYTES, memoryview(content)[CHUNK_BYTES:])
    with pytest.raises(InputError, match="1 parts have not arrived"):
        uploads.close(upload_id)
    for _ in range(2):
        uploads.write(upload_id, 0, content[:CHUNK_BYTES])
    kind, path = uploads.close(upload_id)
    assert (kind, path.name) == ("image", "photo.png")
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == ["photo.png"]


def test_a_file_never_replaces_another(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    names = []
    for content in (b"first", b"other"):
        upload_id = uploads.open("image", "photo.png", len(content))
        uploads.write(upload_id, 0, content)
        names.append(uploads.close(upload_id)[1].name)
    assert names == ["photo.png", "photo-2.png"]
    assert (tmp_path / "photo.png").read_bytes() == b"first"


def test_the_same_file_again_is_the_same_file(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    for _ in range(2):
        upload_id = uploads.open("image", "photo.png", 5)
        uploads.write(upload_id, 0, b"first")
        assert uploads.close(upload_id)[1] == tmp_path / "photo.png"
    assert [file.name for file in tmp_path.iterdir()] == ["photo.png"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\secret\\.bashrc", "/abs/a.png", "..", ".hidden", "a/../b\0c"]
)
def test_a_name_cannot_leave_the_folder_or_hide(tmp_path: Path, name: str) -> None:
    uploads = Uploads(tmp_path / "inputs")
    upload_id = uploads.open("image", name, 1)
    uploads.write(upload_id, 0, b"x")
    path = uploads.close(upload_id)[1]
    assert path.parent == tmp_path / "inputs"
    assert not path.name.startswith(".")


def test_bytes_that_are_no_part_of_the_file_are_refused(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    upload_id = uploads.open("image", "photo.png", 10)
    for offset, data in ((0, b"too short"), (5, b"12345"), (CHUNK_BYTES, b"")):
        with pytest.raises(InputError):
            uploads.write(upload_id, offset, data)
    with pytest.raises(UploadRejectedError, match="empty"):
        uploads.open("image", "photo.png", 0)


def test_what_never_became_whole_is_removed(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    uploads.open("video", "film.mp4", 5 * CHUNK_BYTES)
    uploads.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_finds_no_room_says_the_next_step_and_leaves_nothing(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    upload_id = uploads.open("image", "photo.png", CHUNK_BYTES)
    with no_room(beyond_bytes=1000), pytest.raises(UploadRejectedError) as caught:
        uploads.write(upload_id, 0, bytes(CHUNK_BYTES))
    assert "photo.png" in caught.value.what
    assert caught.value.money == "Nothing was spent."
    assert caught.value.remedy.startswith("Make room")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="not open any more"):
        uploads.write(upload_id, 0, bytes(CHUNK_BYTES))
