"""The key ring's file: made once, never half written, private, and its old bytes overwritten."""

import base64
import hashlib
import json
import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.vault import shredding
from bot.vault.errors import KeyGone
from bot.vault.keyring import KeyRing


class FakeClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2024, 2, 29, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process dies here: nothing catches it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's ring lies."""
    return tmp_path / "keys" / "ring.json"


def encoded(key: bytes) -> bytes:
    """A key as the file spells it."""
    return base64.b64encode(key)


def bytes_beside(path: Path) -> bytes:
    """Everything in all files of the ring's folder."""
    return b"\n".join(file.read_bytes() for file in path.parent.iterdir())


class TestCreate:
    """A ring is made once."""

    def test_makes_a_private_file_with_one_epoch(self, path: Path) -> None:
        """The new ring is readable by its owner only and has epoch 1, begun now."""
        ring = KeyRing.create(path, FakeClock())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert [(e.id, e.created_at) for e in ring.epochs] == [(1, FakeClock().now())]
        assert KeyRing.load(path).index_key == ring.index_key
        assert sorted(f.name for f in path.parent.iterdir()) == [".ring.json.lock", "ring.json"]

    def test_is_private_under_any_umask(self, path: Path) -> None:
        """A lax umask does not open the ring to others."""
        before = os.umask(0)
        try:
            KeyRing.create(path)
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_never_replaces_a_ring(self, path: Path) -> None:
        """A second `create` fails and leaves the first ring as it was."""
        KeyRing.create(path)
        before = path.read_bytes()
        with pytest.raises(ConfigurationError, match="already"):
            KeyRing.create(path)
        assert path.read_bytes() == before

    def test_says_why_it_cannot(self, tmp_path: Path) -> None:
        """A folder that cannot be made gives one line that names the place and the setting."""
        (tmp_path / "file").write_text("")
        with pytest.raises(ConfigurationError, match="BOT_KEYRING"):
            KeyRing.create(tmp_path / "file" / "ring")

    def test_shows_no_key(self, path: Path) -> None:
        """An epoch that is printed or logged shows no key."""
        epoch = KeyRing.create(path).current
        assert repr(epoch.key)[2:-1] not in repr(epoch)
        assert "key" not in repr(epoch)


def rewritten(text: bytes, **changes: Any) -> bytes:
    """The ring in `text` with fields changed and a checksum that fits."""
    body = {k: v for k, v in json.loads(text).items() if k != "checksum"} | changes
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps({**body, "checksum": hashlib.sha256(canonical).hexdigest()}).encode()


def epoch_entry(number: int, **changes: Any) -> dict[str, Any]:
    """One epoch as the file spells it."""
    key = encoded(os.urandom(32)).decode()
    return {"id": number, "key": key, "created_at": "2024-01-01T00:00:00+00:00"} | changes


