"""The widgets: the panel and the progress of a batch, and the messages they speak.

They act only through `PanelHost`, which the studio implements. Importing this room loads no
widget library: `Panel` and `BatchProgress` are bound on first use.
"""

from typing import TYPE_CHECKING, Any

from .host import PanelHost
from .messages import ChangeText, Choice, FieldProblem, Offer, QuoteText, Wish
from .offers import change_text, make_offer, quote_text, settings_of

if TYPE_CHECKING:
    from .panel import Panel
    from .progress import BatchProgress

__all__ = [
    "BatchProgress",
    "ChangeText",
    "Choice",
    "FieldProblem",
    "Offer",
    "Panel",
    "PanelHost",
    "QuoteText",
    "Wish",
    "change_text",
    "make_offer",
    "quote_text",
    "settings_of",
]


def __getattr__(name: str) -> Any:
    if name == "Panel":
        from .panel import Panel

        return Panel
    if name == "BatchProgress":
        from .progress import BatchProgress

        return BatchProgress
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
