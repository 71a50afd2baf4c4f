"""HSDS 3 data as entries of the directory: from our own export without loss, from others as far as
it goes. What we do not model is reported.

Addresses come back only from our own export: in others' data nothing says that a place may be
known. Nor does it say where a fact was read, so `sidelight directory check` asks for that then.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.directory.fields import PhoneType
from bot.directory.hsds import LISTS, OWN_WORDS, PLAIN, SCALARS, TAXONOMY, WORDS
from bot.finding import Finding

_CLOCK = re.compile(r"(\d{1,2}:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_EXTENT = re.compile(r"([A-Z]{2}-[A-Z0-9]{1,3})?(?:/(.+))?")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")

_ADD_BY_HAND = "add by hand what people need of it"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as its file would have it: `fields` hold plain values, perhaps not yet all."""

    id: str
    country: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assumed:
    """What holds where the data does not say: a country, a language of texts, an IANA zone."""

    country: str
    language: str = "en"
    timezone: str | None = None


def from_hsds(document: Any, assumed: Assumed, file: str) -> tuple[list[Draft], list[Finding]]:
    """The services of an HSDS `document` (one, a list, or a page), and what could not be taken.

    Each finding names `file`, the service, and the path of the field. Never raises for what is in
    the document.
    """
    if isinstance(document, dict):
        document = document.get("contents", [document])
    drafts: list[Draft] = []
    findings: list[Finding] = []
    taken: set[str] = set()
    for given in document if isinstance(document, list) else [document]:
        if not isinstance(given, dict):
            findings.append(Finding(file, 1, "", "not a service", "give HSDS 3 `service` objects"))
            continue
        reading = _Reading(given, assumed)
        draft = reading.draft()
        for path, why in reading.left:
            findings.append(Finding(file, 1, draft.id, f"`{path}` {why}", _ADD_BY_HAND))
        if draft.id in taken:
            findings.append(Finding(file, 1, draft.id, "is there twice", "give it one id"))
            continue
        taken.add(draft.id)
        drafts.append(draft)
    return drafts, findings


