"""Whatever is handed in from outside is taken, or refused in one foreseen way that repeats none."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from bot.channels.webchat.bodies import MAX_BODY, Refused, read
from bot.content.reading import read_source
from bot.directory.reading import read_directory
from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings

EXAMPLES = 60
SECRET = "canaryzebrafinch"

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just(SECRET)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    ANYTHING.map(json.dumps).map(str.encode),
    st.fixed_dictionaries(
        {"id": st.one_of(st.uuids().map(str), ANYTHING), "kind": st.sampled_from(["text", "x"])},
        optional={"content": st.one_of(st.text(), st.just("\\ud800"), ANYTHING)},
    )
    .map(json.dumps)
    .map(str.encode),
    st.integers(1, 5000).map(lambda depth: b"[" * depth),
    st.just(b"x" * (MAX_BODY + 1)),
)


@settings(max_examples=EXAMPLES)
@given(BODIES, st.sampled_from(["application/json", "text/plain", ""]))
def test_any_frame_of_the_web_chat_is_read_or_refused(body: bytes, media_type: str) -> None:
    """With a status that a browser understands."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", media_type.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    try:
        sent = asyncio.run(read(Request(scope, receive)))
        sent.content.encode()
        taken = media_type == "application/json"
    except Refused as refusal:
        taken = refusal.status in {400, 413, 415} and SECRET not in str(refusal)
    assert taken


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(Settings.model_fields)),
        st.one_of(st.text("0123456789.-,", max_size=12), st.text(max_size=20), st.just(SECRET))
        .filter(lambda value: "\0" not in value)
        .map(lambda value: value.encode("utf-8", "replace").decode()),
        max_size=5,
    )
)
def test_any_setting_is_taken_or_refused_without_its_value(given_values: dict[str, str]) -> None:
    """One error names each wrong setting; a value may be a secret."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given_values.items():
            patch.setenv(f"BOT_{name.upper()}", value)
        assert SECRET not in _complaint()


def _complaint() -> str:
    """What is wrong with the environment's settings, if anything is."""
    try:
        load_settings(_env_file=None)
    except ConfigurationError as error:
        return str(error)
    return ""


FILES = st.one_of(
    st.binary(max_size=200),
    ANYTHING.map(lambda data: yaml.safe_dump(data, allow_unicode=True).encode()),
    st.dictionaries(
        st.text("abcdefgh._-", min_size=1, max_size=12),
        st.dictionaries(
            st.sampled_from(
                ["text", "buttons", "max", "note", "safety", "name", "phones", "url", "description"]
            ),
            ANYTHING,
            max_size=5,
        ),
        max_size=3,
    ).map(lambda data: yaml.safe_dump(data, allow_unicode=True).encode()),
)


@settings(max_examples=EXAMPLES)
@given(FILES)
def test_any_file_of_the_directory_is_read_or_found_faulty(content: bytes) -> None:
    """A finding names file and mend; no file stops the others."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "xx"
        folder.mkdir()
        (folder / "some.yml").write_bytes(content)
        found, findings = read_directory(Path(name))
    assert found.services == {} or findings == []
    assert all(finding.mend for finding in findings)


@settings(max_examples=EXAMPLES)
@given(FILES)
def test_any_file_of_texts_is_read_or_found_faulty(content: bytes) -> None:
    """The same for the texts that the bot says."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "en"
        folder.mkdir()
        (folder / "some.yml").write_bytes(content)
        _, findings = read_source(folder)
    assert all(finding.mend for finding in findings)
