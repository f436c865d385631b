"""Joining, trimming and crossfading 1080p clips: beside MoviePy, ffmpeg, and copying bytes."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from claims import Claim

from qcut_nb.assembly import Timeline, footage, pieces
from qcut_nb.assembly.kept import kept_folder
from qcut_nb.clip import Clip
from qcut_nb.media import filmstrip, poster, sample_table

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
ROUNDS = 3
ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p"]
SOUND = ["-c:a", "aac", "-b:a", "192k"]
FADE_S = 0.5


def make_clips(folder: Path, name: str, count: int, gop: int) -> list[Clip]:
    """Five-second 1080p30 clips with sound, about 8 Mbit/s."""
    clips = []
    for number in range(count):
        path = folder / f"{name}{number}.mp4"
        picture = f"testsrc2=s=1920x1080:r=30:d=5,hue=h={36 * number},noise=alls=3:allf=t"
        subprocess.run(
            [
                FFMPEG,
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                picture,
                "-f",
                "lavfi",
                "-i",
                f"sine=f={300 + 40 * number}:r=48000:d=5",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-b:v",
                "8M",
                "-maxrate",
                "8M",
                "-bufsize",
                "8M",
                "-g",
                str(gop),
                "-pix_fmt",
                "yuv420p",
                *SOUND,
                str(path),
            ],
            check=True,
        )
        clips.append(Clip.from_file(path))
    return clips


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median wall time; nothing that was read or rendered before is remembered."""
    times = []
    for _ in range(rounds):
        footage._read.cache_clear()
        sample_table._read.cache_clear()
        shutil.rmtree(kept_folder())
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def ffmpeg(*arguments: str) -> None:
    """Run the ffmpeg program, whose errors are ours."""
    subprocess.run([FFMPEG, "-v", "error", "-y", *arguments], check=True)


def write_with_moviepy(movie: Any, path: Path) -> None:
    """As MoviePy's users write it, at our preset and quality."""
    movie.write_videofile(str(path), preset="veryfast", logger=None, ffmpeg_params=["-crf", "19"])
    movie.close()


def concatenated(clips: list[Clip], path: Path, *, defaults: bool = False) -> None:
    """MoviePy's own way to join."""
    import moviepy

    parts = [clip.to_moviepy() for clip in clips]
    movie = moviepy.concatenate_videoclips(parts)
    if defaults:
        movie.write_videofile(str(path), logger=None)
    else:
        write_with_moviepy(movie, path)
    for part in parts:
        part.close()


def crossfaded(clips: list[Clip], path: Path) -> None:
    """MoviePy's own way to crossfade."""
    import moviepy

    parts = [clip.to_moviepy() for clip in clips]
    fade = [moviepy.vfx.CrossFadeIn(FADE_S), moviepy.afx.AudioFadeIn(FADE_S)]
    faded = [part.with_effects(fade) if number else part for number, part in enumerate(parts)]
    movie = moviepy.concatenate_videoclips(faded, padding=-FADE_S, method="compose")
    write_with_moviepy(movie, path)
    for part in parts:
        part.close()


def xfade(clips: list[Clip], path: Path) -> None:
    """The best hand-written filter_complex for crossfades."""
    graph, video, sound, at = [], "0:v", "0:a", 0.0
    for number in range(1, len(clips)):
        at += clips[number - 1].duration_s - FADE_S
        graph += [
            f"[{video}][{number}:v]xfade=duration={FADE_S}:offset={at}[v{number}]",
            f"[{sound}][{number}:a]acrossfade=d={FADE_S}[a{number}]",
        ]
        video, sound = f"v{number}", f"a{number}"
    inputs = [part for clip in clips for part in ("-i", str(clip.path))]
    ffmpeg(
        *inputs,
        "-filter_complex",
        ";".join(graph),
        "-map",
        f"[{video}]",
        "-map",
        f"[{sound}]",
        *ENCODE,
        *SOUND,
        "-movflags",
        "+faststart",
        str(path),
    )


def trimmed_by_ffmpeg(clips: list[Clip], path: Path) -> None:
    """The best hand-written command for trims: seek, decode, concatenate, encode."""
    inputs: list[str] = []
    for clip in clips:
        inputs += ["-ss", f"{clip.start_s}", "-t", f"{clip.duration_s}", "-i", str(clip.path)]
    pads = "".join(f"[{number}:v][{number}:a]" for number in range(len(clips)))
    ffmpeg(
        *inputs,
        "-filter_complex",
        f"{pads}concat=n={len(clips)}:v=1:a=1[v][a]",
        "-map",
        "[v]",
        "-map",
        "[a]",
        *ENCODE,
        *SOUND,
        "-movflags",
        "+faststart",
        str(path),
    )


