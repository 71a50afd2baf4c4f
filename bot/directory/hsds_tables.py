"""HSDS 3's tabular form: a ZIP of CSV files, one a kind of entity, and back to nested objects."""

import csv
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.errors import ConfigurationError
from bot.finding import Finding

Row = dict[str, str]

MANY = {
    "service": {
        "phones": "phone",
        "schedules": "schedule",
        "languages": "language",
        "service_areas": "service_area",
        "service_at_locations": "service_at_location",
    },
    "phone": {"languages": "language"},
    "location": {"addresses": "address"},
}
"""What an entity holds many of: field to entity. Their rows name it in `<entity>_id`."""

ONE = {
    "service": {"organization": "organization"},
    "service_at_location": {"location": "location"},
    "attribute": {"taxonomy_term": "taxonomy_term"},
}
"""What an entity holds one of, which others may hold, too. Its row names it in `<field>_id`."""

FILES = {
    "service": "services.csv",
    "organization": "organizations.csv",
    "phone": "phones.csv",
    "schedule": "schedules.csv",
    "language": "languages.csv",
    "service_area": "service_areas.csv",
    "service_at_location": "service_at_locations.csv",
    "location": "locations.csv",
    "address": "addresses.csv",
    "attribute": "attributes.csv",
    "taxonomy_term": "taxonomy_terms.csv",
}

LARGEST = 50_000_000
"""Bytes of tables that we read: fifty times a directory of 5,000 services. More is a mistake."""

_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, csv.Error),
    *(RuntimeError, ValueError, OverflowError, EOFError, OSError),
)
"""What the libraries raise for a damaged ZIP, whichever way its tables are packed."""


def to_zip(services: Iterable[Mapping[str, Any]]) -> bytes:
    """HSDS `service` objects as a ZIP of the tables in `FILES`. Same services, same bytes."""
    tables: dict[str, dict[str, Row]] = {entity: {} for entity in FILES}
    for service in services:
        _flatten("service", service, {}, tables)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entity, name in FILES.items():
            rows = list(tables[entity].values())
            columns = list(dict.fromkeys(["id", *(column for row in rows for column in row)]))
            text = io.StringIO()
            writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.getvalue())
    return buffer.getvalue()


def from_zip(content: bytes, file: str) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The `service` objects in a ZIP of tables, and what other tables it holds.

    Raises ConfigurationError for what is no such ZIP.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {info.filename.rpartition("/")[2]: info for info in archive.infolist()}
            if sum(info.file_size for info in found.values()) > LARGEST:
                raise ConfigurationError(f"{file}: the tables are too large; export fewer services")
            tables = {n: _rows(archive.read(i)) for n, i in found.items() if n.endswith(".csv")}
    except _UNREADABLE as error:
        mend = "give a ZIP of HSDS 3 tables in UTF-8"
        raise ConfigurationError(f"{file}: cannot be read; {mend}") from error
    if FILES["service"] not in tables:
        raise ConfigurationError(f"{file}: holds no services.csv; give a ZIP of HSDS 3 tables")
    known = {entity: tables.get(name, []) for entity, name in FILES.items()}
    findings = [
        Finding(file, 1, "", f"`{name}`, {len(rows)} rows, is not modelled", "add by hand")
        for name, rows in sorted(tables.items())
        if name not in FILES.values() and rows and name != "meta_table_descriptions.csv"
    ]
    return _Nesting(known).services(), findings


def _flatten(
    entity: str,
    given: Mapping[str, Any],
    parent: Row,
    tables: dict[str, dict[str, Row]],
) -> None:
    id_ = str(given["id"])
    row: Row = {"id": id_, **parent}
    many, one = MANY.get(entity, {}), ONE.get(entity, {})
    for name, value in given.items():
        if name in many:
            for child in value:
                _flatten(many[name], child, {f"{entity}_id": id_}, tables)
        elif name in one:
            row[f"{name}_id"] = str(value["id"])
            _flatten(one[name], value, {}, tables)
        elif name == "attributes":
            for child in value:
                _flatten("attribute", child, {}, tables)
        else:
            row[name] = str(value)
    tables[entity][id_] = row


class _Nesting:
    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        self._tables = tables
        self._by_id = {entity: {r.get("id", ""): r for r in tables[entity]} for entity in tables}
        self._by_parent: dict[tuple[str, str, str], list[Row]] = {}
        for parent, fields in MANY.items():
            for child in fields.values():
                for row in tables[child]:
                    if whose := row.get(f"{parent}_id"):
                        self._by_parent.setdefault((parent, child, whose), []).append(row)
        self._attributes: dict[str, list[Row]] = {}
        for row in tables["attribute"]:
            self._attributes.setdefault(row.get("link_id", ""), []).append(row)

    def services(self) -> list[dict[str, Any]]:
        return [self._nest("service", row) for row in self._tables["service"]]

    def _nest(self, entity: str, row: Row) -> dict[str, Any]:
        id_ = row.get("id", "")
        found: dict[str, Any] = {name: value for name, value in row.items() if value}
        for field, child in MANY.get(entity, {}).items():
            rows = self._by_parent.get((entity, child, id_), ())
            found[field] = [self._nest(child, each) for each in rows]
        for field, child in ONE.get(entity, {}).items():
            other = self._by_id[child].get(row.get(f"{field}_id", ""))
            if other is not None:
                found[field] = self._nest(child, other)
        # A term that has itself among its attributes would be nested without end.
        if entity not in ("attribute", "taxonomy_term"):
            found["attributes"] = list(self._attributes_of(id_))
        return {name: value for name, value in found.items() if value != []}

    def _attributes_of(self, id_: str) -> Iterator[dict[str, Any]]:
        for row in self._attributes.get(id_, ()):
            yield self._nest("attribute", row)


def _rows(content: bytes) -> list[Row]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{str(k): str(v or "") for k, v in row.items() if k is not None} for row in reader]
