"""What the simulator delivers are real videos of what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from qcut_nb.simulator import Simulator, read_frame_number
from support.media import loudness, make_sound, make_video

CAT = "a cat playing with yarn, golden hour"


def frames(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in container.decode(video=0)
        ]


def centre(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The mean colour in the middle, away from number and caption."""
    height, width, _ = frame.shape
    middle = frame[height // 3 : height // 2, width // 3 : width // 2]
    return np.asarray(middle.mean(axis=(0, 1)), np.float64)


def picture(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (640, 360)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


@pytest.mark.parametrize(
    ("model", "settings", "size", "fps", "length", "sound"),
    [
        ("kling_v2_5", {"duration_s": 5}, (320, 180), 24, 5, False),
        ("kling_v2_5", {"duration_s": 10, "aspect_ratio": "9:16"}, (102, 180), 24, 10, False),
        ("kling_v2_1", {"aspect_ratio": "1:1"}, (180, 180), 24, 5, False),
        ("veo31_fast", {"duration_s": 4, "audio": True}, (320, 180), 24, 4, True),
        ("veo31_fast", {"duration_s": 4, "audio": False}, (320, 180), 24, 4, False),
        ("ltxv2_fast", {"duration_s": 6, "fps": 50}, (320, 180), 50, 6, True),
        ("wan_turbo", {}, (320, 180), 16, 5, False),
        ("seedance_pro", {"duration_s": 3, "aspect_ratio": "21:9"}, (420, 180), 24, 3, False),
        ("hailuo_02_pro", {}, (320, 180), 24, 6, False),
    ],
)
def test_a_video_has_the_size_rate_length_and_sound_that_were_asked(
    talk: Any,
    model: str,
    settings: dict[str, Any],
    size: tuple[int, int],
    fps: int,
    length: float,
    sound: bool,
) -> None:
    path, _ = talk.make(model, prompt=CAT, **settings)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height) == size
        assert video.average_rate == fps
        assert video.codec_context.name == "h264"
        assert video.frames == length * fps
        assert video.duration is not None
        assert video.time_base is not None
        assert float(video.duration * video.time_base) == length
        assert container.duration == length * av.time_base
        assert bool(container.streams.audio) == sound
        if sound:
            assert container.streams.audio[0].codec_context.name == "aac"


def test_without_a_cap_a_video_has_the_size_class_that_was_asked(
    tmp_path: Path, talk_to: Any
) -> None:
    with Simulator(tmp_path / "state", "instant") as simulator:
        path, output = talk_to(simulator).make("wan_25", prompt=CAT, resolution="720p")
    assert frames(path)[0].shape == (720, 1280, 3)
    assert (output["video"]["width"], output["video"]["height"]) == (1280, 720)
    assert output["video"]["duration"] == 5


def test_every_frame_carries_its_number_and_the_picture_moves(talk: Any) -> None:
    path, _ = talk.make("veo31_fast", prompt=CAT, duration_s=4)
    seen = frames(path)
    assert [read_frame_number(frame) for frame in seen] == list(range(96))
    assert np.abs(seen[0][40:120].astype(int) - seen[48][40:120]).mean() > 5


def test_a_frame_without_a_number_reads_as_none() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), np.uint8)
    assert read_frame_number(noise) is None
    assert read_frame_number(np.zeros((180, 320), np.uint8)) is None
    assert read_frame_number(np.zeros((2, 2), np.uint8)) is None


def test_equal_requests_share_one_render_and_another_seed_gives_another_video(
    talk: Any, instant: Simulator
) -> None:
    first, _ = talk.make("seedance_pro", prompt=CAT, duration_s=2, seed=7)
    again, output = talk.make("seedance_pro", prompt=CAT, duration_s=2, seed=7)
    assert instant.stats()["rendered"] == 1
    other, _ = talk.make("seedance_pro", prompt=CAT, duration_s=2, seed=8)
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()
    assert output["seed"] == 7
    assert instant.stats()["rendered"] == 2


