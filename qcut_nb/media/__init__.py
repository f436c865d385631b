"""Facts about files: what they are, whether they are whole, how they look, how they were made.

Everything is read from a file's content, never from its name.
"""

from .c2pa import has_c2pa
from .clip_check import check_clip
from .containers import open_media
from .digest import sha256_file
from .examined import PICTURES, Examined, examine
from .h264 import ParameterSets, read_sps, starts_fresh
from .metrics import METRICS, Metric, measure
from .metrics_picture import few_frames
from .mp4_boxes import box as mp4_box
from .mp4_boxes import boxes as read_boxes
from .mp4_boxes import full_box as mp4_full_box
from .mp4_comment import quick_comment
from .parts import LEFT_BEHIND_S, finish_file, new_part, part_name, whole_file
from .picture_comment import read_picture_comment, write_picture_comment
from .pictures import filmstrip, frame_at, poster, save_frame
from .probe import probe
from .recipe import Recipe, RecipeCost, RecipeInput, read_recipe, write_recipe
from .sample_decoding import decoder_of, sample_packet
from .sample_table import SampleTable, sample_tables
from .sparse_frames import Group, cheap_groups, decode_group
from .stills import open_still
from .tags import read_comment, read_tags, retag
from .upload_check import check_upload

__all__ = [
    "LEFT_BEHIND_S",
    "METRICS",
    "PICTURES",
    "Examined",
    "Group",
    "Metric",
    "ParameterSets",
    "Recipe",
    "RecipeCost",
    "RecipeInput",
    "SampleTable",
    "cheap_groups",
    "check_clip",
    "check_upload",
    "decode_group",
    "decoder_of",
    "examine",
    "few_frames",
    "filmstrip",
    "finish_file",
    "frame_at",
    "has_c2pa",
    "measure",
    "mp4_box",
    "mp4_full_box",
    "new_part",
    "open_media",
    "open_still",
    "part_name",
    "poster",
    "probe",
    "quick_comment",
    "read_boxes",
    "read_comment",
    "read_picture_comment",
    "read_recipe",
    "read_sps",
    "read_tags",
    "retag",
    "sample_packet",
    "sample_tables",
    "save_frame",
    "sha256_file",
    "starts_fresh",
    "whole_file",
    "write_picture_comment",
    "write_recipe",
]
