"""Reading utterances to evaluate with."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.rasa.testset import Utterance, read_testset


def test_rasas_form_is_read(tmp_path: Path) -> None:
    """The language is that of the file's name."""
    file = tmp_path / "es.yml"
    file.write_text("nlu:\n- intent: greet\n  examples: |\n    - hola\n    - buenas\n")
    assert read_testset(file) == [
        Utterance("hola", "greet", "es"),
        Utterance("buenas", "greet", "es"),
    ]


def test_json_lines_are_read(tmp_path: Path) -> None:
    """One utterance a line, blank lines apart."""
    file = tmp_path / "set.jsonl"
    file.write_text(
        '{"text": "hi", "intent": "greet", "lang": "en"}\n\n{"text": "", "intent": "deny"}\n'
    )
    assert read_testset(file) == [Utterance("hi", "greet", "en"), Utterance("", "deny", "?")]


def test_other_right_answers_are_read(tmp_path: Path) -> None:
    """What a careful person would accept besides."""
    file = tmp_path / "set.jsonl"
    file.write_text('{"text": "ok", "intent": "affirm", "lang": "en", "also": ["thanks"]}\n')
    assert read_testset(file) == [Utterance("ok", "affirm", "en", ("thanks",))]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("en.yml", b"nlu: [", "expected Rasa's form"),
        ("en.yml", b"- a", "expected Rasa's form"),
        ("en.yml", b"nlu:\n- intent: ask_moon\n  examples: |\n    - moon\n", "'ask_moon'"),
        ("en.yml", b"nlu: []", "no utterances"),
        ("a.jsonl", b'{"text": "x", "intent": "greet"}\nnonsense\n', "a.jsonl:2"),
        ("a.jsonl", b'{"text": 1, "intent": "greet"}', "a.jsonl:1"),
        ("a.jsonl", b'{"text": "x"}', "a.jsonl:1"),
        ("a.jsonl", b'{"text": "x", "intent": "greet", "also": "deny"}', "a.jsonl:1"),
        ("a.jsonl", b'{"text": "x", "intent": "greet", "also": ["moon"]}', "'moon'"),
        ("a.jsonl", b'["x"]', "a.jsonl:1"),
        ("a.jsonl", b"\xff", "not UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    """The file, the line where there is one, and what was expected."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        read_testset(file)
    assert told in str(caught.value)
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Its path is in the error."""
    with pytest.raises(ConfigurationError, match=r"none\.yml cannot be read"):
        read_testset(tmp_path / "none.yml")
