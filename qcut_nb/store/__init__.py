"""What must survive: one SQLite file per project, and the folder with its clips."""

from .lease import HEARTBEAT_S, LEASE_S, new_owner, surely_dead
from .project import Project, check_name
from .records import ENDED, NEXT_STATES, ClipRow, JobRow, NewJob, State
from .store import SCHEMA_VERSION, StateConflictError, Store

__all__ = [
    "ENDED",
    "HEARTBEAT_S",
    "LEASE_S",
    "NEXT_STATES",
    "SCHEMA_VERSION",
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