class TestDamaged:
    """A file that is not a whole ring is refused with a reason and a mend."""

    @pytest.mark.parametrize(
        ("damage", "reason"),
        [
            (lambda text: b"", "it is empty"),
            (lambda text: b" \n", "it is empty"),
            (lambda text: b"\0" * len(text), "it is empty"),
            (lambda text: text[: len(text) // 2], "cut short or not JSON"),
            (lambda text: text[:-3], "cut short or not JSON"),
            (lambda text: text + text, "cut short or not JSON"),
            (lambda text: b"\xff\xfe\x00" + os.urandom(50), "cut short or not JSON"),
            (lambda text: b"[" * 100_000, "cut short or not JSON"),
            (lambda text: b"[1]", "not a JSON object"),
            (lambda text: b"{}", "no version"),
            (lambda text: text.replace(b'"id": 1', b'"id": 2'), "checksum does not match"),
            (lambda text: text.replace(b'"checksum"', b'"checks"'), "checksum does not match"),
            (lambda text: rewritten(text, version=2), "version 2, and this release reads 1"),
            (lambda text: rewritten(text, version=True), "no version"),
            (lambda text: rewritten(text, index_key="AAAA"), "index_key is not 32 bytes"),
            (lambda text: rewritten(text, index_key="é*"), "index_key is not 32 bytes"),
            (lambda text: rewritten(text, epochs=[]), "no epochs"),
            (lambda text: rewritten(text, epochs={}), "no epochs"),
            (lambda text: rewritten(text, epochs=[3]), "an epoch has no id"),
            (lambda text: rewritten(text, epochs=[epoch_entry(0)]), "out of order"),
            (
                lambda text: rewritten(text, epochs=[epoch_entry(2), epoch_entry(2)]),
                "out of order",
            ),
            (lambda text: rewritten(text, epochs=[epoch_entry(1, key=None)]), "key is not 32"),
            (
                lambda text: rewritten(text, epochs=[epoch_entry(1, created_at="soon")]),
                "an epoch has no time",
            ),
            (
                lambda text: rewritten(text, epochs=[epoch_entry(1, created_at="2024-01-01")]),
                "an epoch has no time",
            ),
            (lambda text: text + b" " * 2_000_000, "far too large"),
        ],
    )
    def test_is_refused(self, path: Path, damage: Any, reason: str) -> None:
        """Each kind of damage is named, with the way out, and without any of the content."""
        KeyRing.create(path)
        text = path.read_bytes()
        path.write_bytes(damage(text))
        with pytest.raises(ConfigurationError, match=reason) as caught:
            KeyRing.load(path)
        assert str(path) in str(caught.value)
        assert "sidelight keys init" in str(caught.value)
        assert json.loads(text)["index_key"] not in str(caught.value)

    def test_any_changed_byte_is_noticed(self, path: Path) -> None:
        """No single changed byte of the file goes unnoticed, unless it changes no value."""
        ring = KeyRing.create(path)
        text, expected = path.read_bytes(), (ring.index_key, ring.epochs)
        for place in range(len(text)):
            path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
            try:
                damaged = KeyRing.load(path)
            except ConfigurationError:
                continue
            assert (damaged.index_key, damaged.epochs) == expected

    def test_missing(self, path: Path) -> None:
        """A missing ring names the command that makes one."""
        with pytest.raises(ConfigurationError, match="sidelight keys init"):
            KeyRing.load(path)

    def test_a_folder_is_no_ring(self, tmp_path: Path) -> None:
        """A folder in the ring's place is named as such."""
        with pytest.raises(ConfigurationError, match="is not a file"):
            KeyRing.load(tmp_path)

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o777])
    def test_open_to_others(self, path: Path, mode: int) -> None:
        """A ring that others may read or write is refused, with the command that mends it."""
        KeyRing.create(path)
        path.chmod(mode)
        with pytest.raises(ConfigurationError, match="chmod 600"):
            KeyRing.load(path)

    def test_a_ring_that_goes_missing_stops_the_vault(self, path: Path) -> None:
        """Without its file a loaded ring gives no key: nothing unreadable is ever stored."""
        ring = KeyRing.create(path)
        path.unlink()
        with pytest.raises(ConfigurationError, match="sidelight keys init"):
            _ = ring.current


class TestChange:
    """A change is whole, and the old bytes are overwritten."""

    def test_a_new_epoch_is_seen_by_a_ring_loaded_before(self, path: Path) -> None:
        """Another process's rotation and destruction show at the next access."""
        ring, other = KeyRing.create(path), KeyRing.load(path)
        assert other.begin_epoch().id == 2
        assert ring.current == other.current
        assert other.destroy_before(2) == (1,)
        with pytest.raises(KeyGone):
            ring.epoch(1)

    def test_a_destroyed_key_is_in_no_file(self, path: Path) -> None:
        """After its destruction an epoch's key is in no file of the folder."""
        ring = KeyRing.create(path)
        key = encoded(ring.current.key)
        ring.begin_epoch()
        assert key in bytes_beside(path)
        ring.destroy_before(2)
        assert key not in bytes_beside(path)

    @pytest.mark.parametrize("links", [True, False])
    def test_the_old_files_bytes_are_overwritten(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
    ) -> None:
        """Whoever still has the old file open reads none of its keys, with hard links or none."""
        ring = KeyRing.create(path)
        ring.begin_epoch()
        if not links:

            def no_links(*_: object) -> None:
                raise PermissionError(1, "no hard links here")

            monkeypatch.setattr(os, "link", no_links)
        key = encoded(ring.epoch(1).key)
        with path.open("rb") as old:
            ring.destroy_before(2)
            content = old.read()
        assert content
        assert key not in content

    def test_follows_a_link(self, path: Path, tmp_path: Path) -> None:
        """A ring reached by a symbolic link is changed in its own place; the link stays."""
        KeyRing.create(path)
        link = tmp_path / "link"
        link.symlink_to(path)
        assert KeyRing.load(link).begin_epoch().id == 2
        assert link.is_symlink()
        assert KeyRing.load(path).current.id == 2

    def test_a_change_needs_a_sound_file(self, path: Path) -> None:
        """A ring damaged since it was loaded is not overwritten by a change."""
        ring = KeyRing.create(path)
        path.write_bytes(b"damaged")
        with pytest.raises(ConfigurationError, match="damaged"):
            ring.begin_epoch()
        assert path.read_bytes() == b"damaged"


