"""The model's server, spoken to without our client."""

import asyncio
import io
import json
import os
import secrets
import stat
import subprocess
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.rasa.child import nlu_environment, nlu_python
from tests.contract.nlu_server import NLU_DIR, RunningNlu, eventually

CANARY = "canary-quetzal-0815"
SERVER = [str(nlu_python(NLU_DIR)), str(NLU_DIR / "server.py")]


@pytest.fixture
async def http(running_nlu: RunningNlu) -> AsyncIterator[aiohttp.ClientSession]:
    """A session on the server's socket."""
    connector = aiohttp.UnixConnector(running_nlu.url.removeprefix("unix://"))
    async with aiohttp.ClientSession("http://nlu", connector=connector) as session:
        yield session


async def post(http: aiohttp.ClientSession, body: bytes) -> tuple[int, dict[str, Any]]:
    async with http.post("/parse", data=body) as response:
        return response.status, await response.json()


def request(*texts: str) -> bytes:
    return json.dumps({"messages": [{"text": text, "lang": None} for text in texts]}).encode()


async def test_it_is_up_ready_and_names_its_model(
    http: aiohttp.ClientSession, nlu_model: Path
) -> None:
    """Health and readiness are asked without a text."""
    async with http.get("/healthz") as response:
        assert response.status == 200
    async with http.get("/readyz") as response:
        assert await response.json() == {"ready": True, "model": nlu_model.name.split(".")[0]}


async def test_a_batch_is_answered_in_order(http: aiohttp.ClientSession) -> None:
    """Texts with and without words keep their places."""
    status, answer = await post(http, request("hello", "🙂", "i need a lawyer", "", "thank you"))
    assert status == 200
    intents = [parse["intent"] for parse in answer["parses"]]
    assert intents == ["greet", "out_of_scope", "ask_legal_help", "out_of_scope", "thanks"]
    assert [len(parse["alternatives"]) for parse in answer["parses"]] == [5, 0, 5, 0, 5]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (CANARY.encode(), 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b"null", 400),
        (f'["{CANARY}"]'.encode(), 400),
        (f'{{"text": "{CANARY}"}}'.encode(), 400),
        (b'{"messages": []}', 400),
        (b'{"messages": {}}', 400),
        (f'{{"messages": ["{CANARY}"]}}'.encode(), 400),
        (b'{"messages": [{"text": null}]}', 400),
        (b'{"messages": [{"text": 5, "lang": "en"}]}', 400),
        (f'{{"messages": [{{"text": "x", "lang": ["{CANARY}"]}}]}}'.encode(), 400),
        (f'{{"messages": [{{"text": "x", "lang": "{CANARY * 9}"}}]}}'.encode(), 400),
        (request(*[CANARY] * 65), 413),
        (request(CANARY * 500), 413),
        (request(*[CANARY * 500] * 60), 413),
        (b"x" * 2_000_000, 413),
        (request(CANARY + "x" * 1_000_000), 413),
    ],
)
async def test_a_bad_request_is_refused_with_a_reason(
    http: aiohttp.ClientSession, body: bytes, status: int
) -> None:
    """One line says what is wrong, without a word of what was sent; then it goes on."""
    refused, answer = await post(http, body)
    assert refused == status
    assert list(answer) == ["error"]
    assert answer["error"]
    assert CANARY not in answer["error"]
    assert "\n" not in answer["error"]
    assert (await post(http, request("hello")))[0] == 200


@pytest.mark.parametrize(
    "text", ["", " \n\t\u3000", "🙂❤️\u200d🔥", "\u202e\u200b\ufeff", "\ud800", "//"]
)
async def test_where_nothing_is_said_nothing_is_guessed(
    http: aiohttp.ClientSession, text: str
) -> None:
    """Empty, blank, emoji, marks that nobody sees: the model is not asked."""
    status, answer = await post(http, request(text))
    assert status == 200
    nothing = {"intent": "out_of_scope", "confidence": 0.0, "alternatives": [], "entities": []}
    assert answer == {"parses": [nothing]}


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("/i need a lawyer", "i need a lawyer"),
        ("\u202ei need a lawyer\u202c", "i need a lawyer"),
        ("\x00i need\x07 a lawyer\x1b", "i need a lawyer"),
        ("i need a lawyer \ud83d", "i need a lawyer"),
        ("i need a lawyer" + " " * 4081, "i need a lawyer"),
        ("help " * 819, "help " * 200),
    ],
)
async def test_odd_characters_change_nothing(
    http: aiohttp.ClientSession, odd: str, plain: str
) -> None:
    """What cannot be seen, and what is beyond the limit, has no part in the meaning."""
    status, answer = await post(http, request(odd, plain))
    assert status == 200
    first, second = answer["parses"]
    assert first == second
    assert first["confidence"] > 0


