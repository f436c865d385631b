"""The widgets: the panel, the progress of a batch, the comparison, and the messages they speak.

They act only through `PanelHost`, which the studio implements. Importing this room loads no
widget library: `Panel`, `BatchProgress` and `Compare` are bound on first use.
"""

from typing import TYPE_CHECKING, Any

from .compare_items import ClipStory, CompareHost, CompareItem
from .host import ClipsFound, Expected, PanelHost, StoredClip
from .messages import (
    ChangeText,
    Choice,
    FieldProblem,
    JobDetails,
    JobMoment,
    MetricText,
    MoneyLine,
    Offer,
    QuoteText,
    Wish,
)
from .offers import change_text, input_texts, make_offer, quote_text

if TYPE_CHECKING:
    from .compare import Compare
    from .panel import Panel
    from .progress import BatchProgress

__all__ = [
    "BatchProgress",
    "ChangeText",
    "Choice",
    "ClipStory",
    "ClipsFound",
    "Compare",
    "CompareHost",
    "CompareItem",
    "Expected",
    "FieldProblem",
    "JobDetails",
    "JobMoment",
    "MetricText",
    "MoneyLine",
    "Offer",
    "Panel",
    "PanelHost",
    "QuoteText",
    "StoredClip",
    "Wish",
    "change_text",
    "input_texts",
    "make_offer",
    "quote_text",
]


def __getattr__(name: str) -> Any:
    if name == "Panel":
        from .panel import Panel

        return Panel
    if name == "BatchProgress":
        from .progress import BatchProgress

        return BatchProgress
    if name == "Compare":
        from .compare import Compare

        return Compare
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
