"""The texts at one moment, also when a file is damaged."""

import os

from bot.ids import Locale
from bot.preview.reading import Place, read_state, stamps_of
from tests.unit.content.seeding import Seeded

ES = Locale("es")


def test_the_version_is_that_of_the_files(tree: Seeded, place: Place) -> None:
    """The same as long as nothing is saved; another one after each saving, adding and removing."""
    seen = [stamps_of(place)]
    assert stamps_of(place) == seen[0]
    path = tree.path("es")
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    seen.append(stamps_of(place))
    added = tree.folder / "overlay" / "en" / "layer.yml"
    added.write_text("", "utf-8")
    seen.append(stamps_of(place))
    os.utime(added, ns=(1, 1))
    seen.append(stamps_of(place))
    added.unlink()
    assert stamps_of(place) == seen[1]
    assert len({repr(stamps) for stamps in seen}) == 4


def test_what_editors_leave_beside_a_file_changes_nothing(tree: Seeded, place: Place) -> None:
    """Half-written files and backups are no texts."""
    before = stamps_of(place)
    for name in (".responses.po.swp", "responses.mo", "responses.po~"):
        (tree.path("es").parent / name).write_text("x", "utf-8")
    assert stamps_of(place) == before


def test_a_damaged_translation_stays_as_it_was_and_is_told(tree: Seeded, place: Place) -> None:
    """The other messages are not lost from the page while somebody mends one."""
    before = read_state(place)
    path = tree.path("es")
    path.write_text(path.read_text("utf-8").replace('"Tu paquete llegó."', '"Tu paquete'), "utf-8")
    after = read_state(place, before)
    assert after.translations[ES].entries == before.translations[ES].entries
    (fault,) = after.faults
    line = path.read_text("utf-8").split("\n").index('msgstr "Tu paquete') + 1
    assert (fault.file, fault.line) == (str(path), line)
    assert after.version != before.version


def test_a_damaged_source_stays_as_it_was_and_is_told(tree: Seeded, place: Place) -> None:
    """Of the damaged file alone: other files are as they are now."""
    before = read_state(place)
    tree.path("en/privacy.yml").write_text("privacy.overview:\n  text: [\n", "utf-8")
    tree.path("en/danger.yml").write_text("danger.fire:\n  text: Leave.\n", "utf-8")
    after = read_state(place, before)
    assert set(after.source.texts) == set(before.source.texts)
    assert after.source.texts["danger.fire"].unit.text == "Leave."
    assert [fault.file for fault in after.faults] == [str(tree.path("en/privacy.yml"))]


def test_what_is_taken_out_is_gone(tree: Seeded, place: Place) -> None:
    """Only what cannot be read is kept."""
    before = read_state(place)
    tree.path("en/cover.yml").unlink()
    after = read_state(place, before)
    assert "cover.ping" in before.source.texts
    assert "cover.ping" not in after.source.texts


def test_only_what_changed_is_read_again(tree: Seeded, place: Place) -> None:
    """The rest is what was read before, so that a saving is seen at once."""
    before = read_state(place)
    assert read_state(place, before) == before
    path = tree.path("es")
    path.write_text(path.read_text("utf-8").replace("Tu paquete llegó.", "Ya."), "utf-8")
    after = read_state(place, before)
    assert after.translations[ES].entries["cover.ping"][1].translation == "Ya."
    assert after.translations[Locale("ar")] is before.translations[Locale("ar")]
    assert after.source is before.source
    assert after.version != before.version


def test_damage_is_told_until_it_is_mended(tree: Seeded, place: Place) -> None:
    """Also when another file is saved meanwhile."""
    path = tree.path("es")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('"Tu paquete llegó."', '"Tu paquete'), "utf-8")
    damaged = read_state(place)
    tree.path("en/danger.yml").write_text("danger.fire:\n  text: Leave.\n", "utf-8")
    later = read_state(place, damaged)
    assert later.faults == damaged.faults != ()
    path.write_text(whole, "utf-8")
    assert read_state(place, later).faults == ()
