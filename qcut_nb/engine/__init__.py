"""Runs jobs: its own thread with its own loop; the life of a job, from intent to stored clip."""

from .engine import Engine
from .intents import PlannedJob
from .live_job import Outcome
from .views import JobProblem, JobView

__all__ = ["Engine", "JobProblem", "JobView", "Outcome", "PlannedJob"]
