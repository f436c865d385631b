"""What a clip looks like in a cell: plain HTML that needs neither a kernel nor a widget."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from ..catalog import money
from ..errors import QcutError
from .place import plays_relative_urls, relative_url
from .proxy import proxy_video

if TYPE_CHECKING:
    from .clip import Clip

POSTER_BYTES = 25_000
SMALL_POSTER_BYTES = 6_000
PROXY_BYTES = 34_000
"""With the small poster in base64 and the caption: under 60 kB."""
WIDTH_PX = 480
PROMPT_CHARS = 400

_TEXT = "color:var(--jp-ui-font-color1,inherit);font-family:var(--jp-ui-font-family,sans-serif)"
_QUIET = "color:var(--jp-ui-font-color2,inherit);opacity:.85"
_FRAME = "border:1px solid var(--jp-border-color2,#8884);border-radius:4px"


def preview_html(clip: Clip, element_id: str | None = None) -> str:
    """A clip's preview: poster, player and caption, under 60 kB.

    Only inline styles, no script: it survives JupyterLab's sanitizer, and shows poster and
    caption where nothing can be played.

    Args:
        clip: The clip or range.
        element_id: Put on the outer element, for a page that replaces it.
    """
    ident = f' id="{html.escape(element_id)}"' if element_id else ""
    return (
        f'<figure{ident} class="qcut-clip" style="margin:0;max-width:{WIDTH_PX}px;{_TEXT}">'
        f"{_player(clip)}{_caption(clip)}</figure>"
    )


def poster_html(clip: Clip, title: str) -> str:
    """A clip's first picture under a title, and nothing that tells which clip it is."""
    source = _poster(clip, POSTER_BYTES)
    image = f'<img alt="" style="display:block;max-width:100%;{_FRAME}" src="{source}">'
    return (
        f'<figure style="margin:0;max-width:{WIDTH_PX}px;{_TEXT}">{image if source else ""}'
        f"<figcaption><b>{html.escape(title)}</b></figcaption></figure>"
    )


def _player(clip: Clip) -> str:
    if not clip.path.is_file():
        return _note(f"The file is not there any more: {clip.path}")
    width_px, height_px = _box(clip)
    size = (
        f'width="{width_px}" height="{height_px}" '
        f'style="display:block;max-width:100%;height:auto;background:#000;{_FRAME}"'
    )
    url = relative_url(clip.path) if plays_relative_urls() else None
    if url is not None:
        poster = _poster(clip, POSTER_BYTES)
        source = html.escape(url + _fragment(clip))
        return (
            f'<video controls preload="none" playsinline {size}'
            f'{_attribute("poster", poster)} src="{source}"></video>'
        )
    proxy = proxy_video(clip.path, clip.start_s, clip.end_s, PROXY_BYTES)
    if proxy is not None:
        poster = _poster(clip, SMALL_POSTER_BYTES)
        source = "data:video/mp4;base64," + base64.b64encode(proxy).decode()
        return (
            f'<video controls preload="none" playsinline {size}'
            f'{_attribute("poster", poster)} src="{source}"></video>'
            + _note(f"A small silent copy. The clip itself: {clip.path}")
        )
    poster = _poster(clip, POSTER_BYTES)
    image = f'<img alt="First picture of the clip" {size} src="{poster}">' if poster else ""
    return image + _note(f"This notebook cannot play files beside it. Open {clip.path}")


def _caption(clip: Clip) -> str:
    recipe, facts = clip.recipe, clip.facts
    title = f"AI ({recipe.model_name})" if recipe is not None else clip.path.name
    parts = [_length(clip), f"{facts.width_px}x{facts.height_px}"]
    if facts.fps:
        parts.append(f"{facts.fps:g} fps")
    parts.append("sound" if facts.has_audio else "no sound")
    if recipe is not None:
        parts.insert(0, _cost(clip))
        if recipe.seed is not None:
            parts.append(f"seed {recipe.seed}")
    prompt = " ".join((clip.prompt or "").split())
    if len(prompt) > PROMPT_CHARS:
        prompt = prompt[: PROMPT_CHARS - 1] + "…"
    words = f'<div style="overflow-wrap:anywhere">{html.escape(prompt)}</div>' if prompt else ""
    return (
        '<figcaption style="margin:4px 0 0;font-size:13px;line-height:1.4">'
        f"<b>{html.escape(title)}</b>{words}"
        f'<div style="{_QUIET}">{html.escape(" · ".join(parts))}</div></figcaption>'
    )


def _cost(clip: Clip) -> str:
    recipe = clip.recipe
    if recipe is None:
        return ""
    if recipe.mode == "simulated":
        quote_usd = clip.quote_usd
        known = "price unknown" if quote_usd is None else f"list price {money(quote_usd)}"
        return f"simulated, free ({known})"
    if clip.cost_usd is None:
        return "price unknown"
    kind = "" if recipe.cost.metered_usd is not None else " (estimate)"
    return f"{money(clip.cost_usd)}{kind}"


def _length(clip: Clip) -> str:
    if clip.is_whole:
        return f"{clip.duration_s:.2f} s"
    whole_s = clip.facts.duration_s or 0.0
    return f"{clip.start_s:g} to {clip.end_s:g} s of {whole_s:.2f} s"


def _fragment(clip: Clip) -> str:
    """The range as a media fragment, which players keep to.

    Source:
        https://www.w3.org/TR/media-frags/ 4.2.1, read 2026-11.
    """
    return "" if clip.is_whole else f"#t={round(clip.start_s, 3):g},{round(clip.end_s, 3):g}"


def _box(clip: Clip) -> tuple[int, int]:
    width_px, height_px = clip.facts.width_px or WIDTH_PX, clip.facts.height_px or 270
    scale = min(WIDTH_PX / width_px, 360 / height_px)
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def _poster(clip: Clip, max_bytes: int) -> str | None:
    """The poster as a data URI, as good as fits; `None` where the file does not decode."""
    for side_px, quality in ((480, 75), (480, 50), (320, 50), (200, 40), (120, 30)):
        try:
            data = clip.poster(max_side_px=side_px, quality=quality)
        except QcutError:
            return None  # a broken file still shows its caption
        if len(data) <= max_bytes:
            return "data:image/jpeg;base64," + base64.b64encode(data).decode()
    return None


def _attribute(name: str, value: str | None) -> str:
    return f' {name}="{html.escape(value)}"' if value else ""


def _note(text: str) -> str:
    return f'<div style="font-size:12px;overflow-wrap:anywhere;{_QUIET}">{html.escape(text)}</div>'
