"""Builds our images without a container engine, in clean roots, and runs what compose would run.

`python -m tests.deploy images`: each Dockerfile's steps are carried out in a copy of Debian's
smallest system with Python in /usr/local, which is what the official images are; then the services
start as docker-compose.yml says (user, command, settings, secrets, health), with a read-only root,
without capabilities, and with nothing but loopback for a network. The proxy's image is Alpine and
cannot be had so: its Caddyfile is tried with Debian's Caddy by `python -m tests.deploy guide`.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from tests.deploy.dockerfile import Stage, Step, context, copies, lay, read
from tests.deploy.roots import LIBRARIES, Confined, Root, StepFailed, end, lay_python, loopback
from tests.postgres import _programs

PATIENCE = 240.0
"""Seconds for a service to become healthy on a busy machine."""


@dataclass(slots=True)
class Image:
    """What a stage came to."""

    root: Root
    env: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"


class Builder:
    """Carries Dockerfiles out below `work`, with Python from `pythons` by base image."""

    def __init__(self, work: Path, pythons: Mapping[str, Path], model: Path | None) -> None:
        self._work = work
        self._pythons = pythons
        self._model = model
        self._files = context(ROOT)

    def build(self, dockerfile: Path) -> Image:
        """Its last stage. Raises StepFailed with the step that failed."""
        made: dict[str, Image] = {}
        name = dockerfile.name.partition(".")[0]
        for number, stage in enumerate(read(dockerfile)):
            image = Image(self._base(stage, made).copy(self._work / f"{name}-{number}"))
            for step in stage.steps:
                began = time.monotonic()
                try:
                    self._carry_out(step, image, made)
                except (StepFailed, ValueError) as error:
                    raise StepFailed(f"{name}: {step.kind} {step.rest}\n{error}") from None
                if (took := time.monotonic() - began) > 1:
                    print(f"  {name} {took:5.0f} s  {step.kind} {step.rest[:70]}", flush=True)
            made[stage.name or str(number)] = image
        return image

    def _base(self, stage: Stage, made: Mapping[str, Image]) -> Root:
        if stage.base in made:
            return made[stage.base].root
        debian = Root.debian(self._work / "debian", LIBRARIES)
        path = self._work / stage.base.replace(":", "-")
        if not (path / "usr/local/bin/python").exists():
            lay_python(debian.copy(path), self._pythons[stage.base])
        return Root(path)

    def _carry_out(self, step: Step, image: Image, made: Mapping[str, Image]) -> None:
        match step.kind:
            case "ENV":
                for one in _pairs(step.rest):
                    name, _, value = one.partition("=")
                    old = image.env.get(name, _PATH if name == "PATH" else "")
                    image.env[name] = value.replace(f"${name}", old)
            case "WORKDIR":
                image.workdir = step.rest
                (image.root.path / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "RUN":
                if "train.py" in step.rest and self._model is not None:
                    _lay_model(self._model, image)
                image.root.run(step.rest, image.env, image.workdir)
            case "COPY" if "from" in step.flags:
                source, target = step.words
                there = made[step.flags["from"]].root.path / source.lstrip("/")
                place = image.root.path / target.lstrip("/")
                shutil.rmtree(place, ignore_errors=True)
                place.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "--archive", str(there), str(place)], check=True)
            case "COPY":
                lay(copies(step, self._files, image.workdir), ROOT, image.root.path)


_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"


def _pairs(rest: str) -> list[str]:
    return rest.split()


def _lay_model(model: Path, image: Image) -> None:
    """A model that was trained before, from these very files: training takes minutes."""
    folder = image.root.path / image.workdir.lstrip("/") / "models"
    folder.mkdir(exist_ok=True)
    shutil.copy(model, folder / model.name)


class House:
    """The services of docker-compose.yml, started by hand."""

    def __init__(self, work: Path, images: Mapping[str, Image]) -> None:
        compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
        self._services: dict[str, dict[str, Any]] = compose["services"]
        self._images = images
        self._folder = work / "house"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        self._network = loopback()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """The volumes as Docker makes them: with the owner that the image's folder has."""
        secrets = self._folder / "secrets"
        secrets.mkdir()
        for name in ("database_password", "nlu_token", "telegram_token"):
            (secrets / name).write_text("" if name == "telegram_token" else f"word-of-{name}\n")
        for name, owner in (("keys", 10001), ("socket", 0), ("overlay", 0)):
            (self._folder / name).mkdir()
            os.chown(self._folder / name, owner, owner)
        for image in {id(image): image for image in self._images.values()}.values():
            hosts = "127.0.0.1 localhost nlu chat console\n"
            (image.root.path / "etc/hosts").write_text(hosts)
            (image.root.path / "run/secrets").mkdir(parents=True, exist_ok=True)

    @contextmanager
    def database(self) -> Iterator[None]:
        """This machine's PostgreSQL, at a socket alone and with compose's settings."""
        data, socket = self._folder / "data", self._folder / "socket"
        socket.chmod(0o777)
        data.mkdir()
        for path in (self._folder, data):
            shutil.chown(path, "postgres", "postgres")
        programs = _programs()
        drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        password = self._folder / "secrets/database_password"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "sidelight", "--no-sync"]
        initdb += [f"--pwfile={password}", "--auth-local=scram-sha-256", "--encoding=UTF8"]
        initdb += ["--locale=C.UTF-8", "--auth-host=reject"]
        subprocess.run([*drop, *initdb], check=True, capture_output=True, cwd="/")
        told = self._services["database"]["command"][1:]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(socket), *told]
        log = (self._folder / "database.log").open("ab")
        server = subprocess.Popen([*drop, *command], stdout=log, stderr=log, cwd="/")
        try:
            environment = {**os.environ, "PGPASSWORD": password.read_text().strip()}
            ask = ["psql", "-h", str(socket), "-U", "sidelight", "-c"]
            for _ in range(100):
                made = subprocess.run(
                    [*ask, "CREATE DATABASE sidelight", "postgres"],
                    env=environment,
                    capture_output=True,
                )
                if made.returncode == 0:
                    break
                time.sleep(0.2)
            yield
        finally:
            server.terminate()
            server.wait(30)

    def once(self, name: str, command: list[str] | None = None, text: str = "") -> str:
        """Run a service's command, or another in its container, to its end; what it printed."""
        image, service = self._images[name], self._services[name]
        done = image.root.ask(
            command or service["command"],
            self._environment(name),
            image.workdir,
            self._confined(name),
        )
        printed = done.stdout.decode() + done.stderr.decode()
        if done.returncode != 0:
            raise StepFailed(f"{name}: {command or service['command']}\n{printed[-2000:]}")
        return printed

    def start(self, *names: str) -> None:
        """Start services, and wait until their own health checks say that they are well."""
        for name in names:
            image = self._images[name]
            command = self._services[name].get("command") or _command(name)
            self._running[name] = image.root.start(
                command,
                self._environment(name),
                image.workdir,
                self._confined(name),
                self._folder / f"{name}.log",
            )
        for name in names:
            began = time.monotonic()
            while not self._well(name):
                log = (self._folder / f"{name}.log").read_text()[-2000:]
                if self._running[name].poll() is not None:
                    raise StepFailed(f"{name} ended\n{log}")
                if time.monotonic() - began > PATIENCE:
                    raise StepFailed(f"{name} did not become healthy\n{log}")
                time.sleep(0.5)
            print(f"  {name}: healthy", flush=True)

    def stop(self) -> dict[str, int]:
        """End all as `docker compose stop` does; their exit codes."""
        codes = {name: end(process) for name, process in self._running.items()}
        self._running.clear()
        return codes

    def close(self) -> None:
        """Leave nothing behind."""
        self.stop()
        self._network.terminate()
        self._network.wait()

    def _well(self, name: str) -> bool:
        test = self._services[name]["healthcheck"]["test"][1:]
        image = self._images[name]
        asked = image.root.ask(test, self._environment(name), image.workdir, self._confined(name))
        return asked.returncode == 0

    def _environment(self, name: str) -> dict[str, str]:
        given = self._services[name].get("environment", {})
        told = {key: _filled(str(value)) for key, value in given.items()}
        offered = dict(
            line.split("=", 1)
            for line in (ROOT / ".env.example").read_text().splitlines()
            if "=" in line and not line.startswith("#")
        )
        return {**self._images[name].env, **(offered if name != "nlu" else {}), **told}

    def _confined(self, name: str) -> Confined:
        service = self._services[name]
        binds = {"/run/secrets": self._folder / "secrets"}
        for volume in service.get("volumes", []):
            source, place = volume.split(":")[:2]
            kept = {"keys": "keys", "database-socket": "socket"}.get(source, "overlay")
            binds[place] = self._folder / kept
        return Confined(service["user"], service["tmpfs"], binds, self._network.pid)


