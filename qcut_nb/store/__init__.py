"""What must survive: one SQLite file per project, and the folder with its clips."""

from .caps import Cap, CapExceededError
from .database import JOURNAL_NAME
from .filesystem import is_on_network
from .jobs import StateConflictError
from .journal import JournalLine, read_journal
from .lease import HEARTBEAT_S, LEASE_S, new_owner, surely_dead
from .ledger import Experience, LedgerRow, MoneySums
from .migrations import SCHEMA_VERSION
from .project import DATABASE_NAME, Project, check_name
from .rebuilding import Remains, refuse_in_use, remake
from .records import ENDED, ENDING_CHARGE, NEXT_STATES, Charge, ClipRow, JobRow, NewJob, State
from .store import Store

__all__ = [
    "DATABASE_NAME",
    "ENDED",
    "ENDING_CHARGE",
    "HEARTBEAT_S",
    "JOURNAL_NAME",
    "LEASE_S",
    "NEXT_STATES",
    "SCHEMA_VERSION",
    "Cap",
    "CapExceededError",
    "Charge",
    "ClipRow",
    "Experience",
    "JobRow",
    "JournalLine",
    "LedgerRow",
    "MoneySums",
    "NewJob",
    "Project",
    "Remains",
    "State",
    "StateConflictError",
    "Store",
    "check_name",
    "is_on_network",
    "new_owner",
    "read_journal",
    "refuse_in_use",
    "remake",
    "surely_dead",
]