def test_image_to_video_starts_with_the_picture_and_moves_on(talk: Any, tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 640).astype(np.uint8)
    source = tmp_path / "ramp.png"
    Image.fromarray(np.broadcast_to(ramp[None, :, None], (360, 640, 3)).copy()).save(source)
    path, _ = talk.make("kling_v2_5_i2v", prompt=CAT, image=str(source))
    seen = frames(path)
    rows = [frame[60:100].mean(axis=(0, 2)) for frame in (seen[0], seen[-1])]
    expected = np.linspace(0, 255, 320)
    assert np.abs(rows[0] - expected).max() < 12
    # Zoomed in, the same ramp covers fewer grey levels.
    assert rows[1].max() - rows[1].min() < 0.93 * (rows[0].max() - rows[0].min())


def test_frames_to_video_goes_from_the_first_picture_to_the_last(talk: Any, tmp_path: Path) -> None:
    first = picture(tmp_path / "first.png", (200, 30, 30))
    last = picture(tmp_path / "last.jpg", (30, 30, 200))
    path, _ = talk.make(
        "veo31_fast_f2v", prompt=CAT, first_frame=str(first), last_frame=str(last), duration_s=4
    )
    seen = frames(path)
    assert np.abs(centre(seen[0]) - (200, 30, 30)).max() < 8
    assert np.abs(centre(seen[-1]) - (30, 30, 200)).max() < 8
    assert np.abs(centre(seen[48]) - (115, 30, 115)).max() < 10


def test_an_avatar_joins_picture_and_sound_and_is_as_long_as_the_sound(
    talk: Any, tmp_path: Path
) -> None:
    face = picture(tmp_path / "face.png", (40, 160, 60), (512, 512))
    voice = make_sound(tmp_path / "voice.wav", duration_s=2.5, codec="pcm_s16le", hz=660)
    path, output = talk.make("kling_avatar_standard", image=str(face), audio_file=str(voice))
    seen = frames(path)
    assert len(seen) == 60
    assert output["duration"] == 2.5
    assert seen[0].shape == (180, 180, 3)
    assert np.abs(centre(seen[0]) - (40, 160, 60)).max() < 8
    sound, rate = loudness(path)
    spectrum = np.abs(np.fft.rfft(sound[:rate]))
    assert abs(int(spectrum.argmax()) - 660) <= 2


def test_an_upscale_shows_the_same_frames_larger_and_keeps_their_sound(
    tmp_path: Path, talk_to: Any
) -> None:
    source = make_video(tmp_path / "source.mp4", width_px=128, height_px=96, fps=25, frames=50)
    with Simulator(tmp_path / "state", "instant") as simulator:
        path, _ = talk_to(simulator).make("topaz_upscaler", video=str(source), upscale_factor=2)
    before, after = frames(source), frames(path)
    assert after[0].shape == (192, 256, 3)
    assert len(after) == len(before) == 50
    for number in (0, 13, 49):
        assert read_frame_number(after[number]) == number
        assert np.abs(centre(after[number]) - centre(before[number])).max() < 6
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == 25
        assert container.streams.audio


def test_a_result_can_be_upscaled_to_another_rate_in_turn(talk: Any) -> None:
    _, first = talk.make("wan_turbo", prompt=CAT)
    path, _ = talk.make("bytedance_upscaler", video=first["video"]["url"], target_fps="60fps")
    assert [read_frame_number(frame) for frame in frames(path)] == list(range(300))


def test_animate_puts_the_picture_into_the_video(talk: Any, tmp_path: Path) -> None:
    source = make_video(tmp_path / "dance.mp4", width_px=320, height_px=180, fps=24, frames=24)
    face = picture(tmp_path / "face.png", (250, 20, 20))
    path, _ = talk.make("wan_animate_move", video=str(source), image=str(face))
    seen = frames(path)
    assert len(seen) == 24
    assert np.abs(seen[3][10:30, -60:-10].mean(axis=(0, 1)) - (250, 20, 20)).max() < 10


def test_a_remix_recolours_its_source(talk: Any) -> None:
    source, output = talk.make("sora2", prompt=CAT)
    path, remixed = talk.make("sora2_remix", video_id=output["video_id"], prompt="at night")
    before, after = frames(source), frames(path)
    assert len(before) == len(after)
    assert remixed["video_id"] != output["video_id"]
    assert np.abs(before[0][40:120].astype(int) - after[0][40:120]).mean() > 10