def _filled(value: str) -> str:
    return "https://help.example.org" if value.startswith("https://${DOMAIN") else value


def _command(name: str) -> list[str]:
    """What the image starts where compose names nothing."""
    step = read(ROOT / f"deploy/images/{name}.Dockerfile")[-1].last("CMD")
    assert step is not None
    return step.words


def sizes(images: Mapping[str, Image]) -> dict[str, int]:
    """MB of each image above the official one that it is built on."""
    return {
        name: int(
            subprocess.run(
                ["du", "-sm", str(image.root.path / "opt")], capture_output=True, check=True
            ).stdout.split()[0]
        )
        for name, image in images.items()
    }


def check(work: Path, pythons: Mapping[str, Path], model: Path | None) -> None:
    """All of it. Raises StepFailed."""
    builder = Builder(work, pythons, model)
    bot = builder.build(ROOT / "deploy/images/bot.Dockerfile")
    nlu = builder.build(ROOT / "deploy/images/nlu.Dockerfile")
    images = dict.fromkeys(("prepare", "chat", "console", "worker"), bot) | {"nlu": nlu}
    for name, megabytes in sizes({"bot": bot, "nlu": nlu}).items():
        print(f"  {name}: {megabytes} MB above its base")
    house = House(work, images)
    try:
        house.prepare()
        with house.database():
            print("  " + house.once("prepare").strip().replace("\n", "; "))
            print("  " + house.once("prepare").strip().replace("\n", "; "))
            house.start("nlu")
            house.start("chat", "console", "worker")
            for name, place in (("chat", "8080/"), ("console", "8081/console")):
                house.once(name, ["python", "healthy.py", f"http://127.0.0.1:{place}"])
                print(f"  {name}: its page is there")
            link = house.once("console", ["sidelight", "advocate", "add", "Ada"])
            assert "https://help.example.org/console/join#" in link, link
            status = house.once("worker", ["sidelight", "db", "check"])
            print(f"  {status.strip()}")
            for name, code in house.stop().items():
                print(f"  {name}: ended with {code}")
                if code != 0:
                    raise StepFailed(f"{name} ended with {code}")
    finally:
        house.close()
