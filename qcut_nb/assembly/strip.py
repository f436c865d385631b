"""A timeline in a cell: a strip of posters with transitions, lengths and the plan."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from ..clip import Clip
from ..errors import QcutError
from ..media import poster
from .layout import Slot
from .model import Card, Still
from .plan import Plan
from .times import clock

if TYPE_CHECKING:
    from .timeline import Timeline

MOST_BYTES = 60_000
MOST_TILES = 24
TILE_PX = 120
COLOURS = {"copy": "#43a047", "smart": "#0097a7", "filter": "#ef6c00", "moviepy": "#e53935"}
"""Of bars and marks, which are seen on light and on dark pages; words have the page's colour."""
_TEXT = "color:var(--jp-ui-font-color1,inherit);font-family:var(--jp-ui-font-family,sans-serif)"


def strip_html(timeline: Timeline) -> str:
    """The strip, under 60 kB; no script, inline styles only."""
    try:
        plan: Plan | None = timeline.plan()
        problem = ""
    except QcutError as error:
        plan, problem = None, str(error)
    slots = timeline.layout.slots
    room = MOST_BYTES // 2 // max(1, min(len(slots), MOST_TILES))
    tiles = "".join(_tile(slot, timeline, room) for slot in slots[:MOST_TILES])
    if len(slots) > MOST_TILES:
        tiles += f"<div>... and {len(slots) - MOST_TILES} more</div>"
    said = _plan(plan, timeline) if plan is not None else f"<div>{html.escape(problem)}</div>"
    head = html.escape(repr(timeline))
    return (
        f'<div style="{_TEXT}"><div>{head}</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:4px;align-items:end">{tiles}</div>'
        f"{said}</div>"
    )


def _tile(slot: Slot, timeline: Timeline, room: int) -> str:
    item = slot.item
    joint = ""
    if slot.into and item.transition is not None:
        joint = (
            f"&#x2194; {item.transition.kind.replace('_', ' ')} {item.transition.duration_s:g} s"
        )
    picture = ""
    source = item.source
    if isinstance(source, Clip | Still):
        try:
            data = (
                source.poster(TILE_PX, 50)
                if isinstance(source, Clip)
                else poster(source.path, max_side_px=TILE_PX, quality=50)
            )
            if len(data) * 4 / 3 < room:
                uri = base64.b64encode(data).decode()
                picture = (
                    f'<img alt="" style="width:{TILE_PX}px" src="data:image/jpeg;base64,{uri}">'
                )
        except QcutError:
            picture = ""
    if not picture:
        ground = source.background if isinstance(source, Card) and source.background else "#444"
        words = html.escape(source.text[:40]) if isinstance(source, Card) else ""
        picture = (
            f'<div style="width:{TILE_PX}px;height:68px;background:{html.escape(ground)};'
            f'color:#fff;overflow:hidden;font-size:11px">{words}</div>'
        )
    name = html.escape(item.clip.name if item.clip is not None else item.name)[:60]
    return (
        f'<div style="width:{TILE_PX}px;font-size:11px"><div>{joint}</div>{picture}'
        f'<div style="overflow:hidden;white-space:nowrap;text-overflow:ellipsis">{name}</div>'
        f"<div>{item.duration_s:.2f} s</div></div>"
    )


def _plan(plan: Plan, timeline: Timeline) -> str:
    frames = timeline.layout.frames
    bars = "".join(
        f'<span title="{html.escape(each.reason[:120], quote=True)}" style="display:inline-block;'
        f"height:8px;background:{COLOURS[each.strategy]};"
        f'width:{100 * each.frames / frames:.3f}%"></span>'
        for each in plan.stretches[:60]
    )
    rows = "".join(
        f"<tr><td>{clock(each.start_s)[3:]}</td><td>{clock(each.end_s)[3:]}</td>"
        f'<td style="text-align:left"><span style="display:inline-block;width:8px;height:8px;'
        f'background:{COLOURS[each.strategy]}"></span> {each.strategy}</td>'
        f'<td style="text-align:left">{html.escape(each.reason[:120])}</td></tr>'
        for each in plan.stretches[:30]
    )
    more = len(plan.stretches) - 30
    rest = f"<div>... and {more} more stretches</div>" if more > 0 else ""
    return (
        f'<div style="font-size:0;margin-top:4px">{bars}</div><details><summary>Plan: '
        f"{len(plan.stretches)} stretches, {plan.encoded_frames} of {frames} frames encoded, "
        f"sound: {plan.sound}, {plan.effort}</summary>"
        f'<table style="font-size:11px">{rows}</table>{rest}'
        f"<div>{html.escape(plan.sound_reason)}</div></details>"
    )
