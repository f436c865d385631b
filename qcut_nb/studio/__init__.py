"""The front desk: Studio, Batch, Job."""

from .batch import Batch
from .job import Job
from .nested_loops import allow_nested_loops
from .studio import Studio

__all__ = ["Batch", "Job", "Studio", "allow_nested_loops"]