def test_a_public_picture_is_not_visited_but_stood_in_for(talk: Any) -> None:
    path, _ = talk.make(
        "vidu_q2_i2v", prompt=CAT, image="https://example.com/cat.png", duration_s=2
    )
    assert len(frames(path)) == 48


@pytest.mark.parametrize("damage", ["not an image", ""])
def test_a_damaged_picture_is_refused_as_fal_does(talk: Any, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text(damage)
    body = {"prompt": CAT, "image_url": talk.upload(broken)}
    answer = talk.verdict(talk.submit("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", body))
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["type"] == "image_load_error"
    assert answer.headers["x-fal-billable-units"] == "0"
    assert answer.headers["x-fal-retryable"] == "false"


def test_a_picture_that_is_too_small_is_refused_with_the_limit(talk: Any, tmp_path: Path) -> None:
    small = picture(tmp_path / "small.png", (9, 9, 9), (320, 200))
    body = {"prompt": CAT, "image_url": talk.upload(small)}
    answer = talk.verdict(talk.submit("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", body))
    assert answer.json()["detail"][0]["type"] == "image_too_small"
    assert answer.json()["detail"][0]["ctx"] == {"min_height": 300, "min_width": 300}


LTX_FAST = "fal-ai/ltx-2/text-to-video/fast"
VEO = "fal-ai/veo3.1"


@pytest.mark.parametrize(
    ("endpoint", "body", "place", "kind"),
    [
        (LTX_FAST, {"duration": 14, "resolution": "2160p"}, "resolution", "feature_not_supported"),
        (LTX_FAST, {"duration": 14, "fps": 50}, "fps", "feature_not_supported"),
        (LTX_FAST, {"duration": "14"}, "duration", "int_type"),
        (VEO, {"generate_audio": 1}, "generate_audio", "bool_type"),
        (VEO, {"duration": 8}, "duration", "string_type"),
        ("fal-ai/sora-2/text-to-video", {"character_ids": "a"}, "character_ids", "list_type"),
        (
            "fal-ai/topaz/upscale/video",
            {"video_url": "https://x.test/a.mp4", "grain": 0.015},
            "grain",
            "multiple_of",
        ),
    ],
)
def test_settings_that_fal_would_refuse_are_refused_in_its_words(
    talk: Any, endpoint: str, body: dict[str, Any], place: str, kind: str
) -> None:
    answer = talk.verdict(talk.submit(endpoint, {"prompt": CAT} | body))
    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert (fault["loc"], fault["type"]) == (["body", place], kind)


def test_a_sound_may_be_as_long_as_the_size_allows(talk: Any, tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "speech.mp3", duration_s=31, codec="libmp3lame")
    face = picture(tmp_path / "face.png", (9, 9, 9))
    body = {"image_url": talk.upload(face), "audio_url": talk.upload(sound)}
    endpoint = "fal-ai/bytedance/omnihuman/v1.5"
    answer = talk.verdict(talk.submit(endpoint, body | {"resolution": "1080p"}))
    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert (fault["loc"], fault["type"]) == (["body", "audio_url"], "audio_duration_too_long")
    assert fault["ctx"] == {"max_duration": 30, "provided_duration": pytest.approx(31, abs=0.2)}
    assert talk.verdict(talk.submit(endpoint, body | {"resolution": "720p"})).status_code == 200


def test_one_fixed_file_is_delivered_for_benchmarks(tmp_path: Path, talk_to: Any) -> None:
    fixed = tmp_path / "big.mp4"
    fixed.write_bytes(b"x" * 300_000)
    with Simulator(tmp_path / "state", "instant", media_file=fixed) as simulator:
        path, output = talk_to(simulator).make("veo31_fast", prompt=CAT)
        assert simulator.stats()["rendered"] == 0
    assert path.read_bytes() == fixed.read_bytes()
    assert output["video"]["file_size"] == 300_000
