"""The files that a request brings: found in the simulator's own storage, opened, measured."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import av
from av.video.reformatter import Colorspace
from PIL import Image, ImageOps

from ..catalog import FileInput, MediaFacts, WireFault
from .encode import Planes, planes_of
from .shelf import Shelf

# Phones write JPEG with a second picture behind it.
IMAGE_FORMATS = {"MPO": "jpeg"}

Kind = Literal["image", "audio", "video"]


class InputFaultError(Exception):
    """A file that fal would refuse, with the fault of the 422 answer."""

    def __init__(self, fault: WireFault) -> None:
        super().__init__(fault.msg)
        self.fault = fault


@dataclass(frozen=True)
class Given:
    """A file of a request.

    Attributes:
        name: The input's name in the catalogue.
        path: Where its bytes are; `None` for a public address, which is never visited.
        url: The address in the request, shortened for data.
        digest: What tells it from other files.
        facts: What it is; `None` where `path` is.
    """

    name: str
    path: Path | None
    url: str
    digest: str
    facts: MediaFacts | None


def receive(want: FileInput, url: str, shelf: Shelf) -> Given:
    """Find and measure one file.

    Args:
        want: What the model declares.
        url: An address of this simulator's storage, a data URI, or a public address.
        shelf: Where the simulator keeps files; data URIs are unpacked into it.

    Raises:
        InputFaultError: It cannot be loaded, or is not of the declared kind.
    """
    path = _local(url, shelf, want)
    if path is None:
        return Given(want.name, None, url, hashlib.sha256(url.encode()).hexdigest(), None)
    try:
        facts = _measure(path, want.kind)
    except (av.FFmpegError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputFaultError(_unloadable(want)) from error
    if facts is None:
        raise InputFaultError(_unloadable(want))
    _check(want, facts)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Given(want.name, path, url[:200], digest, facts)


def open_picture(given: Given) -> Image.Image | None:
    """The picture, turned upright; `None` for one that was not visited."""
    if given.path is None:
        return None
    with Image.open(given.path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def video_frames(
    path: Path, *, width_px: int, height_px: int, source_fps: Fraction, fps: Fraction
) -> Iterator[Planes]:
    """Frames of a video at another size and rate, in order."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        sent = 0
        for index, frame in enumerate(container.decode(video=0)):
            until = int((index + 1) * fps / source_fps + Fraction(1, 2))
            if until <= sent:
                continue
            hd = frame.colorspace == Colorspace.ITU709
            scaled = frame.reformat(
                width=width_px,
                height=height_px,
                format="yuv420p",
                src_colorspace=Colorspace.ITU709 if hd else Colorspace.ITU601,
                dst_colorspace=Colorspace.ITU601,
            )
            planes = planes_of(scaled)
            for _ in range(sent, until):
                yield planes
            sent = until


def measure_video(path: Path) -> MediaFacts | None:
    """Facts of a video file; `None` where it has no moving picture."""
    with av.open(str(path)) as container:
        if not container.streams.video:
            return None
        stream = container.streams.video[0]
        rate = stream.average_rate or stream.guessed_rate
        if not rate:
            return None
        duration_s = _length(container, stream)
        frames = stream.frames or (round(duration_s * rate) if duration_s else None)
        sound = container.streams.audio[0] if container.streams.audio else None
        return MediaFacts(
            format=_container_format(container.format.name),
            size_bytes=path.stat().st_size,
            width_px=stream.width,
            height_px=stream.height,
            duration_s=duration_s,
            fps=float(rate),
            frames=frames,
            video_codec=stream.codec_context.name,
            audio_codec=sound.codec_context.name if sound else None,
        )


def _local(url: str, shelf: Shelf, want: FileInput) -> Path | None:
    if url.startswith("data:"):
        return _unpack(url, shelf, want)
    parts = urlsplit(url)
    if not _on_this_machine(parts.hostname or ""):
        return None
    path = shelf.find(unquote(parts.path))
    if path is None:
        raise InputFaultError(_unloadable(want))
    return path


def _unpack(url: str, shelf: Shelf, want: FileInput) -> Path:
    head, _, data = url.partition(",")
    try:
        content = base64.b64decode(data, validate=True) if ";base64" in head else b""
    except binascii.Error as error:
        raise InputFaultError(_unloadable(want)) from error
    if not content:
        raise InputFaultError(_unloadable(want))
    path = shelf.folder / "data" / hashlib.sha256(content).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _measure(path: Path, kind: Kind) -> MediaFacts | None:
    if kind == "image":
        content = path.read_bytes()
        with Image.open(BytesIO(content)) as image:
            image.load()
            upright = ImageOps.exif_transpose(image)
            return MediaFacts(
                format=IMAGE_FORMATS.get(image.format or "", (image.format or "").lower()),
                size_bytes=len(content),
                width_px=upright.width,
                height_px=upright.height,
            )
    if kind == "video":
        return measure_video(path)
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        return MediaFacts(
            format=_container_format(container.format.name),
            size_bytes=path.stat().st_size,
            duration_s=_length(container, stream),
            audio_codec=stream.codec_context.name,
        )


def _length(
    container: av.container.InputContainer, stream: av.VideoStream | av.AudioStream
) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _container_format(name: str) -> str:
    first = name.split(",")[0]
    return {"mov": "mp4", "matroska": "webm"}.get(first, first)


def _check(want: FileInput, facts: MediaFacts) -> None:
    if facts.size_bytes > want.max_bytes:
        raise _refusal(want, "file_too_large", "File too large", max_size=want.max_bytes)
    if want.kind == "image" and facts.format not in want.formats:
        formats = list(want.formats)
        kind = "unsupported_image_format"
        raise _refusal(want, kind, "Unsupported format", supported_formats=formats)
    if facts.width_px and facts.height_px:
        smallest, largest = want.min_side_px, want.max_side_px
        if smallest and min(facts.width_px, facts.height_px) < smallest:
            kind = "image_too_small"
            raise _refusal(want, kind, "Too small", min_height=smallest, min_width=smallest)
        if largest and max(facts.width_px, facts.height_px) > largest:
            kind = "image_too_large"
            raise _refusal(want, kind, "Too large", max_height=largest, max_width=largest)
    if facts.duration_s is not None and want.kind in ("audio", "video"):
        given = facts.duration_s
        if want.max_s is not None and given > want.max_s:
            kind = f"{want.kind}_duration_too_long"
            raise _refusal(want, kind, "Too long", max_duration=want.max_s, provided_duration=given)
        if want.min_s is not None and given < want.min_s:
            kind = f"{want.kind}_duration_too_short"
            raise _refusal(
                want, kind, "Too short", min_duration=want.min_s, provided_duration=given
            )


def _refusal(want: FileInput, kind: str, msg: str, **ctx: Any) -> InputFaultError:
    loc = ("body", want.wire)
    return InputFaultError(WireFault(loc=loc, type=kind, msg=msg, ctx=ctx))


def _unloadable(want: FileInput) -> WireFault:
    kind = "image_load_error" if want.kind == "image" else "file_download_error"
    return WireFault(
        loc=("body", want.wire), type=kind, msg=f"Failed to load the {want.kind}", ctx={}
    )
