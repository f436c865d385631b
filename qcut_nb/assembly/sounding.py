"""What is heard under the track."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Self

from ..errors import InputError
from ..media import probe
from .editing import Editing
from .items import number
from .model import Sound
from .sound_reader import sound_length_s
from .sources import stamp_of
from .times import Time, seconds

LOUDEST_LUFS, SOFTEST_LUFS = -5.0, -70.0


class Sounding(Editing):
    """Music, voices, and how loud the result is."""

    def music(
        self,
        path: str | Path,
        volume: float = 1.0,
        *,
        start_s: Time = 0.0,
        at: Time = 0.0,
        end: Time | None = None,
        fade_in_s: Time = 0.0,
        fade_out_s: Time = 0.0,
        duck: bool = False,
    ) -> Self:
        """Mix a sound file in; it ends with the timeline or before.

        Args:
            path: A file with sound.
            volume: Factor; 1 leaves it as it is, 0 is silence.
            start_s: From where in the file.
            at: From when in the timeline.
            end: Until when in the timeline; `None` is the end of either.
            fade_in_s: Fade at its start.
            fade_out_s: Fade at its end: where the file, `end` or the timeline ends.
            duck: Whether it steps back while clips or voices are heard.

        Raises:
            InputError: The file has no sound, a number is out of range, or there is nothing to
                duck for.
            MediaError: The file is missing or damaged.
        """
        facts = probe(path)
        name = Path(path).name
        if not facts.has_audio:
            raise InputError(
                f"{name} has no sound in it: it is {facts.format}.",
                money="",
                remedy="Give a sound file, or a video with sound.",
            )
        from_s = seconds(start_s, self.fps, "A start")
        lasts_s = sound_length_s(Path(path)) - from_s
        if lasts_s <= 0:
            raise InputError(
                f"{name} lasts {lasts_s + from_s:.2f} s; it cannot start at {from_s:g} s.",
                money="",
                remedy=f"Take a start_s from 0 to below {facts.duration_s:.2f} s.",
            )
        at_s = seconds(at, self.fps, "A start")
        end_s = None if end is None else seconds(end, self.fps, "An end")
        sound = Sound(
            path=Path(path).absolute(),
            volume=number(volume, "A volume"),
            start_s=from_s,
            at_s=at_s,
            end_s=end_s,
            lasts_s=lasts_s,
            duck=duck,
            stamp=stamp_of(Path(path).absolute()),
        )
        length_s = sound.until_s(self.duration_s) - at_s
        if length_s <= 0:
            until = "" if end_s is None else f" and end at {end_s:g} s"
            raise InputError(
                f"{name} cannot start at {at_s:g} s{until}: the timeline lasts "
                f"{self.duration_s:g} s.",
                money="",
                remedy="Take a start inside the timeline and a later end, or none.",
            )
        fades_s = [seconds(fade, self.fps, "A fade") for fade in (fade_in_s, fade_out_s)]
        if max(fades_s) > length_s:
            raise InputError(
                f"A fade of {max(fades_s):g} s is longer than {name} is heard, {length_s:.2f} s.",
                money="",
                remedy=f"Take at most {length_s:.2f} s.",
            )
        heard = any(item.has_sound for item in self.edit.items)
        if duck and not heard and not any(not sound.duck for sound in self.edit.sounds):
            raise InputError(
                f"{name} cannot duck: no clip and no voice has sound.",
                money="",
                remedy="Add the voice first, or leave duck out.",
            )
        sound = replace(sound, fade_in_s=fades_s[0], fade_out_s=fades_s[1])
        return self._new(replace(self.edit, sounds=(*self.edit.sounds, sound)))

    def voice(
        self,
        path: str | Path,
        at: Time = 0.0,
        volume: float = 1.0,
        *,
        start_s: Time = 0.0,
        end: Time | None = None,
        fade_in_s: Time = 0.0,
        fade_out_s: Time = 0.0,
    ) -> Self:
        """Mix a voice in from some moment; music with `duck=True` steps back for it.

        Args:
            path: A file with sound.
            at: From when in the timeline.
            volume: Factor; 1 leaves it as it is.
            start_s: From where in the file.
            end: Until when in the timeline; `None` is the end of either.
            fade_in_s: Fade at its start.
            fade_out_s: Fade at its end.

        Raises:
            InputError: The file has no sound, or a number is out of range.
            MediaError: The file is missing or damaged.
        """
        mixed = self.music(
            path,
            volume,
            start_s=start_s,
            at=at,
            end=end,
            fade_in_s=fade_in_s,
            fade_out_s=fade_out_s,
        )
        *others, sound = mixed.edit.sounds
        voice = replace(sound, role="voice")
        return self._new(replace(mixed.edit, sounds=(*others, voice)))

    def loudness(self, lufs: float = -14.0) -> Self:
        """Bring the result to an integrated loudness; peaks stay below -1 dBFS.

        Sound that is nearly all peaks stays softer; rendering warns with what it comes to.

        Args:
            lufs: -14 is what streaming services play at, -23 what broadcasters do.

        Raises:
            InputError: It is out of range, or there is no sound.
        """
        if not SOFTEST_LUFS <= lufs <= LOUDEST_LUFS:
            raise InputError(
                f"A loudness of {lufs} LUFS is not possible.",
                money="",
                remedy=f"Take {SOFTEST_LUFS:g} to {LOUDEST_LUFS:g}; -14 is usual online.",
            )
        if not self.edit.sounds and not any(item.has_sound for item in self.edit.items):
            raise InputError(
                "There is no sound whose loudness could be set.",
                money="",
                remedy="Add sound first: timeline.music(path).loudness(-14).",
            )
        return self._new(
            replace(self.edit, look=replace(self.edit.look, loudness_lufs=float(lufs)))
        )
