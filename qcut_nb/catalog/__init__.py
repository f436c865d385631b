"""What can be generated: every model as frozen data, and what follows from it.

Pure: no I/O but reading its own data, no clock. From one record come the check of a request, the
exact wire body, the quote, and the capabilities.
"""

from .capabilities import Capabilities, Choices, capabilities
from .fit import Change, Fitted, fit
from .price import Quote, Rate, Total, Usage, money, total
from .records import (
    Constraint,
    FileInput,
    FileKind,
    InputFile,
    LifeCycle,
    MediaFacts,
    Mode,
    ModelSpec,
    Output,
    Parameter,
    Source,
)
from .registry import Models, default_quote, models
from .request import ASPECT_SLACK, FileUse, Request, as_file, build, quote_for, usage
from .sizes import SHORT_SIDE_PX, aspect_value, output_size
from .wire import WireFault, check_wire, decoded

__all__ = [
    "ASPECT_SLACK",
    "SHORT_SIDE_PX",
    "Capabilities",
    "Change",
    "Choices",
    "Constraint",
    "FileInput",
    "FileKind",
    "FileUse",
    "Fitted",
    "InputFile",
    "LifeCycle",
    "MediaFacts",
    "Mode",
    "ModelSpec",
    "Models",
    "Output",
    "Parameter",
    "Quote",
    "Rate",
    "Request",
    "Source",
    "Total",
    "Usage",
    "WireFault",
    "as_file",
    "aspect_value",
    "build",
    "capabilities",
    "check_wire",
    "decoded",
    "default_quote",
    "fit",
    "models",
    "money",
    "output_size",
    "quote_for",
    "total",
    "usage",
]
