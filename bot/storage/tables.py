"""The tables. Nothing in them says who, what or where: addresses, texts and plans are sealed."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
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
    func,
    literal_column,
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
    Column("advocate_id", Uuid),
    Column("delivery", String(16), nullable=False),
    Column("body", LargeBinary),
    Column("platform_ids", LargeBinary),
    Column("mark", LargeBinary),
    Column("cover", Boolean, nullable=False, default=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("not_before", Instant),
    Column("created_at", Instant, nullable=False),
    Column("delete_at", Instant, nullable=False, index=True),
    Index(None, "conversation_id", "seq"),
    Index(None, "conversation_id", "delete_at"),
    Index(None, "handoff_id", "seq"),
    sqlite_autoincrement=True,
)
UNSENT = messages.c.delivery.in_([literal_column(f"'{each}'") for each in ("pending", "sending")])
"""The condition of an index, as are the two below. Their values are written out: a database that
is asked with parameters can't tell that the index has all that is asked for."""
Index(
    "ix_messages_unsent",
    messages.c.conversation_id,
    sqlite_where=UNSENT,
    postgresql_where=UNSENT,
)

channel_marks = Table(
    "channel_marks",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("mark", String(64), nullable=False),
)

paces = Table(
    "paces",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("level", Float, nullable=False),
    Column("filled_at", Instant, nullable=False),
    Column("held_until", Instant, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("ref", Uuid, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("state", SmallInteger, nullable=False, default=0),
    Column("owner", String(64), nullable=False, default=""),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("kind", "ref"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Instant, nullable=False),
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
    Index(None, "phase", "due_at"),
)
PLANNED = func.length(checkins.c.plan) > literal_column("0")
"""What was planned is not forgotten yet."""
Index("ix_checkins_planned", checkins.c.due_at, sqlite_where=PLANNED, postgresql_where=PLANNED)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_index", LargeBinary(32), nullable=False, unique=True),
    Column("guest_index", LargeBinary(32), index=True),
    Column("token_index", LargeBinary(32), unique=True),
    Column("for_owner", LargeBinary, nullable=False),
    Column("for_guest", LargeBinary, nullable=False),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("expires_at", HOUR, index=True),
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
    Column("louder", SmallInteger, nullable=False, default=0),
    Index(None, "conversation_id"),
)
ALERT_OPEN = alerts.c.acknowledged_at.is_(None) & alerts.c.all_clear_at.is_(None)
"""Nobody took it on, and nothing has settled it."""
Index("ix_alerts_open", alerts.c.raised_at, sqlite_where=ALERT_OPEN, postgresql_where=ALERT_OPEN)

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
    Column("offered_to", Uuid),
    Column("offered_until", Instant),
    Column("louder", SmallInteger, nullable=False, default=0),
    Index(None, "conversation_id"),
    Index(None, "state", "rank_at"),
)
Index(
    "uq_handoffs_open",
    handoffs.c.conversation_id,
    unique=True,
    sqlite_where=handoffs.c.state != "closed",
    postgresql_where=handoffs.c.state != "closed",
)

offers = Table(
    "offers",
    metadata,
    Column("handoff_id", Uuid, primary_key=True),
    Column("advocate_id", Uuid, primary_key=True),
    Column("until", Instant, nullable=False, index=True),
    Column("declined", Boolean, nullable=False),
)

staff_room = Table(
    "staff_room",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("calls", Integer, nullable=False, default=0),
    Column("answered", Integer, nullable=False, default=0),
    Column("shown", LargeBinary(32), nullable=False, default=b""),
    Column("shown_at", Instant),
    Column("notice", Uuid),
    Column("silent_until", Instant),
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
    Column("set_by", Uuid),
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
