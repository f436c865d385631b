"""Every fact has a source; what is looked for is found, or it is said what there is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from qcut_nb.catalog import ModelSpec, models
from qcut_nb.errors import InputError


@pytest.mark.parametrize("model_id", list(models))
def test_every_fact_says_where_and_when_it_was_read(model_id: str) -> None:
    spec = models[model_id]
    facts = ["list_price", "output"]
    facts += [name for name in ("use_cases", "expected_s", "notes") if getattr(spec, name)]
    sources = [getattr(spec.sources, name) for name in facts]
    sources += [spec.price_source, spec.wire_source, spec.life_cycle.source]
    sources += [file.source for file in spec.files]
    assert all(source.text and source.checked_on.year >= 2025 for source in sources)


def test_a_fact_without_a_source_is_not_taken_into_the_catalogue() -> None:
    row = models["kling_v2_1"].model_dump()
    row["sources"]["use_cases"] = None
    with pytest.raises(ValidationError, match="use_cases needs a source"):
        ModelSpec.model_validate(row)


@pytest.mark.parametrize("model_id", list(models))
def test_a_replacement_is_a_model_that_can_be_bought_and_does_the_same(model_id: str) -> None:
    spec = models[model_id]
    life = spec.life_cycle
    if life.replacement is not None:
        instead = models[life.replacement]
        assert (instead.id, instead.life_cycle.state) == (life.replacement, "active")
        assert instead.mode == spec.mode or spec.mode == "remix"
    if life.successor_endpoint is not None:
        assert life.successor_endpoint not in models
        assert "not in this catalogue" in life.advice
    assert (life.state == "active") == (life.advice == "")


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ({"mode": "img"}, "'image'"),
        ({"provider": "Gogle"}, "'Google'"),
        ({"use_case": "Cats"}, "'Talking Heads'"),
    ],
)
def test_looking_for_what_does_not_exist_says_what_does(
    asked: dict[str, str], allowed: str
) -> None:
    with pytest.raises(InputError, match=allowed):
        models.find(**asked)  # type: ignore[arg-type]  # what a notebook can pass


def test_names_are_found_in_any_case_of_letters() -> None:
    assert models.find(provider="google", use_case="with audio")


def test_get_gives_none_for_a_model_that_does_not_exist() -> None:
    assert models.get("x") is None
    assert models.get("x", "y") == "y"
    assert models.get("veo31") == models["veo31"]
