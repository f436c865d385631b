"""What must survive: one SQLite file per project, and the folder with its clips."""

from .caps import Cap, CapExceededError
from .cells import CellJob, CellsChangedError, jobs_of_cells, unchanged
from .database import JOURNAL_NAME
from .filesystem import is_on_network
from .jobs import Guard, NotLostError, StateConflictError, still_lost
from .journal import JournalLine, read_journal
from .lease import HEARTBEAT_S, LEASE_S, disown, new_owner, surely_dead
from .ledger import Experience, LedgerRow, MoneySums
from .metrics import Measured, add_metrics, metrics_of
from .migrations import SCHEMA_VERSION
from .project import DATABASE_NAME, Project, check_name
from .rebuilding import Remains, refuse_in_use, remake
from .records import ENDED, ENDING_CHARGE, NEXT_STATES, Charge, ClipRow, JobRow, NewJob, State
from .shelf import ClipPage, ClipSearch, Shelf
from .siblings import SentElsewhere, sent_elsewhere
from .store import Store
from .votes import Ballot, add_ballot, ballots, recipes_of_jobs

__all__ = [
    "DATABASE_NAME",
    "ENDED",
    "ENDING_CHARGE",
    "HEARTBEAT_S",
    "JOURNAL_NAME",
    "LEASE_S",
    "NEXT_STATES",
    "SCHEMA_VERSION",
    "Ballot",
    "Cap",
    "CapExceededError",
    "CellJob",
    "CellsChangedError",
    "Charge",
    "ClipPage",
    "ClipRow",
    "ClipSearch",
    "Experience",
    "Guard",
    "JobRow",
    "JournalLine",
    "LedgerRow",
    "Measured",
    "MoneySums",
    "NewJob",
    "NotLostError",
    "Project",
    "Remains",
    "SentElsewhere",
    "Shelf",
    "State",
    "StateConflictError",
    "Store",
    "add_ballot",
    "add_metrics",
    "ballots",
    "check_name",
    "disown",
    "is_on_network",
    "jobs_of_cells",
    "metrics_of",
    "new_owner",
    "read_journal",
    "recipes_of_jobs",
    "refuse_in_use",
    "remake",
    "sent_elsewhere",
    "still_lost",
    "surely_dead",
    "unchanged",
]
