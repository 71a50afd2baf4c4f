"""The containers: what `docker-compose.yml` and the images promise holds, as far as files tell."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT, SECRETS, Settings
from tests.deploy.dockerfile import context, copies, ignored, read

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IMAGES = sorted((ROOT / "deploy/images").glob("*.Dockerfile"))
LASTING = [name for name in SERVICES if name != "prepare"]


def environment(service: str) -> dict[str, str]:
    """As the container has it."""
    return {name: str(value) for name, value in SERVICES[service].get("environment", {}).items()}


def named(kind: str, service: str) -> set[str]:
    """The names of the `kind` (networks, volumes, secrets) that a service has."""
    found = SERVICES[service].get(kind, [])
    return {str(one).partition(":")[0] for one in found}


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_has_rights(name: str) -> None:
    """Not root, nothing writable but what is named, no capability, no way to gain one, no swap."""
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["ulimits"] == {"core": 0}
    assert service["pids_limit"] > 0
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    for more in ("cap_add", "privileged", "devices", "pid", "ipc", "userns_mode", "volumes_from"):
        assert more not in service
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", LASTING)
def test_each_that_lasts_tells_whether_it_is_well(name: str) -> None:
    """And comes back when it ends."""
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_proxy_is_reached_from_outside(name: str) -> None:
    """All others have no port of the machine."""
    assert ("ports" in SERVICES[name]) == (name == "proxy")


def test_who_reaches_whom() -> None:
    """The model and the console have no way out, the database and the preparation no network."""
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert inside == {"pages", "understanding"}
    assert named("networks", "nlu") == {"understanding"}
    assert named("networks", "console") == {"pages"}
    assert named("networks", "proxy") == {"public", "pages"}
    for name in ("database", "prepare"):
        assert SERVICES[name]["network_mode"] == "none"
        assert "networks" not in SERVICES[name]
    # Nothing but the proxy shares a network with the way in.
    assert [n for n in SERVICES if "public" in named("networks", n)] == ["proxy"]
    for name in SERVICES:
        assert SERVICES[name].get("network_mode", "none") == "none"
        assert named("networks", name) <= COMPOSE["networks"].keys()


def test_the_key_ring_lies_apart() -> None:
    """On a volume of its own, which neither database nor model nor proxy sees."""
    holders = {name for name in SERVICES if "keys" in named("volumes", name)}
    assert holders == {"chat", "console", "worker", "prepare"}
    assert "database" not in {v for name in holders for v in named("volumes", name)}
    assert named("volumes", "nlu") == set()


def test_secrets_are_files() -> None:
    """Each comes to those alone that need it, and no environment holds one."""
    for name in SERVICES:
        for setting, value in environment(name).items():
            secret = setting.removeprefix("BOT_").lower() in SECRETS
            assert not secret, f"{name}: {setting}"
            if value.startswith("/run/secrets/"):
                assert setting.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in named("secrets", name)
    assert named("secrets", "nlu") == {"nlu_token"}
    assert named("secrets", "database") == {"database_password"}
    assert named("secrets", "proxy") == set()
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("deploy/secrets/")


def test_settings_exist() -> None:
    """What the containers are told, and `.env.example` offers, are settings that there are."""
    offered = re.findall(r"^(BOT_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    for name in ("chat", "console", "worker", "prepare"):
        for setting in {*environment(name), *offered}:
            assert setting.removeprefix("BOT_").lower() in Settings.model_fields


def test_the_roles_are_all_there() -> None:
    """Chat, console and worker are served, each where its neighbours look for it."""
    told = {SERVICES[name]["command"][-1] for name in ("chat", "console", "worker")}
    assert told == {"chat", "console", "worker"}
    proxy = environment("proxy")
    for name in ("chat", "console"):
        assert proxy[name.upper()] == f"{name}:{environment(name)['BOT_PORT']}"
    for name in ("chat", "console", "worker"):
        asked = SERVICES[name]["healthcheck"]["test"][-1]
        assert asked == f"http://127.0.0.1:{environment(name)['BOT_PORT']}/readyz"
        grace = SERVICES[name]["stop_grace_period"]
        assert int(grace.removesuffix("s")) >= 20


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_images(path: Path) -> None:
    """Built from what is in the repository, pinned by hash, run by a user without rights."""
    stages = read(path)
    known = {stage.name for stage in stages if stage.name}
    files = context(ROOT)
    for stage in stages:
        assert stage.base in {*known, *_BASES}
        workdir = "/"
        for step in stage.steps:
            if step.kind == "WORKDIR":
                workdir = step.rest
            if step.kind == "COPY" and "from" in step.flags:
                assert step.flags["from"] in known
            elif step.kind == "COPY":
                copies(step, files, workdir)
            for install in re.findall(r"pip install [^&]*", step.rest):
                assert "--require-hashes" in install or "--no-deps" in install
            assert not re.search(r"curl|wget http|apt-get|\bsudo\b|chmod 777", step.rest)
    final = stages[-1]
    user = final.last("USER")
    assert user is not None
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user.rest)
    users = {SERVICES[name]["user"] for name in SERVICES if _dockerfile(name) == path}
    assert users == {user.rest}
    assert final.last("CMD") is not None
    assert final.last("HEALTHCHECK") is not None


_BASES = {"python:3.11-slim-bookworm", "python:3.10-slim-bookworm", "caddy:2-alpine"}


def _dockerfile(service: str) -> Path | None:
    build = SERVICES[service].get("build")
    return ROOT / build["dockerfile"] if build else None


def test_images_hold_nothing_private() -> None:
    """No secret, no setting, no data and no test comes into a build's context."""
    names = [path.as_posix() for path in context(ROOT)]
    assert "bot/settings.py" in names
    assert "nlu/server.py" in names
    for name in names:
        assert not name.startswith((".env", ".git", "tests/", "docs/", "data/", "deploy/secrets"))
        assert not name.startswith(("nlu/.venv", "nlu/models", "nlu/tests"))


@pytest.mark.parametrize(
    "name",
    [
        *(".env", "data/keyring.json", "deploy/secrets/nlu_token", ".git/config"),
        *("nlu/models/any.tar.gz", "nlu/.venv/bin/python", "bot/__pycache__/cli.pyc"),
    ],
)
def test_what_lies_in_a_used_folder_stays_out(name: str) -> None:
    """Keys and secrets above all; and what would only make an image larger, or another one."""
    assert ignored(ROOT, name)


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The folder is this user's alone, what is there stays, and none is in the repository."""
    (tmp_path / "secrets").mkdir(mode=0o755)
    script = tmp_path / "make-secrets"
    script.write_bytes((ROOT / "deploy/make-secrets").read_bytes())
    found = []
    for _ in range(2):
        subprocess.run(["sh", script], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        folder = tmp_path / "secrets"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        found.append({path.name: path.read_text() for path in folder.iterdir()})
    assert found[0] == found[1]
    assert set(found[0]) == {Path(s["file"]).name for s in COMPOSE["secrets"].values()}
    assert len(found[0]["nlu_token"]) > 30
    assert found[0]["telegram_token"] == ""
    tracked = subprocess.run(
        ["git", "ls-files", "deploy/secrets"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert tracked.stdout.split() == ["deploy/secrets/.gitignore"]