def similarity(one: Path, other: Path) -> float:
    """SSIM of all frames of two files."""
    shown = subprocess.run(
        [FFMPEG, "-i", str(one), "-i", str(other), "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-"],
        capture_output=True,
        check=True,
        text=True,
    )
    return float(re.findall(r"All:([\d.]+)", shown.stderr)[-1])


def render(timeline: Timeline, path: Path) -> None:
    """Ours."""
    timeline.render(path, overwrite=True, show=False)


def copy_bytes(clips: list[Clip], path: Path) -> None:
    """All bytes of the clips into one file, and onto the disk, as a render does."""
    with path.open("wb") as target:
        for clip in clips:
            with clip.path.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())


def joining(folder: Path) -> list[Claim]:
    """Ten clips, whole."""
    clips = make_clips(folder, "short", 10, 30)
    out = folder / "out.mp4"
    ours = seconds(lambda: render(Timeline(clips), out), 7)
    copied = seconds(lambda: copy_bytes(clips, folder / "bytes"), 7)
    # MoviePy's time grows with the frames: two clips, times five, spare some minutes.
    theirs = 5 * seconds(lambda: concatenated(clips[:2], folder / "m.mp4", defaults=True), 1)
    detail = f"{ours * 1000:.0f} ms; bytes {copied * 1000:.0f} ms, MoviePy 5 x {theirs / 5:.0f} s"
    return [
        Claim("ten 5 s clips joined: faster than MoviePy", theirs / ours, 100, "x", detail, True),
        Claim("ten 5 s clips joined / copying the bytes", ours / copied, 3, "x", detail),
    ]


def trimming(folder: Path) -> list[Claim]:
    """Three clips, cut where no keyframe is."""
    claims = []
    for name, gop in (("short", 30), ("long", 250)):
        clips = [clip[1.3:4.1] for clip in make_clips(folder, name, 3, gop)]
        out, other = folder / "out.mp4", folder / "other.mp4"
        ours = seconds(lambda: render(Timeline(clips), out))  # noqa: B023 - called at once
        if gop == 30:
            theirs = seconds(lambda: concatenated(clips, other), 1)  # noqa: B023 - called at once
            claims.append(
                Claim(
                    "trims, one-second GOPs: faster than MoviePy",
                    theirs / ours,
                    10,
                    "x",
                    f"{ours:.2f} s beside {theirs:.2f} s",
                    True,
                )
            )
        else:
            theirs = seconds(lambda: trimmed_by_ffmpeg(clips, other))  # noqa: B023 - called at once
            quality = similarity(out, other)
            claims.append(
                Claim(
                    "trims, one GOP: beside ffmpeg's concat filter",
                    ours / theirs,
                    1.1,
                    "x",
                    f"{ours:.2f} s beside {theirs:.2f} s, SSIM {quality:.4f}",
                )
            )
    return claims


def fading(folder: Path) -> list[Claim]:
    """Three clips, a crossfade at every joint."""
    claims = []
    for name, gop, limit in (("short", 30, 0.5), ("long", 250, 1.0)):
        clips = make_clips(folder, name, 3, gop)
        out, other = folder / "out.mp4", folder / "other.mp4"
        cut = Timeline(clips).crossfade(FADE_S)
        ours = seconds(lambda: render(cut, out))  # noqa: B023 - called at once
        theirs = seconds(lambda: xfade(clips, other))  # noqa: B023 - called at once
        quality = similarity(out, other)
        detail = f"{ours:.2f} s beside {theirs:.2f} s, SSIM {quality:.4f}"
        what = "one-second GOPs" if gop == 30 else "one GOP"
        claims.append(Claim(f"crossfades, {what}: beside xfade", ours / theirs, limit, "x", detail))
        if gop == 30:
            slow = seconds(lambda: crossfaded(clips, other), 1)  # noqa: B023 - called at once
            claims.append(
                Claim(
                    "crossfades, one-second GOPs: faster than MoviePy",
                    slow / ours,
                    5,
                    "x",
                    f"{ours:.2f} s beside {slow:.2f} s",
                    True,
                )
            )
    return claims


