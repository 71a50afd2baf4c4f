"""A conversation's key opens that conversation's rows, until its epoch is gone."""

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError
from bot.ids import ConversationId
from bot.vault.errors import KeyGone, SealBroken
from bot.vault.keyring import KeyRing
from bot.vault.vault import DataKey, Vault, WrappedKey


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """A vault for tests that change nothing in its ring."""
    return Vault(KeyRing.create(tmp_path_factory.mktemp("vault") / "ring"))


@pytest.fixture
def fresh(tmp_path: Path) -> Vault:
    """A vault of the test's own, at epoch 1."""
    return Vault(KeyRing.create(tmp_path / "ring"))


def conversation() -> ConversationId:
    """A new conversation's id."""
    return ConversationId(uuid4())


class TestDataKeys:
    """A data key lies in the database only wrapped."""

    def test_unwraps_to_the_same_key(self, vault: Vault) -> None:
        """The wrapped key gives the data key back."""
        whose = conversation()
        key, wrapped = vault.new_data_key(whose)
        assert vault.unwrap(whose, wrapped) == key
        assert len(key.plain) == 32

    def test_each_is_new(self, vault: Vault) -> None:
        """Two keys of one conversation are not the same key."""
        whose = conversation()
        assert vault.new_data_key(whose)[0] != vault.new_data_key(whose)[0]

    def test_is_bound_to_its_conversation(self, vault: Vault) -> None:
        """A wrapped key moved to another conversation's row does not open there."""
        _, wrapped = vault.new_data_key(conversation())
        with pytest.raises(SealBroken):
            vault.unwrap(conversation(), wrapped)

    def test_is_bound_to_its_epoch(self, fresh: Vault) -> None:
        """A wrapped key relabelled with another living epoch does not open."""
        whose = conversation()
        _, wrapped = fresh.new_data_key(whose)
        with pytest.raises(SealBroken):
            fresh.unwrap(whose, WrappedKey(fresh.rotate(), wrapped.wrapped))

    def test_hides_itself(self, vault: Vault) -> None:
        """Neither key shows its bytes when printed or logged."""
        key, wrapped = vault.new_data_key(conversation())
        assert repr(key) == "DataKey()"
        assert repr(wrapped) == "WrappedKey(epoch=1)"


class TestEpochs:
    """An epoch ends for everything under it."""

    def test_an_older_epoch_still_unwraps(self, fresh: Vault) -> None:
        """After a rotation, keys of the epoch before open until they are re-wrapped."""
        whose = conversation()
        key, wrapped = fresh.new_data_key(whose)
        assert fresh.rotate() == 2
        assert fresh.unwrap(whose, wrapped) == key
        assert fresh.new_data_key(whose)[1].epoch == 2

    def test_rewrapping_keeps_the_key(self, fresh: Vault) -> None:
        """A re-wrapped key is the same key, outlives its first epoch, and is left alone after."""
        whose = conversation()
        key, wrapped = fresh.new_data_key(whose)
        fresh.rotate()
        moved = fresh.rewrap(whose, wrapped)
        assert fresh.destroy_before(2) == (1,)
        assert fresh.unwrap(whose, moved) == key
        assert fresh.rewrap(whose, moved) is moved

    def test_a_destroyed_epoch_opens_nothing(self, fresh: Vault) -> None:
        """A key wrapped by a destroyed epoch is gone, also for a vault loaded anew."""
        whose = conversation()
        _, wrapped = fresh.new_data_key(whose)
        fresh.destroy_before(fresh.rotate())
        with pytest.raises(KeyGone):
            fresh.unwrap(whose, wrapped)
        with pytest.raises(KeyGone):
            Vault(KeyRing.load(fresh._ring.path)).unwrap(whose, wrapped)

    def test_the_current_epoch_stays(self, fresh: Vault) -> None:
        """Destroying up to the current epoch keeps it; one that has not begun is refused."""
        fresh.rotate()
        assert fresh.destroy_before(2) == (1,)
        assert fresh.destroy_before(2) == ()
        with pytest.raises(ConfigurationError, match="epoch 3 has not begun"):
            fresh.destroy_before(3)
        assert fresh.current_epoch == 2

    def test_an_epoch_from_the_future_is_a_wrong_ring(self, vault: Vault) -> None:
        """A row from an epoch that the ring never had says that the ring is the wrong one."""
        with pytest.raises(ConfigurationError, match="old copy or another installation"):
            vault.unwrap(conversation(), WrappedKey(99, b""))

    def test_another_installations_ring_opens_nothing(self, vault: Vault, fresh: Vault) -> None:
        """A ring of another installation has another fingerprint and does not open our keys."""
        whose = conversation()
        _, wrapped = fresh.new_data_key(whose)
        with pytest.raises(SealBroken):
            vault.unwrap(whose, wrapped)
        assert vault.fingerprint != fresh.fingerprint
        assert fresh.fingerprint == Vault(KeyRing.load(fresh._ring.path)).fingerprint