class _Reading:
    """One service, from which what is understood is taken; the rest is `left`."""

    def __init__(self, given: Mapping[str, Any], assumed: Assumed) -> None:
        self.left: list[tuple[str, str]] = []
        self._rest = dict(given)
        self._assumed = assumed
        self._id = str(given.get("id", ""))

    def draft(self) -> Draft:
        own = self._own(self._rest, "")
        fields: dict[str, Any] = {}
        for name in PLAIN:
            self._plain(fields, name)
        for name in SCALARS:
            if name in own:
                fields[name] = own[name][0][1]
        for name in LISTS:
            if name in own:
                fields[name] = [value for _, value in own[name]]
        for name in (*WORDS, *OWN_WORDS):
            plain = self._rest.pop(name, None) if name in WORDS else None
            self._words(fields, name, plain, own)
        country = str(fields.pop("country", self._assumed.country)).upper()
        for name in ("status", "assured_date"):
            self._plain(fields, name)
        if fields.get("status") == "active":
            del fields["status"]
        self._organization(fields)
        fields["phones"] = list(self._phones())
        fields["languages"] = self._languages(self._rest, "")
        fields["service_areas"] = list(self._areas())
        fields["schedules"] = list(self._schedules(fields))
        fields["addresses"] = list(self._addresses(fields, ours="key" in own))
        self._leave(self._rest, "")
        key = own["key"][0][1] if "key" in own else self._new_id(country, fields)
        kept = {n: v for n, v in fields.items() if v not in (None, "", [], {})}
        kept.setdefault("languages", [])
        return Draft(key, country, kept)

    def _new_id(self, country: str, fields: Mapping[str, Any]) -> str:
        name = _NOT_WORDS.sub("-", str(fields.get("name", "")).lower()).strip("-")[:40].strip("-")
        tail = _NOT_WORDS.sub("", self._id.lower())[:8]
        return "-".join(filter(None, (country.lower(), name, tail)))

    def _plain(self, fields: dict[str, Any], name: str) -> None:
        value = self._rest.pop(name, None)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value not in (None, ""):
            fields[name] = value

    def _own(self, entity: dict[str, Any], path: str) -> dict[str, list[tuple[str, str]]]:
        """Our attributes of `entity`: code to (label, value); others' are left."""
        found: dict[str, list[tuple[str, str]]] = {}
        for attribute in _dicts(entity.pop("attributes", None)):
            term = attribute.get("taxonomy_term")
            term = term if isinstance(term, dict) else {}
            value = str(attribute.get("value") or "")
            if term.get("taxonomy") == TAXONOMY and value:
                label = str(attribute.get("label") or "")
                found.setdefault(str(term.get("code")), []).append((label, value))
            else:
                name = term.get("name") or attribute.get("label") or "?"
                self.left.append((f"{path}attributes", f"“{name}” is not modelled"))
        return found

    def _words(
        self,
        fields: dict[str, Any],
        name: str,
        plain: Any,
        own: Mapping[str, list[tuple[str, str]]],
    ) -> None:
        if name in own:
            fields[name] = dict(own[name])
        elif plain not in (None, ""):
            fields[name] = {self._assumed.language: str(plain)}

    def _organization(self, fields: dict[str, Any]) -> None:
        given = self._rest.pop("organization", None)
        if not isinstance(given, dict):
            return
        rest = dict(given)
        found = {name: rest.pop(name, None) for name in ("name", "website")}
        if rest.get("description") == found["name"]:
            rest.pop("description", None)
        fields["organization"] = {n: v for n, v in found.items() if v not in (None, "")}
        self._leave(rest, "organization.")

    def _phones(self) -> Iterator[dict[str, Any]]:
        for given in _dicts(self._rest.pop("phones", None)):
            rest = dict(given)
            own = self._own(rest, "phones.")
            kind = own["type"][0][1] if "type" in own else str(rest.get("type") or "voice")
            rest.pop("type", None)
            kind = {"cell": "voice", "sms": "text"}.get(kind.lower(), kind.lower())
            if kind not in set(PhoneType):
                self.left.append(("phones", f"of the type “{kind}” are not modelled"))
                continue
            phone: dict[str, Any] = {"number": str(rest.pop("number", "")), "type": kind}
            extension = rest.pop("extension", None)
            if extension not in (None, ""):
                phone["extension"] = str(extension)
            for name in ("message", "shows_on_bill", "extension"):
                if name in own:
                    phone[name] = own[name][0][1]
            self._words(phone, "description", rest.pop("description", None), own)
            phone["languages"] = self._languages(rest, "phones.")
            self._leave(rest, "phones.")
            yield {n: v for n, v in phone.items() if v not in ([], {})}

    def _languages(self, entity: dict[str, Any], path: str) -> list[str]:
        tags = []
        for given in _dicts(entity.pop("languages", None)):
            rest = dict(given)
            tag = rest.pop("code", None)
            if tag:
                tags.append(str(tag))
                rest.pop("name", None)
            self._leave(rest, f"{path}languages.")
        return tags

    def _areas(self) -> Iterator[dict[str, Any]]:
        for given in _dicts(self._rest.pop("service_areas", None)):
            rest = dict(given)
            extent = str(rest.pop("extent", None) or "")
            read = _EXTENT.fullmatch(extent)
            rest.pop("extent_type", None)
            if read is None:
                self.left.append(("service_areas.extent", "is no region that we know"))
            name = rest.pop("name", None) or rest.get("description") or extent
            area = {"name": name, "region": read[1] if read else None}
            area["city"] = read[2] if read else None
            self._leave(rest, "service_areas.")
            yield {n: v for n, v in area.items() if v}

    def _schedules(self, fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
        given = _dicts(self._rest.pop("schedules", None))
        if not given or fields.get("always_open"):
            return
        if "timezone" not in fields and self._assumed.timezone:
            fields["timezone"] = self._assumed.timezone
        if "timezone" not in fields:
            self.left.append(("schedules", "have no time zone that has a name"))
            return
        for one in given:
            rest = dict(one)
            freq, byday = rest.pop("freq", None), str(rest.pop("byday", None) or "")
            hours = [_CLOCK.fullmatch(str(rest.pop(n, ""))) for n in ("opens_at", "closes_at")]
            opens, closes = hours
            if freq != "WEEKLY" or not byday or opens is None or closes is None:
                self.left.append(("schedules", "other than weekly hours are not modelled"))
                continue
            if opens[2] or closes[2] or rest.get("timezone"):
                self.left.append(("schedules", "with an offset are not modelled"))
                continue
            if str(rest.get("interval") or "1") == "1":
                rest.pop("interval", None)
            schedule: dict[str, Any] = {"byday": [day.strip() for day in byday.split(",")]}
            schedule |= {"opens_at": opens[1], "closes_at": closes[1]}
            for name in ("valid_from", "valid_to"):
                if value := rest.pop(name, None):
                    schedule[name] = value
            self._leave(rest, "schedules.")
            yield schedule

    def _addresses(self, fields: Mapping[str, Any], *, ours: bool) -> Iterator[dict[str, Any]]:
        for given in _dicts(self._rest.pop("service_at_locations", None)):
            location = given.get("location")
            for address in _dicts(location.get("addresses") if isinstance(location, dict) else 0):
                if ours:
                    names = ("address_1", "city", "region", "postal_code")
                    yield {name: address[name] for name in names if address.get(name)}
                else:
                    self.left.append(("addresses", "may be secret, and are not taken"))

    def _leave(self, rest: Mapping[str, Any], path: str) -> None:
        for name, value in rest.items():
            if name != "id" and not name.endswith("_id") and value not in (None, "", [], {}):
                self.left.append((f"{path}{name}", "is not modelled"))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
