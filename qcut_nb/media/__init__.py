"""Facts about files: what they are, whether they are whole, how they look, how they were made.

Everything is read from a file's content, never from its name.
"""

from .clip_check import check_clip
from .containers import open_media
from .digest import sha256_file
from .pictures import filmstrip, frame_at, poster
from .probe import probe
from .recipe import Recipe, RecipeCost, RecipeInput, read_recipe, write_recipe
from .tags import finish_file, part_name, read_comment, read_tags, retag
from .upload_check import check_upload

__all__ = [
    "Recipe",
    "RecipeCost",
    "RecipeInput",
    "check_clip",
    "check_upload",
    "filmstrip",
    "finish_file",
    "frame_at",
    "open_media",
    "part_name",
    "poster",
    "probe",
    "read_comment",
    "read_recipe",
    "read_tags",
    "retag",
    "sha256_file",
    "write_recipe",
]
