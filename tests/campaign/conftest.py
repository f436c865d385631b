"""The campaigns' short form always runs; the long one is `pytest tests/campaign --long`.

Each test takes its size from `size`, so that both forms run the same code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.kernel_process import KernelProcess
from campaign.simulator_process import SimulatorProcess
from support.media import make_video

LONG_TIMEOUT_S = 3 * 3600


@dataclass(frozen=True)
class Size:
    """How much a campaign does."""

    long: bool
    kills: int
    jobs: int


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the campaigns in their long form")
    parser.addoption("--kills", type=int, help="how many kills at random moments")
    parser.addoption("--jobs", type=int, help="how many jobs with injected faults")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long", False):
        for item in items:
            item.add_marker(pytest.mark.timeout(LONG_TIMEOUT_S))


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> Size:
    long = bool(pytestconfig.getoption("--long", False))
    kills = pytestconfig.getoption("--kills", None) or (500 if long else 12)
    jobs = pytestconfig.getoption("--jobs", None) or (1000 if long else 60)
    return Size(long, kills, jobs)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_video(tmp_path / "film.mp4", frames=12, noise=True)


@pytest.fixture
def fal(tmp_path: Path, film: Path) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path / "fal", film, run_s=0.3, at_once=4) as running:
        yield running


@pytest.fixture
def wide_fal(tmp_path: Path, film: Path) -> Iterator[SimulatorProcess]:
    """One that is done with many jobs soon."""
    with SimulatorProcess(tmp_path / "fal", film, run_s=0.05, at_once=1000) as running:
        yield running


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[KernelProcess]:
    with KernelProcess(tmp_path / "kernel.log") as running:
        yield running