async def test_a_name_of_an_intent_is_a_text_like_any_other(http: aiohttp.ClientSession) -> None:
    """Rasa would take `/intent` for the intent itself, with confidence 1."""
    _, answer = await post(http, request("/quick_exit", '/greet{"language": "es"}'))
    assert all(parse["confidence"] < 1 for parse in answer["parses"])
    assert [parse["entities"] for parse in answer["parses"]] == [[], []]


async def test_a_person_does_not_wait_for_batches(http: aiohttp.ClientSession) -> None:
    """One text that comes after hundreds is answered before all of them are."""
    many = request(*["where can i sleep tonight"] * 64)
    batches = [asyncio.create_task(post(http, many)) for _ in range(4)]
    await asyncio.sleep(0.05)
    status, answer = await post(http, request("hello"))
    assert (status, answer["parses"][0]["intent"]) == (200, "greet")
    assert not any(batch.done() for batch in batches)
    assert [(await batch)[0] for batch in batches] == [200] * 4


async def test_texts_parsed_together_mean_what_they_mean_alone(
    http: aiohttp.ClientSession,
) -> None:
    """Whoever else asks at the same time, a text has the same answer."""
    texts = ["hello", "i need a lawyer", "thank you", "where can i sleep", "he hits me"] * 6
    alone = {text: (await post(http, request(text)))[1]["parses"][0] for text in set(texts)}
    together = await asyncio.gather(*(post(http, request(text)) for text in texts))
    for text, (status, answer) in zip(texts, together, strict=True):
        assert status == 200
        assert answer["parses"][0]["intent"] == alone[text]["intent"]
        assert answer["parses"][0]["confidence"] == pytest.approx(
            alone[text]["confidence"], abs=0.001
        )


async def test_only_its_own_routes_exist(http: aiohttp.ClientSession) -> None:
    """Nothing of Rasa's own server is there: no training, no replacing, no web hook."""
    for path in ("/", "/model/train", "/model", "/webhooks/rest/webhook", "/status"):
        async with http.get(path) as got, http.post(path, data=b"{}") as posted:
            assert (got.status, posted.status) == (404, 404)


async def test_the_socket_is_for_its_owner_alone(running_nlu: RunningNlu) -> None:
    """Nobody else on the machine can ask."""
    mode = os.stat(running_nlu.url.removeprefix("unix://")).st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_no_text_is_in_any_output_or_file(
    http: aiohttp.ClientSession, running_nlu: RunningNlu
) -> None:
    """With every library told to be verbose, nothing that was written is found afterwards."""
    hostile = [CANARY, f"/{CANARY}", f'/greet{{"{CANARY}": 1}}', f"{CANARY} \ud800", "{" + CANARY]
    for text in hostile:
        assert (await post(http, request(text)))[0] == 200
    await post(http, f'{{"messages": ["{CANARY}"]}}'.encode())
    async with http.get(f"/{CANARY}") as response:
        assert response.status == 404
    assert CANARY.encode() not in running_nlu.output.read_bytes()
    kept = [file for file in NLU_DIR.rglob("*") if ".venv" not in file.parts and file.is_file()]
    assert kept
    assert not [file for file in kept if CANARY.encode() in file.read_bytes()]


