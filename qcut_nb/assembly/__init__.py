"""Timeline: clips in order, cut together. Copied where nothing changes, encoded where it does."""

from .movie_file import write_movie
from .plan import Plan, Stretch
from .provenance import Provenance, SourceUse, provenance
from .timeline import Timeline

__all__ = ["Plan", "Provenance", "SourceUse", "Stretch", "Timeline", "provenance", "write_movie"]
