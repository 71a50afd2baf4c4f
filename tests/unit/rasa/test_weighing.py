"""The examples that the safety net's second ear is learned from."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.rasa.weighing import Example, fingerprint, read_examples


def write(folder: Path, name: str, content: str) -> Path:
    """A file of examples below `folder`."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, "utf-8")
    return folder


def test_examples_are_read_without_markup(tmp_path: Path) -> None:
    """Entities are plain words, look-up lists are no examples, and the same twice is one."""
    data = write(
        tmp_path,
        "en/a.yml",
        "nlu:\n- lookup: x\n  examples: |\n    - y\n- intent: greet\n  examples: |\n"
        "    - speak [spanish](language)\n    - hi\n    - hi\n",
    )
    write(tmp_path, "es/b.yml", "nlu:\n- intent: deny\n  examples: |\n    - no\n")
    assert read_examples(data) == [
        Example("en", "greet", "hi"),
        Example("en", "greet", "speak spanish"),
        Example("es", "deny", "no"),
    ]


def test_the_fingerprint_is_of_what_is_said() -> None:
    """Order makes no difference; language, intent and text do."""
    one, two = Example("en", "greet", "hi"), Example("en", "deny", "no")
    assert fingerprint([one, two]) == fingerprint([two, one, two])
    others = [one._replace(text="ho"), one._replace(intent="deny"), one._replace(locale="es")]
    assert len({fingerprint([example]) for example in (one, *others)}) == 4


@pytest.mark.parametrize("content", ["nlu: [", "- a", "nlu: 3", "nlu:\n- intent: greet\n"])
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    """The error names the file and the command that says more."""
    write(tmp_path, "en/a.yml", content)
    with pytest.raises(ConfigurationError, match=r"en/a\.yml: .*`sidelight nlu train`"):
        read_examples(tmp_path)


def test_a_folder_without_examples_is_named(tmp_path: Path) -> None:
    """Nothing to learn from is an error."""
    with pytest.raises(ConfigurationError, match="no examples"):
        read_examples(tmp_path)