@contextmanager
def listening_without_a_model(folder: Path, *more: str, **settings: str) -> Iterator[Path]:
    """A server that listens while it loads: enough to be refused by."""
    socket, model = folder / "nlu.sock", folder / "model.tar.gz"
    model.write_bytes(b"not yet looked at")
    process = subprocess.Popen(
        [*SERVER, f"--model={model}", f"--socket={socket}", *more],
        env={**nlu_environment(), **settings},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield socket
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("setting", ["BOT_NLU_TOKEN", "BOT_NLU_TOKEN_FILE"])
async def test_a_token_is_asked_for(tmp_path: Path, setting: str) -> None:
    """With a token, in the environment or in a file, /parse answers nobody without it."""
    token = secrets.token_urlsafe()
    file = tmp_path / "token"
    file.write_text(f"{token}\n")
    given = str(file) if setting.endswith("_FILE") else token
    with listening_without_a_model(tmp_path, "--group", **{setting: given}) as socket:
        await eventually(socket.exists)
        await eventually(lambda: stat.S_IMODE(socket.stat().st_mode) == 0o660)
        async with aiohttp.ClientSession(
            "http://nlu", connector=aiohttp.UnixConnector(str(socket))
        ) as http:
            answers = {}
            for given in ("", "Bearer ", f"Bearer {token}x", token, f"Bearer {token}"):
                headers = {"Authorization": given} if given else {}
                async with http.post("/parse", data=request("hi"), headers=headers) as response:
                    answers[given] = response.status
    assert answers.pop(f"Bearer {token}") == 503  # let in; the model is not there yet
    assert set(answers.values()) == {401}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--model=/nowhere/model.tar.gz", "--port=5005"], "sidelight nlu train"),
        (["--model=pyproject.toml", "--port=0", "--host=0.0.0.0"], "BOT_NLU_TOKEN"),
        (["--model=pyproject.toml", "--socket=/nowhere/nlu.sock"], "cannot listen"),
        (["--model=pyproject.toml", "--port=0"], "train it again"),
    ],
)
async def test_a_wrong_start_ends_with_the_mend(arguments: list[str], reason: str) -> None:
    """A missing or damaged model, an open address without a token: one line, and exit code 2."""
    await refuses_to_start(arguments, reason)


async def test_a_token_that_cannot_be_read_ends_it() -> None:
    """It never serves without the token that it was told to ask for."""
    environment = {**nlu_environment(), "BOT_NLU_TOKEN_FILE": "/nowhere/token"}
    await refuses_to_start(["--port=0"], "BOT_NLU_TOKEN_FILE", environment)


async def test_a_model_of_another_version_is_refused(nlu_model: Path, tmp_path: Path) -> None:
    """What an older Rasa has trained is not tried out on people."""
    older = tmp_path / "older.tar.gz"
    copy_as_of(nlu_model, older, "2.8.0")
    await refuses_to_start([f"--model={older}", "--port=0"], "another Rasa version")


async def test_half_a_model_is_refused(nlu_model: Path, tmp_path: Path) -> None:
    """As a full disk or a broken copy leaves it."""
    half = tmp_path / "half.tar.gz"
    copy_half(nlu_model, half)
    await refuses_to_start([f"--model={half}", "--port=0"], "train it again")


def copy_as_of(model: Path, target: Path, version: str) -> None:
    """The model as if trained by that version of Rasa."""
    with tarfile.open(model) as original, tarfile.open(target, "w:gz", compresslevel=1) as copy:
        for member in original:
            content = original.extractfile(member)
            data = b"" if content is None else content.read()
            if member.name.endswith("metadata.json"):
                metadata = json.loads(data)
                assert metadata["rasa_open_source_version"] != version
                data = json.dumps({**metadata, "rasa_open_source_version": version}).encode()
                member.size = len(data)
            copy.addfile(member, io.BytesIO(data))


def copy_half(model: Path, target: Path) -> None:
    whole = model.read_bytes()
    target.write_bytes(whole[: len(whole) // 2])


async def refuses_to_start(
    arguments: list[str], reason: str, environment: dict[str, str] | None = None
) -> None:
    process = await asyncio.create_subprocess_exec(
        *SERVER,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment or nlu_environment(),
        cwd=NLU_DIR.parent,
    )
    _, said = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 2
    assert reason in said.decode()
    assert "Traceback" not in said.decode()
    assert len(said.decode().splitlines()) == 1
