"""The checks of what is reached over a connection: the database, its accounts, Telegram."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.doctor.checks import files
from bot.doctor.models import Asked, DatabaseFacts, Outcome, TelegramFacts

MOST_APART: Final = timedelta(seconds=5)
"""Between the machine's clock and the database's: timers go by the latter."""

SAFE: Final = ("fsync", "synchronous_commit", "full_page_writes")
"""PostgreSQL's settings that must not be off: a crash would lose what was accepted."""

QUIET: Final = {"log_statement": "none", "log_min_duration_statement": "-1"}
"""PostgreSQL's settings that keep statements, and so conversations' ids, out of its log."""


def database(found: DatabaseFacts, now: datetime) -> Iterator[Outcome]:
    """It answers, has today's schema, loses nothing and tells its log nothing."""
    if found.fault:
        mend = "see that it runs and that BOT_DATABASE_URL is right"
        yield Outcome.fail("database", found.fault, mend)
        return
    if found.schema_fault:
        yield Outcome.fail("database", found.schema_fault, "run `sidelight db upgrade`")
    else:
        yield Outcome.ok("database", "it answers, with the newest schema")
    if found.file is not None and found.file.mode is not None:
        yield from (o for o in files([found.file]) if o.mend)
    for name in SAFE:
        if found.settings.get(name, "on") == "off":
            mend = f"set {name} = on in postgresql.conf"
            yield Outcome.fail("database", f"{name} is off: a crash loses messages", mend)
    for name, quiet in QUIET.items():
        if found.settings.get(name, quiet) != quiet:
            mend = f"set {name} = {quiet} in postgresql.conf"
            yield Outcome.warn("database", f"{name} puts statements into its log", mend)
    if found.settings.get("archive_mode", "off") != "off":
        mend = "keep archives no longer than a few key epochs; the key ring belongs in none"
        yield Outcome.warn("database", "its write-ahead log is archived", mend)
    if found.settings.get("server_encoding", "UTF8") != "UTF8":
        mend = "make the database anew: createdb --encoding UTF8 --template template0"
        yield Outcome.fail("database", "it cannot hold every script: not UTF8", mend)
    if found.remote and found.settings.get("ssl", "on") == "off":
        mend = "set ssl = on in postgresql.conf, with a certificate"
        yield Outcome.fail("database", "it is reached over the network without TLS", mend)
    if found.now is not None and abs(found.now - now) > MOST_APART:
        mend = "keep both clocks right by NTP"
        yield Outcome.fail("clock", "the database's clock is not this machine's", mend)


def staff(found: DatabaseFacts, asked: Asked) -> Iterator[Outcome]:
    """Somebody can answer people, and somebody looks after them."""
    if found.fault or found.schema_fault:
        return
    invite = 'invite somebody: `sidelight advocate add "NAME"'
    if not sum(found.roles.values()):
        yield Outcome.fail("staff", "nobody can sign in to the console", f"{invite}`")
    elif not found.roles.get("supervisor", 0) + found.roles.get("admin", 0):
        mend = f"{invite} --role supervisor`"
        yield Outcome.warn("staff", "there is no supervisor", mend)
    else:
        yield Outcome.ok("staff", f"{sum(found.roles.values())} accounts can sign in")
    if not asked.staff_chat:
        mend = "set BOT_STAFF_CHAT_ID to the staff's own chat"
        yield Outcome.warn("staff", "alerts reach only who has the console open", mend)


def telegram(found: TelegramFacts | None) -> Iterator[Outcome]:
    """The token is good, updates come in, and the account gives nothing away."""
    if found is None:
        mend = "set BOT_TELEGRAM_TOKEN, if people shall reach it there"
        yield Outcome.warn("telegram", "there is no token: the web chat alone is served", mend)
        return
    if found.fault:
        mend = "set BOT_TELEGRAM_TOKEN to the token that @BotFather shows, or try again later"
        yield Outcome.fail("telegram", found.fault, mend)
        return
    yield Outcome.ok("telegram", "the token is good")
    if found.webhook != found.webhook_wanted:
        other = "another webhook than BOT_PUBLIC_URL's is set" if found.webhook else "no webhook"
        mend = "`sidelight serve` sets or removes it; see that no other program has the token"
        yield Outcome.warn("telegram", f"{other} at Telegram", mend)
    if found.in_staff_chat:
        yield Outcome.ok("telegram", "the bot is in the staff's chat")
    elif found.in_staff_chat is not None:
        mend = "add the bot to the group whose number BOT_STAFF_CHAT_ID is, or mend the number"
        yield Outcome.fail(
            "telegram", "the bot is not in the staff's chat: it reaches nobody", mend
        )
    if found.waiting > WAITING:
        mend = "see that `sidelight serve` runs with the role chat"
        yield Outcome.fail("telegram", f"{found.waiting} updates wait to be fetched", mend)
    if found.differences:
        mend = "`sidelight telegram set-profile`"
        said = f"the public profile differs: {', '.join(found.differences)}"
        yield Outcome.fail("telegram", said, mend)
    else:
        yield Outcome.ok("telegram", "the public profile is neutral")
    for mend in found.switched_on:
        said, _, how = mend.partition(": ")
        yield Outcome.fail("telegram", said, how)


WAITING: Final = 100
"""Updates at Telegram beyond which nobody seems to fetch them."""
