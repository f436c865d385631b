"""Timeline: clips in order, cut together. Copied where nothing changes, else through MoviePy."""

from .composition import Music
from .plan import Plan
from .provenance import Provenance, SourceUse, provenance
from .timeline import Timeline

__all__ = ["Music", "Plan", "Provenance", "SourceUse", "Timeline", "provenance"]
