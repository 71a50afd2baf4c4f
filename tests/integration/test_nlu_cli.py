"""`sidelight nlu`, as an organisation runs it, on the real model."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from bot.settings import ROOT

CONTRACT = ["text", "lang", "intent", "confidence", "alternatives", "safety", "decision"]

ODD = [
    "",
    "   ",
    "😭😭",
    "a" * 4096,
    "x" * 1_000_000,
    "\x00\x07 help \u202e me",
    "/immediate_danger",
    "half a character \ud800",
    '{"text": "no"}',
]


async def _sidelight(nlu_url: str, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "BOT_NLU_URL": nlu_url},
    )
    out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_parse_keeps_its_contract(nlu_url: str) -> None:
    """One object a line, in the order of the lines, whatever they hold."""
    texts = [*ODD, "he is hitting me", "i'm not in danger", "mujhe vakil chahiye", *ODD * 10]
    stdin = "\n".join(json.dumps({"text": text}) for text in texts)
    code, out, _ = await _sidelight(nlu_url, "nlu", "parse", stdin=stdin)
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["text"] for row in rows] == texts
    known = {intent.value for intent in Intent}
    for row in rows:
        assert list(row) == CONTRACT
        assert row["intent"] in known
        assert row["safety"] in known | {None}
        assert row["decision"] in known | {"clarify"}
        assert 0 <= row["confidence"] <= 1
        assert all(set(guess) == {"intent", "confidence"} for guess in row["alternatives"])
    hit, denied, lawyer = rows[len(ODD) : len(ODD) + 3]
    assert (hit["safety"], hit["decision"]) == ("immediate_danger", "immediate_danger")
    assert denied["decision"] != "immediate_danger"
    assert lawyer["decision"] == "ask_legal_help"


async def test_parse_takes_the_language_that_is_given(nlu_url: str) -> None:
    """And finds it where none is."""
    lines = ['{"text": "ok", "lang": "fr"}', '{"text": "quiero hablar con una persona"}']
    _, out, _ = await _sidelight(nlu_url, "nlu", "parse", stdin="\n".join(lines))
    assert [json.loads(line)["lang"] for line in out.splitlines()] == ["fr", "es"]


@pytest.mark.parametrize("line", ["nonsense", '{"txt": "a"}', '{"text": 3}', "[]"])
async def test_parse_names_a_line_that_it_cannot_read(nlu_url: str, line: str) -> None:
    """Its number, not its words."""
    stdin = '{"text": "hi"}\n' + line
    code, out, err = await _sidelight(nlu_url, "nlu", "parse", stdin=stdin)
    assert (code, out) == (1, "")
    assert "line 2" in err
    assert "nonsense" not in err
    assert "Traceback" not in err


async def test_evaluate_prints_and_writes_its_report(nlu_url: str, tmp_path: Path) -> None:
    """What stands above the marker stays; what was measured and the picture are new."""
    rows = [{"text": "he is choking me", "intent": "strangulation", "lang": "en"}]
    rows += [{"text": "hola buenas", "intent": "greet", "lang": "es"}]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, rows)))
    page = tmp_path / "page.md"
    page.write_text("# Ours\n\n<!-- measured -->\n\nold\n")
    code, out, _ = await _sidelight(
        nlu_url, "nlu", "evaluate", str(tmp_path), "--report", str(page)
    )
    assert code == 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Ours\n\n<!-- measured -->\n")
    assert "old" not in written
    assert "| strangulation" in written
    assert "| strangulation" in out
    assert (tmp_path / "page.svg").read_text().startswith("<svg")


async def test_evaluate_names_an_unknown_intent(nlu_url: str, tmp_path: Path) -> None:
    """With the file that has it."""
    (tmp_path / "set.jsonl").write_text('{"text": "moon?", "intent": "ask_moon", "lang": "en"}')
    code, _, err = await _sidelight(nlu_url, "nlu", "evaluate", str(tmp_path / "set.jsonl"))
    assert code == 1
    assert "set.jsonl" in err
    assert "ask_moon" in err
