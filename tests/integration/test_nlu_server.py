"""The model's server, spoken to without our client."""

import asyncio
import json
import os
import secrets
import stat
import subprocess
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
def listening_without_a_model(folder: Path, token: str) -> Iterator[Path]:
    """A server that listens while it loads: enough to be refused by."""
    socket, model = folder / "nlu.sock", folder / "model.tar.gz"
    model.write_bytes(b"not yet looked at")
    environment = {**nlu_environment(), "BOT_NLU_TOKEN": token}
    process = subprocess.Popen(
        [*SERVER, f"--model={model}", f"--socket={socket}"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield socket
    finally:
        process.kill()
        process.wait()


async def test_a_token_is_asked_for(tmp_path: Path) -> None:
    """With BOT_NLU_TOKEN set, /parse answers nobody without it."""
    token = secrets.token_urlsafe()
    with listening_without_a_model(tmp_path, token) as socket:
        await eventually(socket.exists)
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
    process = await asyncio.create_subprocess_exec(
        *SERVER,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=nlu_environment(),
        cwd=NLU_DIR.parent,
    )
    _, said = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 2
    assert reason in said.decode()
    assert "Traceback" not in said.decode()
    assert len(said.decode().splitlines()) == 1