places = st.tuples(st.text(max_size=20), st.uuids(), st.sampled_from(["in", "out", "state"]))


class TestRows:
    """Sealed bytes open in their own row only."""

    @given(st.binary(max_size=500), places, places)
    def test_round_trip_in_place_only(
        self, vault: Vault, plaintext: bytes, here: tuple, there: tuple
    ) -> None:
        """Bytes open where they were sealed, and nowhere else."""
        key = DataKey(b"\7" * 32)
        row, whose, direction = here
        sealed = vault.seal(
            key, plaintext, row=row, conversation_id=ConversationId(whose), direction=direction
        )
        for row, whose, direction in (here, there):
            place = {"row": row, "conversation_id": ConversationId(whose), "direction": direction}
            if (row, whose, direction) == here:
                assert vault.open(key, sealed, **place) == plaintext
            else:
                with pytest.raises(SealBroken):
                    vault.open(key, sealed, **place)

    @pytest.mark.parametrize("changed", ["row", "conversation_id", "direction"])
    def test_each_part_of_the_place_counts(self, vault: Vault, changed: str) -> None:
        """Another row, conversation or direction alone is enough not to open."""
        whose = conversation()
        key, _ = vault.new_data_key(whose)
        place = {"row": "messages/1", "conversation_id": whose, "direction": "in"}
        sealed = vault.seal(key, b"text", **place)
        other = {"row": "messages/2", "conversation_id": conversation(), "direction": "out"}
        with pytest.raises(SealBroken):
            vault.open(key, sealed, **{**place, changed: other[changed]})

    def test_a_wrapped_key_is_no_row(self, vault: Vault) -> None:
        """A row sealed with some key cannot pass for a wrapped key."""
        whose = conversation()
        epoch_key = DataKey(vault._ring.current.key)
        fake = vault.seal(epoch_key, b"\0" * 32, row="r", conversation_id=whose, direction="in")
        with pytest.raises(SealBroken):
            vault.unwrap(whose, WrappedKey(1, fake))


class TestBlindIndex:
    """A value is found again without being stored."""

    @given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
    def test_equal_only_for_equal_values(
        self, vault: Vault, domain: str, value: str, other_domain: str, other: str
    ) -> None:
        """Equal values match within a domain, and nothing else does."""
        same = (domain, value) == (other_domain, other)
        index = vault.blind_index(domain, value)
        assert len(index) == 32
        assert (index == vault.blind_index(other_domain, other)) == same

    def test_needs_the_ring(self, vault: Vault, fresh: Vault) -> None:
        """Another ring gives another index; rotation does not change it."""
        before = fresh.blind_index("telegram", "1")
        assert before != vault.blind_index("telegram", "1")
        fresh.destroy_before(fresh.rotate())
        assert Vault(KeyRing.load(fresh._ring.path)).blind_index("telegram", "1") == before

    def test_a_broken_text_raises_nothing(self, vault: Vault) -> None:
        """A lone surrogate, as a hostile client may send, is a value like another."""
        assert vault.blind_index("d", "\ud800") != vault.blind_index("d", "\ud801")


class TestStaff:
    """Staff secrets outlive the epochs of conversations."""

    def test_survives_rotation(self, fresh: Vault) -> None:
        """A secret opens after its epoch was destroyed and the ring loaded anew."""
        sealed = fresh.seal_for_staff(b"secret", row="advocates/1/totp")
        fresh.destroy_before(fresh.rotate())
        later = Vault(KeyRing.load(fresh._ring.path))
        assert later.open_for_staff(sealed, row="advocates/1/totp") == b"secret"

    def test_is_bound_to_its_row(self, vault: Vault) -> None:
        """One advocate's secret does not open in another's row."""
        sealed = vault.seal_for_staff(b"secret", row="advocates/1/totp")
        with pytest.raises(SealBroken):
            vault.open_for_staff(sealed, row="advocates/2/totp")
