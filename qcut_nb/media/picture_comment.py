"""A comment inside an animated picture: GIF's comment block, WebP's XMP."""

from __future__ import annotations

import html
import re
import struct
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from ..errors import MediaError

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li '
    'xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>'
    "</x:xmpmeta>"
)
_DESCRIPTION = re.compile(r"<rdf:li[^>]*>(.*)</rdf:li>", re.DOTALL)
XMP_FLAG = 0x04
"""In the flags of WebP's `VP8X`: there is an `XMP ` chunk."""


def write_picture_comment(path: Path, text: str) -> None:
    """Add a comment to a GIF or an animated WebP; its pictures keep their bytes.

    Raises:
        MediaError: It is neither.
        OSError: It cannot be written.

    Source:
        GIF89a, 24 (comment extension); WebP container, "Extended file format".
    """
    data = path.read_bytes()
    if data[:6] == b"GIF89a":
        path.write_bytes(_gif(data, text))
    elif data[8:16] == b"WEBPVP8X":
        path.write_bytes(_webp(data, text))
    else:
        raise MediaError(f"{path.name} is no GIF and no animated WebP.")


def read_picture_comment(path: Path) -> str | None:
    """The comment of a picture file; `None` where it has none.

    Raises:
        MediaError: It is no picture.
        OSError: It cannot be read.
    """
    try:
        with Image.open(path) as image:
            comment, xmp = image.info.get("comment"), image.info.get("xmp")
    except UnidentifiedImageError as error:
        raise MediaError(f"{path.name} is no picture.") from error
    if isinstance(comment, bytes):
        return comment.decode("utf-8", "replace")
    if isinstance(xmp, bytes) and (found := _DESCRIPTION.search(xmp.decode("utf-8", "replace"))):
        return html.unescape(found[1])
    return None


def _gif(data: bytes, text: str) -> bytes:
    # Behind the header, the screen's seven bytes, and the colour table where there is one.
    packed = data[10]
    at = 13 + (3 << (packed & 7) + 1 if packed & 0x80 else 0)
    content = text.encode()
    blocks = (content[start : start + 255] for start in range(0, len(content), 255))
    body = b"".join(bytes([len(block)]) + block for block in blocks)
    return data[:at] + b"\x21\xfe" + body + b"\0" + data[at:]


def _webp(data: bytes, text: str) -> bytes:
    content = XMP.format(html.escape(text)).encode()
    chunk = b"XMP " + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    flagged = data[:20] + bytes([data[20] | XMP_FLAG]) + data[21:] + chunk
    return flagged[:4] + struct.pack("<I", len(flagged) - 8) + flagged[8:]
