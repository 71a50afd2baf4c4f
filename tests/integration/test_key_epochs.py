"""Epochs end by themselves, and what was wrapped under one that ended cannot be opened again."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import keeping
from bot.vault.errors import KeyGone
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault, WrappedKey
from tests.integration.town import Town, town

EPOCH = timedelta(hours=1)
SETTINGS = {"key_epoch": EPOCH.total_seconds(), "message_ttl": 86400, "quiet_after": 10**6}


async def wrapped(t: Town) -> WrappedKey:
    """The one conversation's key, as it lies in the database."""
    async with t.sidelight.database.reading() as unit:
        [(_, key)] = await unit.conversations.keys_before(10**6, 10)
    return key


async def test_an_epoch_ends_on_time_and_its_key_with_it(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a minute before; then whoever kept the old row has no key to it, and talk goes on."""
    monkeypatch.setattr(keeping, "GRACE", 0.0)
    async with town(tmp_path, database_url, lock_after=0, **SETTINGS) as t:
        ring = tmp_path / "keyring.json"
        began = KeyRing.load(ring).current.created_at
        t.clock.advance(began + EPOCH - timedelta(minutes=1) - t.clock.now())
        phone = t.channel.phone()
        await t.write(phone, "hello")
        old = await wrapped(t)
        await t.sidelight.keeper.age_keys()
        assert [epoch.id for epoch in KeyRing.load(ring).epochs] == [old.epoch]
        t.clock.advance(timedelta(minutes=1))
        await t.sidelight.keeper.age_keys()
        new = await wrapped(t)
        assert [epoch.id for epoch in KeyRing.load(ring).epochs] == [new.epoch]
        assert new.epoch > old.epoch
        async with t.sidelight.database.reading() as unit:
            [(conversation, _)] = await unit.conversations.keys_before(10**6, 10)
        with pytest.raises(KeyGone):
            Vault(KeyRing.load(ring)).unwrap(conversation, old)
        await t.write(phone, "where can i sleep")
        assert len(phone.texts(mine=False)) == 2
