"""The doctor: on a good installation all is well, and each thing that is spoilt is told."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.doctor.models import (
    Asked,
    DatabaseFacts,
    DirectoryFacts,
    FileFacts,
    KeyFacts,
    Level,
    ModelFacts,
    Outcome,
    TelegramFacts,
    TextFacts,
)
from bot.doctor.service import examine, worst
from bot.doctor.services import QUIET, SAFE
from tests.unit.doctor.probes import ASKED, NOW, FakeProbes

GOOD = FakeProbes()
RING = FileFacts("/data/ring", 0o600)
ROLES = {"advocate": 3, "supervisor": 1}


def database(**changes: object) -> FakeProbes:
    facts = DatabaseFacts(now=NOW, roles=ROLES, backed_up_at=NOW)
    return FakeProbes(database_facts=replace(facts, **changes))  # type: ignore[arg-type]


def machine(**changes: object) -> FakeProbes:
    return FakeProbes(machine_facts=replace(GOOD.machine_facts, **changes))  # type: ignore[arg-type]


async def not_well(probes: FakeProbes, asked: Asked = ASKED) -> list[Outcome]:
    return [o for o in await examine(probes, asked, NOW) if o.level is not Level.OK]


async def test_a_good_installation_is_told_to_be_one() -> None:
    """Every check has its line, and nothing is to be mended."""
    found = await examine(FakeProbes(), ASKED, NOW)
    assert {outcome.level for outcome in found} == {Level.OK}
    assert {outcome.mend for outcome in found} == {""}
    named = {outcome.check for outcome in found}
    assert named == {
        *("settings", "files", "keys", "database", "staff", "model", "texts", "directory"),
        *("places", "telegram", "machine", "clock", "rota", "backups"),
    }
    assert worst(found) is Level.OK


FAILS = {
    "a data folder that others read": (
        FakeProbes(file_facts=[FileFacts("/data", 0o750)]),
        "chmod go= /data",
    ),
    "no data folder": (FakeProbes(file_facts=[FileFacts("/data", None)]), "keys init"),
    "a data folder of another user": (
        FakeProbes(file_facts=[FileFacts("/data", 0o700, writable=False)]),
        "run as the user",
    ),
    "a key ring that others read": (
        FakeProbes(key_facts=KeyFacts(FileFacts("/data/ring", 0o640), "it is open")),
        "chmod 600 /data/ring",
    ),
    "no key ring": (FakeProbes(key_facts=KeyFacts(RING, "there is none")), "keys init"),
    "an epoch of tomorrow": (
        FakeProbes(key_facts=KeyFacts(RING, epoch_since=NOW + timedelta(days=1))),
        "set the clock right",
    ),
    "epochs that do not end": (
        FakeProbes(key_facts=KeyFacts(RING, epoch_since=NOW - timedelta(days=2))),
        "keys rotate",
    ),
    "a database that is down": (database(fault="it does not answer"), "BOT_DATABASE_URL"),
    "an old schema": (database(schema_fault="it is at 0001"), "db upgrade"),
    "a database file that others read": (
        database(file=FileFacts("/data/db", 0o644)),
        "chmod go= /data/db",
    ),
    "a database in another encoding": (database(settings={"server_encoding": "LATIN1"}), "UTF8"),
    "a database reached in the clear": (database(remote=True, settings={"ssl": "off"}), "ssl = on"),
    "a database with another clock": (database(now=NOW - timedelta(minutes=1)), "NTP"),
    "nobody to answer": (database(roles={}), "sidelight advocate add"),
    "no Rasa": (FakeProbes(model_facts=ModelFacts(False, "it is missing")), "make nlu"),
    "a silent server of the model": (
        FakeProbes(model_facts=ModelFacts(True, "it does not answer")),
        "sidelight nlu serve",
    ),
    "a damaged text": (FakeProbes(text_facts=TextFacts("a.yml:1: no")), "responses check"),
    "a draft": (FakeProbes(text_facts=TextFacts(unsigned={"es": 3})), "responses sign es"),
    "signatures that are void": (FakeProbes(text_facts=TextFacts(void={"es": 3})), "sign es"),
    "faults in the directory": (
        FakeProbes(directory_facts=DirectoryFacts(9, 2, 0)),
        "directory check",
    ),
    "a token that is refused": (
        FakeProbes(telegram_facts=TelegramFacts("Telegram does not accept it")),
        "BOT_TELEGRAM_TOKEN",
    ),
    "updates that nobody fetches": (
        FakeProbes(telegram_facts=TelegramFacts(waiting=5000)),
        "with the role chat",
    ),
    "a profile that tells": (
        FakeProbes(telegram_facts=TelegramFacts(differences=("name (es)",))),
        "telegram set-profile",
    ),
    "staff who are told nothing": (
        FakeProbes(telegram_facts=TelegramFacts(in_staff_chat=False)),
        "BOT_STAFF_CHAT_ID",
    ),
    "a bot for groups": (
        FakeProbes(telegram_facts=TelegramFacts(switched_on=("groups: send /setjoingroups",))),
        "send /setjoingroups",
    ),
    "a clock from before": (machine(now=NOW.replace(year=2020)), "set the clock"),
    "a full disk": (machine(free_bytes=10**6), "make room"),
    **{
        f"PostgreSQL with {name} off": (database(settings={name: "off"}), f"{name} = on")
        for name in SAFE
    },
}

WARNINGS = {
    "no supervisor": (database(roles={"advocate": 2}), "--role supervisor"),
    "no trained model": (FakeProbes(model_facts=ModelFacts(False)), "nlu train"),
    "an old model": (
        FakeProbes(model_facts=ModelFacts(False, trained_at=NOW - timedelta(days=400))),
        "--force",
    ),
    "a translation by a machine": (
        FakeProbes(text_facts=TextFacts(machine_drafts=("es",))),
        "X-Review",
    ),
    "an empty directory": (FakeProbes(directory_facts=DirectoryFacts(0, 0, 0)), "directory.md"),
    "expired services": (FakeProbes(directory_facts=DirectoryFacts(9, 0, 4)), "confirm them"),
    "no index of places": (FakeProbes(place_facts=False), "350 MB"),
    "no Telegram": (FakeProbes(telegram_facts=None), "BOT_TELEGRAM_TOKEN"),
    "another's webhook": (
        FakeProbes(telegram_facts=TelegramFacts(webhook="https://elsewhere.example")),
        "no other program",
    ),
    "no webhook where one is wanted": (
        FakeProbes(telegram_facts=TelegramFacts(webhook_wanted="https://chat.example.org/x")),
        "sets or removes it",
    ),
    "opening hours with nobody on": (
        database(unstaffed=((NOW, NOW + timedelta(hours=3)),)),
        "fill the rota",
    ),
    "no backup": (database(backed_up_at=None), "once a week"),
    "an old backup": (database(backed_up_at=NOW - timedelta(days=30)), "once a week"),
    "swap": (machine(swap=True), "swapoff"),
    "a clock of its own": (machine(synchronised=False), "timedatectl"),
    "an archived log": (database(settings={"archive_mode": "on"}), "key epochs"),
    **{
        f"PostgreSQL that logs ({name})": (database(settings={name: "0"}), f"{name} = ")
        for name in QUIET
    },
}


@pytest.mark.parametrize("case", sorted(FAILS))
async def test_what_must_be_mended_fails_with_its_mend(case: str) -> None:
    """One thing is spoilt: it fails, nothing else does, and it says what to do."""
    probes, mend = FAILS[case]
    (outcome,) = await not_well(probes)
    assert outcome.level is Level.FAIL
    assert mend in outcome.mend


@pytest.mark.parametrize("case", sorted(WARNINGS))
async def test_what_should_be_looked_at_warns_with_its_mend(case: str) -> None:
    """It warns, nothing else does, and it says what to do."""
    probes, mend = WARNINGS[case]
    (outcome,) = await not_well(probes)
    assert outcome.level is Level.WARN
    assert mend in outcome.mend


@pytest.mark.parametrize(
    ("asked", "level", "mend"),
    [
        (replace(ASKED, demo=True), Level.FAIL, "BOT_DEMO"),
        (replace(ASKED, public_url="http://chat.example.org"), Level.FAIL, "TLS"),
        (replace(ASKED, staff_chat=False), Level.WARN, "BOT_STAFF_CHAT_ID"),
    ],
)
async def test_settings_are_looked_at(asked: Asked, level: Level, mend: str) -> None:
    """A demonstration, pages without TLS, and alerts that reach nobody are told."""
    (outcome,) = await not_well(FakeProbes(), asked)
    assert outcome.level is level
    assert mend in outcome.mend


async def test_a_probe_that_breaks_is_told_without_its_words_and_stops_nothing() -> None:
    """Its message may hold the database's password; the other checks go on."""
    broken = FakeProbes(database_facts=RuntimeError("canary-password"))
    found = await examine(broken, ASKED, NOW)
    (outcome,) = [o for o in found if o.level is Level.FAIL]
    assert (outcome.check, "canary" in repr(found)) == ("database", False)
    assert found[-1].check == "clock"


async def test_a_probe_that_hangs_is_not_waited_for() -> None:
    """Monitoring gets an answer, whatever hangs."""

    class Hanging(FakeProbes):
        async def places(self) -> bool:
            await asyncio.Event().wait()
            return True

    found = await examine(Hanging(), ASKED, NOW, patience=timedelta(milliseconds=20))
    assert [o.check for o in found if o.level is Level.FAIL] == ["places"]


def test_the_worst_counts() -> None:
    """A failure outweighs warnings, and a warning what is well."""
    ok, warn = Outcome.ok("a", "b"), Outcome.warn("a", "b", "c")
    assert worst([ok]) is Level.OK
    assert worst([ok, warn]) is Level.WARN
    assert worst([warn, Outcome.fail("a", "b", "c"), ok]) is Level.FAIL
