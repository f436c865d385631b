"""What the kernel words itself has a Chinese text in the browser's table."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qcut_nb
from qcut_nb.catalog import models
from qcut_nb.notebook.model_rows import SHARED
from support.node import node_command

PACKAGE = Path(qcut_nb.__file__).parent
TABLE = PACKAGE / "notebook/static/zh.js"
TRANSLATE = """
import {{ said }} from {table};
import {{ readFileSync }} from "node:fs";
const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map(said)));
"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{3,}")


def in_chinese(texts: Iterable[str]) -> dict[str, str]:
    """Every text with what the panel shows of it in Chinese."""
    asked = sorted(set(texts))
    source = TRANSLATE.format(table=json.dumps(TABLE.as_uri()))
    done = subprocess.run(
        [*node_command(), "--input-type=module", "-e", source],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
    )
    return dict(zip(asked, json.loads(done.stdout), strict=True))


def left_in_english(texts: Iterable[str]) -> list[str]:
    found = in_chinese(text for text in texts if WORDS.search(text)).items()
    return [text for text, shown in found if not CHINESE.search(shown)]


def catalogue_texts() -> Iterator[str]:
    for spec in (models[model_id] for model_id in models):
        yield from spec.notes
        yield from spec.use_cases
        yield spec.price_source.text
        yield from (rule.text for rule in spec.constraints)
        yield from (parameter.note for parameter in spec.parameters)
        yield from (file.note for file in spec.files)
        yield from (
            parameter.name.replace("_", " ")
            for parameter in spec.parameters
            if parameter.name not in SHARED | {"video_id"}
        )


def bent_texts() -> Iterator[str]:
    asked = {"duration_s": 7, "resolution": "540p", "aspect_ratio": "21:9", "audio": True, "fps": 7}
    for spec in (models[model_id] for model_id in models):
        for name, value in asked.items():
            yield from (change.why for change in spec.fit(**{name: value}).changes)


def money_texts() -> Iterator[Any]:
    """What errors of jobs say about money, where it is one constant."""
    for folder in ("engine", "fal"):
        for path in (PACKAGE / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "money":
                    given = node.value
                    yield given.value if isinstance(given, ast.Constant) and given.value else ""


@pytest.mark.parametrize("texts", [catalogue_texts, bent_texts, money_texts])
def test_fixed_words_of_the_kernel_are_read_in_chinese(texts: Callable[[], Iterator[str]]) -> None:
    assert left_in_english(texts()) == []


def test_what_is_filled_in_is_kept_and_known_parts_are_translated() -> None:
    wanted = {
        "free ($0.35 live)": "免费（实际模式 $0.35）",
        "Kling (kling_v2_5): prompt has 2600 characters; at most 2500 are allowed. "
        "Shorten it by 100.": "Kling：提示词有 2600 个字符；最多 2500 个。请缩短 100 个字符。",
        "first_frame: cat.png is empty. Allowed: image as png, jpeg, up to 8 MiB.": "首帧：cat.png"
        " 是空的。可用：图像（png, jpeg），最大 8 MiB。",
        "fal answered 422: too rude. Nothing was spent.": "fal 回答 422：too rude. 没有花钱。",
        "perhaps unknown": "可能 未知",
        "not charged": "不收费",
        "The connection to http://x broke (ReadError).": "与 http://x 的连接断开（ReadError）。",
        "Words to somebody else.": "Words to somebody else.",
    }
    assert in_chinese(wanted) == wanted
