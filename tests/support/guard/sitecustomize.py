"""Python imports this by itself at start-up where this folder is on PYTHONPATH."""

from support import network_guard

network_guard.install()
