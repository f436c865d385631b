"""What must survive: one SQLite file per project, and the folder with its clips."""

from .caps import Cap, CapExceededError
from .jobs import StateConflictError
from .lease import HEARTBEAT_S, LEASE_S, new_owner, surely_dead
from .migrations import SCHEMA_VERSION
from .project import Project, check_name
from .records import ENDED, ENDING_CHARGE, NEXT_STATES, Charge, ClipRow, JobRow, NewJob, State
from .store import Store

__all__ = [
    "ENDED",
    "ENDING_CHARGE",
    "HEARTBEAT_S",
    "LEASE_S",
    "NEXT_STATES",
    "SCHEMA_VERSION",
    "Cap",
    "CapExceededError",
    "Charge",
    "ClipRow",
    "JobRow",
    "NewJob",
    "Project",
    "State",
    "StateConflictError",
    "Store",
    "check_name",
    "new_owner",
    "surely_dead",
]