def effects(folder: Path) -> list[Claim]:
    """A Python effect on one clip."""
    import moviepy

    clip = make_clips(folder, "short", 1, 30)[0]
    mirror = [moviepy.vfx.MirrorX()]
    ours = seconds(lambda: render(Timeline([clip]).with_effects(mirror), folder / "out.mp4"))
    theirs = seconds(
        lambda: write_with_moviepy(clip.to_moviepy().with_effects(mirror), folder / "o.mp4")
    )
    detail = f"{ours:.2f} s beside {theirs:.2f} s"
    return [Claim("a Python effect: beside MoviePy", ours / theirs, 1.0, "x", detail)]


def pictures(folder: Path) -> list[Claim]:
    """Posters and filmstrips."""
    path = make_clips(folder, "long", 1, 250)[0].path
    one = seconds(lambda: poster(path), 9) * 1000
    ten = seconds(lambda: filmstrip(path, 10), 9) * 1000
    short = make_clips(folder, "short", 1, 30)[0].path
    dense = seconds(lambda: filmstrip(short, 10), 9) * 1000
    return [
        Claim("poster of a 1080p clip", one, 50, "ms"),
        Claim("ten-frame filmstrip, one GOP", ten, 200, "ms"),
        Claim("ten-frame filmstrip, one-second GOPs", dense, 200, "ms"),
    ]


def previewing(folder: Path) -> list[Claim]:
    """Previews of timelines with crossfades and a title."""
    claims = []
    for name, gop, what in (("short", 30, "one-second GOPs"), ("long", 250, "one GOP")):
        clips = make_clips(folder, name, 13, gop)
        for count, length_s in ((3, 15), (13, 60)):
            cut = Timeline(clips[:count]).crossfade(FADE_S).title("Home", start=0.5)

            def preview(cut: Timeline = cut) -> None:
                pieces._digest.cache_clear()
                cut.preview()

            took_s = seconds(preview)
            shown = cut.preview().facts
            detail = f"{shown.fps:g} frames a second"
            limit = 2.0 if gop == 30 else None
            claims.append(Claim(f"preview of {length_s} s, {what}", took_s, limit, "s", detail))
    return claims


LONG = """
import sys
from qcut_nb.assembly import Timeline
from qcut_nb.clip import Clip
clip = Clip.from_file(sys.argv[1])
cut = Timeline([clip] * int(sys.argv[2])).crossfade(float(sys.argv[4]))
cut.render(sys.argv[3], overwrite=True, show=False)
# Not getrusage: its peak begins with that of the process that started this one.
status = open("/proc/self/status").read()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def memory(folder: Path) -> list[Claim]:
    """A timeline of an hour beside one of a minute: the peak of the process."""
    path = folder / "small.mp4"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=320x180:r=30:d=5",
        "-f",
        "lavfi",
        "-i",
        "sine=r=48000:d=5",
        "-c:v",
        "libx264",
        "-g",
        "30",
        "-pix_fmt",
        "yuv420p",
        *SOUND,
        str(path),
    )

    def peak_mib(count: int, fade_s: float) -> float:
        out = str(folder / "long.mp4")
        command = [sys.executable, "-c", LONG, str(path), str(count), out, str(fade_s)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return float(done.stdout)

    claims = []
    for what, counts, fade_s in (
        ("memory: one hour / one minute, copied", (12, 720), 0.0),
        ("memory: one hour / one minute, crossfades", (13, 800), FADE_S),
    ):
        short, long = (peak_mib(count, fade_s) for count in counts)
        claims.append(Claim(what, long / short, 1.5, "x", f"{long:.0f} beside {short:.0f} MiB"))
    return claims


PARTS = {
    each.__name__: each
    for each in (joining, trimming, fading, effects, previewing, pictures, memory)
}


def measure(names: Sequence[str] = ()) -> Iterator[Claim]:
    """All parts, or those named, as they are measured."""
    before = os.environ.get("XDG_CACHE_HOME")
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            # Pieces are kept in a cache that is emptied before each round: not in the user's own.
            os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
            yield from PARTS[name](Path(folder))
    if before is None:
        os.environ.pop("XDG_CACHE_HOME", None)
    else:
        os.environ["XDG_CACHE_HOME"] = before


if __name__ == "__main__":
    for claim in measure(sys.argv[1:]):
        print(claim, flush=True)
