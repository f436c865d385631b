"""How fal.ai is spoken to: queue, storage, downloads, prices, credentials.

The only room that sees httpx. The key goes to the configured hosts and nowhere else.
"""

from .client import FalClient
from .download import Downloaded
from .hosts import Hosts
from .keys import Key, ask_key, find_key, remember_key
from .platform import Bill, Listing, PastRequest, Price
from .queue import LogLine, Result, Status, Submitted

__all__ = [
    "Bill",
    "Downloaded",
    "FalClient",
    "Hosts",
    "Key",
    "Listing",
    "LogLine",
    "PastRequest",
    "Price",
    "Result",
    "Status",
    "Submitted",
    "ask_key",
    "find_key",
    "remember_key",
]
