"""The front desk: Studio, Batch, Job, Sweep."""

from .batch import Batch
from .budget import Budget
from .job import Job
from .nested_loops import allow_nested_loops
from .studio import Studio
from .sweep import Sweep

__all__ = ["Batch", "Budget", "Job", "Studio", "Sweep", "allow_nested_loops"]
