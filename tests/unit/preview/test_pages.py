"""The page: whole, harmless, and silent about who made it."""

import re
from html.parser import HTMLParser

import pytest

from bot.finding import Finding
from bot.preview.pages import Wish, page
from bot.preview.reading import Place, read_state
from tests.unit.content.seeding import Seeded

HOSTILE = '</p><script>alert(1)</script><img src=x onerror=alert(2)>\\" onclick=\\"alert(3)'


class Elements(HTMLParser):
    """All elements with their attributes, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def shown(place: Place, tag: str = "es", version: str = "1", **wish: str) -> str:
    state = read_state(place)
    return page(state, Wish(tag, **wish), (), place, version)


def test_hostile_text_is_shown_and_does_nothing(tree: Seeded, place: Place) -> None:
    """In a text, a search, a finding: no element and no attribute comes out of words."""
    path = tree.path("es")
    path.write_text(path.read_text("utf-8").replace("Tu paquete llegó.", HOSTILE), "utf-8")
    finding = Finding(HOSTILE, 1, "danger.fire", HOSTILE, HOSTILE)
    loose = Finding(HOSTILE, 1, "", HOSTILE, HOSTILE)
    for version in ("1", ""):
        html = page(read_state(place), Wish("es", phone=HOSTILE), (finding, loose), place, version)
        elements = Elements(html)
        assert "&lt;script&gt;alert(1)" in html
        assert [script.get("src") for script in elements.named("script")] == (
            ["/static/live.js"] if version else []
        )
        assert elements.named("img") == []
        assert not [
            name for _, attributes in elements.found for name in attributes if name[:2] == "on"
        ]


def test_a_hostile_search_stays_in_its_box(place: Place) -> None:
    """And finds nothing."""
    html = shown(place, query='"><script>alert(1)</script>')
    (box,) = [i for i in Elements(html).named("input") if i.get("type") == "search"]
    assert box["value"] == '"><script>alert(1)</script>'
    assert "0 of" in html


@pytest.mark.parametrize(("tag", "way"), [("es", "ltr"), ("ar", "rtl"), ("ar-XB", "rtl")])
def test_each_side_is_written_its_own_way(place: Place, tag: str, way: str) -> None:
    """English from the left, beside it the language."""
    screens = [d for d in Elements(shown(place, tag)).named("div") if d.get("class") == "screen"]
    english, other = screens[::2], screens[1::2]
    assert {(screen["lang"], screen["dir"]) for screen in english} == {("en", "ltr")}
    assert {(screen["lang"], screen["dir"]) for screen in other} == {(tag, way)}


def test_ids_are_met_once_and_every_link_of_the_contents_leads_there(place: Place) -> None:
    """Otherwise the contents would lead astray."""
    elements = Elements(shown(place))
    ids = [attributes["id"] for _, attributes in elements.found if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {
        (a.get("href") or "")[1:] for a in elements.named("a") if (a.get("href") or "")[0] == "#"
    }
    assert {target.replace("%40", "@").replace("%3A", ":") for target in targets} <= set(ids)


def test_the_file_alone_loads_nothing_and_tells_no_folder(place: Place) -> None:
    """It may be sent to a reviewer: its policy allows its own style and nothing else."""
    finding = Finding(str(place.folder / "en" / "danger.yml"), 3, "danger.fire", "x", "y")
    html = page(read_state(place), Wish("es"), (finding,), place)
    elements = Elements(html)
    policy = next(m["content"] for m in elements.named("meta") if "http-equiv" in m)
    assert policy is not None
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'", policy)
    assert not [a for tag, a in elements.found if tag in ("link", "script", "img", "iframe")]
    assert str(place.folder.parent) not in html
    assert "responses/en/danger.yml:3" in html


def test_what_could_not_be_read_is_told_above_all(tree: Seeded, place: Place) -> None:
    """With file and line."""
    state = read_state(place)
    tree.path("en/privacy.yml").write_text("a: {\n", "utf-8")
    html = page(read_state(place, state), Wish("es"), (), place, "1")
    assert "responses/en/privacy.yml:1" in html.partition('class="topic"')[0]
    assert 'id="privacy.overview"' in html
