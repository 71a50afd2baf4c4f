"""The tables. Nothing in them says who, what or where: addresses, texts and plans are sealed."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant as whole microseconds since 1970: ordered alike on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Coarse(Instant):
    """An instant cut down to a whole number of `unit`: all that anybody needs to know of it."""

    cache_ok = True

    def __init__(self, unit: timedelta) -> None:
        super().__init__()
        self.unit = unit

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return super().process_bind_param(value and value - (value - _EPOCH) % self.unit, dialect)


HOUR = Coarse(timedelta(hours=1))
MINUTE = Coarse(timedelta(minutes=1))

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Sequence = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives numbers of its own only to a column of type INTEGER."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("address_index", LargeBinary(32), nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("key_epoch", Integer, nullable=False),
    Column("key_wrapped", LargeBinary, nullable=False),
    Column("created_at", HOUR, nullable=False),
    Column("message_ttl", Integer, nullable=False),
    Column("last_inbound_at", Instant),
    Column("version", Integer, nullable=False, default=0),
    Column("nudged", Boolean, nullable=False, default=False),
    Column("unreachable", Boolean, nullable=False, default=False),
    UniqueConstraint("channel", "address_index"),
    Index(None, "key_epoch"),
)


def _of_conversation() -> Column[object]:
    return Column("conversation_id", Uuid, ForeignKey("conversations.id"), nullable=False)


seen_updates = Table(
    "seen_updates",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("key", LargeBinary(32), primary_key=True),
    Column("seen_at", HOUR, nullable=False, index=True),
)

inbox = Table(
    "inbox",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    _of_conversation(),
    Column("kind", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "conversation_id", "seq"),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    _of_conversation(),
    Column("handoff_id", Uuid),
    Column("author", String(16), nullable=False),
    Column("delivery", String(16), nullable=False),
    Column("body", LargeBinary),
    Column("platform_ids", LargeBinary),
    Column("mark", LargeBinary),
    Column("cover", Boolean, nullable=False, default=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("not_before", Instant),
    Column("created_at", Instant, nullable=False),
    Column("delete_at", Instant, nullable=False),
    Index(None, "conversation_id", "seq"),
    Index(None, "conversation_id", "delete_at"),
    Index(None, "handoff_id", "seq"),
    sqlite_autoincrement=True,
)
Index(
    "ix_messages_unsent",
    messages.c.conversation_id,
    sqlite_where=messages.c.delivery.in_(["pending", "sending"]),
    postgresql_where=messages.c.delivery.in_(["pending", "sending"]),
)

channel_marks = Table(
    "channel_marks",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("mark", String(64), nullable=False),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("ref", Uuid, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", SmallInteger, nullable=False, default=0),
    Column("owner", String(64), nullable=False, default=""),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("kind", "ref"),
)
Index(
    "ix_timers_due",
    timers.c.due_at,
    sqlite_where=timers.c.state == 0,
    postgresql_where=timers.c.state == 0,
)

checkins = Table(
    "checkins",
    metadata,
    Column("id", Uuid, primary_key=True),
    _of_conversation(),
    Column("phase", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("plan", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("asked_at", Instant),
    Index(None, "conversation_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("checkin_id", Uuid, ForeignKey("checkins.id"), nullable=False, unique=True),
    _of_conversation(),
    Column("reason", String(16), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("acknowledged_by", Uuid),
    Column("acknowledged_at", MINUTE),
    Column("all_clear_at", MINUTE),
    Index(None, "conversation_id"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Uuid, primary_key=True),
    _of_conversation(),
    Column("state", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("topic", LargeBinary),
    Column("pseudonym", String(64), nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("advocate_id", Uuid),
    Column("claimed_at", MINUTE),
    Column("lease_until", Instant),
    Column("closed_at", MINUTE),
    Column("rank_at", Instant, nullable=False),
    Column("ready_at", Instant, nullable=False),
    Column("skill", LargeBinary),
    Column("passing", Boolean, nullable=False, default=False),
    Column("passing_to", Uuid),
    Column("support_id", Uuid),
    Column("unanswered_since", Instant),
    Column("told_place", Integer, nullable=False, default=0),
    Column("close_reason", String(16), nullable=False, default=""),
    Index(None, "state", "rank_at"),
)
Index(
    "uq_handoffs_open",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=handoffs.c.state != "closed",
    postgresql_where=handoffs.c.state != "closed",
)

presence = Table(
    "presence",
    metadata,
    Column("advocate_id", Uuid, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

desks = Table(
    "desks",
    metadata,
    Column("advocate_id", Uuid, primary_key=True),
    Column("duty", String(16), nullable=False, default="on"),
    Column("skills", String(255), nullable=False, default=""),
    Column("capacity", SmallInteger),
)

blocks = Table(
    "blocks",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address_index", LargeBinary(32), primary_key=True),
    Column("blocked_by", Uuid, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

tallies = Table(
    "tallies",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", _Sequence, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(36), nullable=False),
    Column("created_at", MINUTE, nullable=False, index=True),
    sqlite_autoincrement=True,
)
