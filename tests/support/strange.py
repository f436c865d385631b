"""Hypothesis strategies for what comes from outside: JSON that is almost right, and bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

texts = st.text(st.characters(exclude_categories=()), max_size=20) | st.sampled_from(
    ["", "\x00", "\ud800", "IN_QUEUE", "COMPLETED", "https://[::1", "http://x:99999/", "1e999999"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63, -1, 0])
    | st.floats()
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
deep = st.integers(1, 100_000).map(lambda depth: b"[" * depth)


def objects(names: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects with some of these names, and any values."""
    return st.dictionaries(st.sampled_from(sorted(names)) | texts, values, max_size=8)
