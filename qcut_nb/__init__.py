"""AI video in a Jupyter notebook: generate with many models, compare, cut.

```python
import qcut_nb as qc

studio = qc.Studio("teaser", mode="simulated")
studio.panel()
```
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import errors
    from .assembly import Timeline, provenance
    from .catalog import models
    from .clip import Clip
    from .studio import Batch, Budget, Job, Studio, Sweep, allow_nested_loops

__version__ = "0.1.0"

# Nothing is printed unless `Studio.log_to` or the user's own logging asks for it.
logging.getLogger(__name__).addHandler(logging.NullHandler())

_ROOMS = {
    "Batch": "studio",
    "Budget": "studio",
    "Clip": "clip",
    "Job": "studio",
    "Studio": "studio",
    "Sweep": "studio",
    "Timeline": "assembly",
    "allow_nested_loops": "studio",
    "models": "catalog",
    "provenance": "assembly",
}

__all__ = [
    "Batch",
    "Budget",
    "Clip",
    "Job",
    "Studio",
    "Sweep",
    "Timeline",
    "allow_nested_loops",
    "errors",
    "models",
    "provenance",
]


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module(".errors", __name__)
    if name in _ROOMS:
        value = getattr(import_module(f".{_ROOMS[name]}", __name__), name)
        globals()[name] = value
        return value
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
