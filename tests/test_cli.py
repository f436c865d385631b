"""The command line says what went wrong in words."""

from __future__ import annotations

import socket
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from qcut_nb.cli import QUICKSTART, main
from support.network_guard import guarded_environment


def test_a_port_that_is_taken_or_none_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = CliRunner().invoke(main, ["simulator", "--port", port])
    assert ended.exit_code == 1
    assert "cannot start" in ended.stderr
    assert "port 0 takes a free one" in ended.stderr
    ended = CliRunner().invoke(main, ["simulator", "--port", "99999"])
    assert ended.exit_code == 2
    assert "0<=x<=65535" in ended.stderr


def test_a_demo_that_stops_names_the_error_and_keeps_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in guarded_environment().items():
        monkeypatch.setenv(variable, value)
    path = tmp_path / QUICKSTART
    cells = [new_code_cell("print('so far')"), new_code_cell("raise ValueError('no luck')")]
    nbformat.write(new_notebook(cells=cells), path)
    ended = CliRunner().invoke(main, ["demo", "--folder", str(tmp_path)])
    assert ended.exit_code == 1
    assert f"ValueError: no luck\nSee {path}" in ended.stderr
    kept = nbformat.read(path, as_version=4)
    assert kept.cells[0].outputs[0].text == "so far\n"
