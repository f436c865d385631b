"""A client of a server that says exactly what a test scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from qcut_nb.fal import FalClient, Hosts, Key
from support.scripted_server import Script, serve


@pytest.fixture
async def fal() -> AsyncIterator[Script]:
    async for script in serve(Script()):
        yield script


@pytest.fixture
async def elsewhere() -> AsyncIterator[Script]:
    """Another host than fal."""
    async for script in serve(Script()):
        yield script


@pytest.fixture
def canary() -> str:
    return "canary-id:canary-secret-1234"


@pytest.fixture
async def client(fal: Script, canary: str) -> AsyncIterator[FalClient]:
    async with FalClient(Key(canary), Hosts.single(fal.origin)) as opened:
        yield opened
