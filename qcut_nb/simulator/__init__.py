"""fal.ai on this machine: a real HTTP server that makes real, moving videos at no charge.

It speaks fal's queue, storage, download and platform protocols on one origin, checks input
against the catalogue, and fails on request.
"""

from .faults import Fault, FaultKind
from .frame_numbers import read_frame_number
from .jobs import Speed
from .server import Simulator, serve

__all__ = ["Fault", "FaultKind", "Simulator", "Speed", "read_frame_number", "serve"]
