"""Alert rules and dashboard ask for figures that there are, and lead to a page that helps."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.metrics.registry import Metrics
from bot.settings import ROOT

DEPLOY = ROOT / "deploy"
NAMES = Metrics().names
OTHERS = {"up", "process_resident_memory_bytes"}
"""Prometheus' own, and what its client tells of every process."""
WORD = re.compile(r"\b(?:sidelight|process|python)_\w+|\bup\b")


def rules() -> list[dict[str, Any]]:
    """Every alert."""
    found = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def expressions() -> list[tuple[str, str]]:
    """Every query of both files, with its place."""
    board = json.loads((DEPLOY / "grafana" / "sidelight.json").read_text("utf-8"))
    return [(rule["alert"], rule["expr"]) for rule in rules()] + [
        (panel["title"], target["expr"]) for panel in board["panels"] for target in panel["targets"]
    ]


@pytest.mark.parametrize(("place", "query"), expressions())
def test_every_figure_that_is_asked_for_exists(place: str, query: str) -> None:
    """A rule about a figure that nobody tells would be silent for ever."""
    named = set(WORD.findall(query))
    assert named, place
    assert named <= NAMES | OTHERS, place


def test_every_figure_is_used() -> None:
    """What no rule and no panel asks for needs no counting."""
    asked = {word for _, query in expressions() for word in WORD.findall(query)}
    families = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in NAMES}
    used = {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in asked}
    assert families <= used


@pytest.mark.parametrize("alert", ["CheckinLate", "DeletionLate", "QueueWithoutAdvocates"])
def test_what_may_cost_somebodys_safety_wakes_somebody(alert: str) -> None:
    """At any hour."""
    [rule] = [rule for rule in rules() if rule["alert"] == alert]
    assert rule["labels"]["severity"] == "page"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_every_alert_leads_to_what_to_do(rule: dict[str, Any]) -> None:
    """To a heading of a page of ours."""
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    assert anchor in {_anchor(heading) for heading in headings}
    assert rule["labels"]["severity"] in {"page", "morning"}
    assert rule["annotations"]["summary"]


def test_the_examples_are_whole() -> None:
    """Prometheus reads these rules, and each severity has somebody who is told."""
    prometheus = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    assert [Path(DEPLOY / "prometheus" / name).exists() for name in prometheus["rule_files"]]
    assert {job["job_name"] for job in prometheus["scrape_configs"]} == {"sidelight"}
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alertmanager.yml").read_text("utf-8"))
    receivers = {receiver["name"] for receiver in alerts["receivers"]}
    assert {alerts["route"]["receiver"], alerts["route"]["routes"][0]["receiver"]} <= receivers


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
