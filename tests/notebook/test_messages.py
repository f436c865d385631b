"""The messages between widgets and kernel."""

import pytest
from pydantic import ValidationError

from qcut_nb.notebook import typescript
from qcut_nb.notebook.messages import Generate, Offer, QuoteText, Wish, parse_command


def test_the_typescript_types_are_those_of_the_schema() -> None:
    written = typescript.TARGET.read_text(encoding="utf-8")
    assert written == typescript.generate(), f"run: {typescript.COMMAND_LINE}"


def test_a_command_is_read_by_its_kind() -> None:
    content = {"kind": "generate", "id": "1", "wish": {"prompt": "a cat", "models": ["veo31"]}}
    assert parse_command(content) == Generate(id="1", wish=Wish(prompt="a cat", models=("veo31",)))


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "generate", "id": "1", "wish": {"prompt": "a cat", "key": "secret"}},
        {"kind": "generate", "wish": {}},
        {"kind": "no_such_command", "id": "1"},
        "generate",
    ],
)
def test_a_message_outside_the_schema_is_refused(content: object) -> None:
    with pytest.raises(ValidationError):
        parse_command(content)


def test_money_crosses_as_a_decimal_string() -> None:
    with pytest.raises(ValidationError):
        QuoteText(kind="exact", text="$0.35", low_usd="0,35")
    quote = QuoteText(kind="exact", text="$0.35", low_usd="0.350000", high_usd="0.350000")
    assert Offer(model_id="m", endpoint="e", quote=quote).wire()["quote"]["low_usd"] == "0.350000"


def test_a_setting_that_is_not_set_is_not_asked_for() -> None:
    wish = Wish(duration_s=5, negative_prompt="", audio=False)
    assert wish.shared() == {"duration_s": 5, "audio": False}
