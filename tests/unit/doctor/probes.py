"""An installation on which all is well, to be spoilt one thing at a time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.doctor.models import (
    Asked,
    DatabaseFacts,
    DirectoryFacts,
    FileFacts,
    KeyFacts,
    MachineFacts,
    ModelFacts,
    TelegramFacts,
    TextFacts,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKED = Asked(
    public_url="https://chat.example.org",
    demo=False,
    locales=("en", "es"),
    key_epoch=timedelta(hours=6),
    staff_chat=True,
)


@dataclass
class FakeProbes:
    """Keeps the contract of `Probes` without a machine; what is an error is raised."""

    file_facts: list[FileFacts] = field(default_factory=lambda: [FileFacts("/data", 0o700)])
    key_facts: KeyFacts = field(
        default_factory=lambda: KeyFacts(
            FileFacts("/data/ring", 0o600), epoch_since=NOW - timedelta(hours=1)
        )
    )
    database_facts: DatabaseFacts | Exception = field(
        default_factory=lambda: DatabaseFacts(
            now=NOW,
            roles={"advocate": 3, "supervisor": 1},
            unstaffed=(),
            backed_up_at=NOW - timedelta(days=2),
        )
    )
    model_facts: ModelFacts = field(
        default_factory=lambda: ModelFacts(elsewhere=False, trained_at=NOW - timedelta(days=1))
    )
    text_facts: TextFacts = field(default_factory=TextFacts)
    directory_facts: DirectoryFacts = field(default_factory=lambda: DirectoryFacts(9, 0, 0))
    place_facts: bool = True
    telegram_facts: TelegramFacts | None = field(default_factory=TelegramFacts)
    machine_facts: MachineFacts = field(
        default_factory=lambda: MachineFacts(NOW, swap=False, synchronised=True, free_bytes=10**11)
    )

    async def files(self) -> list[FileFacts]:
        return self.file_facts

    async def keys(self) -> KeyFacts:
        return self.key_facts

    async def database(self) -> DatabaseFacts:
        if isinstance(self.database_facts, Exception):
            raise self.database_facts
        return self.database_facts

    async def model(self) -> ModelFacts:
        return self.model_facts

    async def texts(self) -> TextFacts:
        return self.text_facts

    async def directory(self) -> DirectoryFacts:
        return self.directory_facts

    async def places(self) -> bool:
        return self.place_facts

    async def telegram(self) -> TelegramFacts | None:
        return self.telegram_facts

    async def machine(self) -> MachineFacts:
        return self.machine_facts