class TestKilled:
    """A process killed at any step leaves a whole ring, and the next one cleans up after it."""

    @pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
    @pytest.mark.parametrize("step", ["write", "link", "replace", "overwrite"])
    def test_the_ring_is_the_old_one_or_the_new_one(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
    ) -> None:
        """After a kill, the file holds all of one state, and a load leaves nothing else behind."""
        ring = KeyRing.create(path)
        ring.begin_epoch()
        doomed = encoded(ring.epoch(1).key)
        owner, name = {
            "write": (shredding, "_write_new"),
            "link": (os, "link"),
            "replace": (os, "replace"),
            "overwrite": (shredding, "_overwrite"),
        }[step]
        real = getattr(owner, name)

        def dying(*arguments: Any) -> None:
            if not before:
                real(*arguments)
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, dying)
            with pytest.raises(Killed):
                ring.destroy_before(2)

        loaded = KeyRing.load(path)
        done = step == "overwrite" or (step == "replace" and not before)
        assert [epoch.id for epoch in loaded.epochs] == ([2] if done else [1, 2])
        assert sorted(f.name for f in path.parent.iterdir()) == [".ring.json.lock", "ring.json"]
        assert (doomed in bytes_beside(path)) != done
        assert loaded.begin_epoch().id == 3

    def test_a_leftover_is_overwritten_not_only_removed(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The old file that a killed process left is overwritten by the next load."""
        ring = KeyRing.create(path)
        ring.begin_epoch()
        doomed = encoded(ring.epoch(1).key)
        with path.open("rb") as old:
            with monkeypatch.context() as patch:

                def dying(_: int) -> None:
                    raise Killed

                patch.setattr(shredding, "_overwrite", dying)
                with pytest.raises(Killed):
                    ring.destroy_before(2)
            assert doomed in os.pread(old.fileno(), 10_000, 0)
            KeyRing.load(path)
            assert doomed not in os.pread(old.fileno(), 10_000, 0)

    def test_a_half_written_file_is_never_read(self, path: Path) -> None:
        """Half a new file beside the ring changes nothing and is removed."""
        ring = KeyRing.create(path)
        path.with_name(".ring.json.new").write_bytes(b'{"version": 1, "index')
        assert KeyRing.load(path).epochs == ring.epochs
        assert not path.with_name(".ring.json.new").exists()


def _rotate_often(path: Path, times: int) -> None:
    ring = KeyRing.load(path)
    for _ in range(times):
        ring.begin_epoch()


class TestTwoProcesses:
    """Processes change one ring in turn."""

    def test_no_rotation_is_lost(self, path: Path) -> None:
        """Two processes that rotate at once both get epochs of their own, and a reader beside
        them always sees a whole ring."""
        ring = KeyRing.create(path)
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=_rotate_often, args=(path, 15)) for _ in range(2)]
        for worker in workers:
            worker.start()
        seen = [ring.current.id]
        while any(worker.is_alive() for worker in workers):
            seen.append(ring.current.id)
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0
        assert seen == sorted(seen)
        assert [epoch.id for epoch in ring.epochs] == list(range(1, 32))
        assert len({epoch.key for epoch in ring.epochs}) == 31
