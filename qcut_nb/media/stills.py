"""Still pictures: their format, size and wholeness."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ..catalog import MediaFacts
from ..errors import MediaError

_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_TURNED = frozenset({5, 6, 7, 8})
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises on broken pictures."""


def still_format(head: bytes) -> str | None:
    """The picture format of a file's first 64 bytes; `None` where it is not a still picture."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        brand, others = head[8:12], head[16:]
        if brand == b"avif" or (brand in (b"mif1", b"msf1") and b"avif" in others):
            return "avif"
        if brand in _HEIF_BRANDS:
            return "heif"
    return None


def still_facts(path: Path, name: str) -> MediaFacts:
    """Facts of a picture, from its header.

    Raises:
        MediaError: The header is broken.
    """
    if name == "heif":
        width_px, height_px = _heif_size(path)
    else:
        try:
            with Image.open(path) as image:
                width_px, height_px = image.size
                if image.getexif().get(ExifTags.Base.Orientation) in _TURNED:
                    width_px, height_px = height_px, width_px
        except _UNREADABLE as error:
            raise MediaError(f"{path.name} cannot be read as a picture: {error}") from error
    return MediaFacts(
        format=name, size_bytes=path.stat().st_size, width_px=width_px, height_px=height_px
    )


def open_still(
    path: Path, max_side_px: int | None = None, *, keep_alpha: bool = False
) -> Image.Image:
    """Decode a picture, upright, in RGB; transparent parts become white.

    Args:
        path: The picture.
        max_side_px: Longest side of the result; `None` keeps the size.
        keep_alpha: Give RGBA, and leave transparent parts so.

    Raises:
        MediaError: It is broken or cut off, or HEIF, which Pillow does not read.
    """
    try:
        with Image.open(path) as image:
            if max_side_px is not None:
                image.draft("RGB", (max_side_px, max_side_px))
            upright = ImageOps.exif_transpose(image)
            upright.load()
    except _UNREADABLE as error:
        raise MediaError(f"{path.name} cannot be read as a picture: {error}") from error
    if keep_alpha:
        layer = upright.convert("RGBA")
        if max_side_px is not None:
            layer.thumbnail((max_side_px, max_side_px))
        return layer
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.new("RGBA", layer.size, "white")
        upright.alpha_composite(layer)
    rgb = upright.convert("RGB")
    if max_side_px is not None:
        rgb.thumbnail((max_side_px, max_side_px))
    return rgb


def _heif_size(path: Path) -> tuple[int, int]:
    """The largest `ispe` (image spatial extents) of the file's meta box.

    Source:
        ISO/IEC 23008-12, 6.5.3: 4 bytes version and flags, then width and height, big-endian.
    """
    with path.open("rb") as file:
        head = file.read(1 << 18)
    sizes = []
    at = head.find(b"ispe")
    while at >= 0 and at + 16 <= len(head):
        sizes.append(struct.unpack(">II", head[at + 8 : at + 16]))
        at = head.find(b"ispe", at + 4)
    if not sizes:
        raise MediaError(f"{path.name} cannot be read as a picture: its HEIF header has no size.")
    width_px, height_px = max(sizes, key=lambda size: int(size[0]) * int(size[1]))
    return int(width_px), int(height_px)
