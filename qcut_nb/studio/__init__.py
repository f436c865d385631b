"""The front desk: Studio, Batch, Job."""

from .batch import Batch
from .budget import Budget
from .job import Job
from .nested_loops import allow_nested_loops
from .studio import Studio

__all__ = ["Batch", "Budget", "Job", "Studio", "allow_nested_loops"]
