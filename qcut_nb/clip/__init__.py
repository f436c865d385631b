"""Clip: a stored video with how it was made, its frames, and a preview that needs no kernel."""

from .clip import Clip
from .keeping import Kept, Owner
from .moviepy_bridge import moviepy_module
from .preview import poster_html, preview_html

__all__ = ["Clip", "Kept", "Owner", "moviepy_module", "poster_html", "preview_html"]
