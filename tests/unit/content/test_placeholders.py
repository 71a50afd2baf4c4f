"""Placeholders are filled literally, once, and with nothing to abuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.errors import UnfilledPlaceholder
from bot.content.placeholders import fill, has_stray_brace, names, quote


def test_a_name_is_replaced_by_its_value_wherever_it_stands() -> None:
    """Each occurrence is filled."""
    assert fill("{after}, yes {after}", {"after": "2 hours"}) == "2 hours, yes 2 hours"


@given(st.text())
def test_a_value_is_never_looked_at_again(value: str) -> None:
    """What a value holds, braces or names, is shown as it is."""
    assert fill("<{topic}>", {"topic": value, "ttl": "secret"}) == f"<{value}>"


@pytest.mark.parametrize("trick", ["{0}", "{topic!r}", "{topic:>9}", "{topic[0]}", "{ topic }"])
def test_format_tricks_are_no_placeholders(trick: str) -> None:
    """Python's format language has no power here."""
    assert fill(trick, {"topic": "x"}) == trick


def test_an_attribute_is_only_a_name_without_a_value() -> None:
    """Nothing behind a value can be reached."""
    with pytest.raises(UnfilledPlaceholder):
        fill("{topic.upper}", {"topic": "x"})


def test_a_missing_value_is_an_error_that_names_the_placeholder() -> None:
    """Nothing is sent with a hole in it."""
    with pytest.raises(UnfilledPlaceholder, match=r"\{place\}"):
        fill("at place {place}", {})


def test_names_come_in_order_and_repeated() -> None:
    """So that a translation can be compared with its source."""
    assert names("{a} {cover.x} {checkin:ok} {a}") == ("a", "cover.x", "checkin:ok", "a")


@pytest.mark.parametrize("text", ["{", "}", "{ttl", "ttl}", "{Ttl}", "{}", "{{ttl}}"])
def test_a_brace_outside_of_a_placeholder_is_noticed(text: str) -> None:
    """A typing error in a placeholder would otherwise reach a person."""
    assert has_stray_brace(text)


def test_texts_and_labels_are_quoted_and_params_left_for_later() -> None:
    """What the bot promises to send is word for word what it sends."""
    quoted = quote("{x.y} {b:ok} {ttl}", {"x.y": "A parcel"}, {"b:ok": "Got it"})
    assert quoted == "A parcel Got it {ttl}"
