"""The console's own words: the texts ``console.*`` of the catalogue, one table a language."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from babel import Locale as BabelLocale

from bot.content.catalogue import Catalogue
from bot.content.errors import UnknownText
from bot.content.source import SOURCE_LOCALE
from bot.ids import Locale

FLOW: Final = "console"

_NAMES: Final = """
title title.count brand noscript skip signin.title signin.again signin.name signin.password
signin.totp signin.totp.hint signin.submit signin.wrong signin.wait.one signin.wait.other
signin.help join.title join.greeting join.lead join.loading join.invalid.title join.invalid
join.step.app join.app.hint join.app.open join.app.copy join.app.copied join.app.kind
join.step.password join.password.hint join.password.show join.password.hide join.step.code
join.submit join.error.code join.error.short join.error.long join.error.common
join.error.named
signin.passkey signin.recovery passkey.failed join.passkey join.passkey.hint recovery.title
recovery.lead recovery.copy recovery.kept lock.title lock.text lock.submit lock.passkey
lock.wrong menu.account menu.staff menu.rota account.title account.factors account.app
account.passkey account.passkey.add account.recovery.one account.recovery.other
account.recovery.new account.password account.password.new account.everywhere
account.everywhere.text account.proof account.wrong account.last form.continue form.save
form.saved form.remove form.wrong staff.title staff.list staff.invite staff.role
staff.role.advocate staff.role.supervisor staff.role.admin staff.languages staff.skills
staff.capacity staff.invited staff.disabled staff.disable staff.disable.text staff.enable
staff.reset staff.reset.text staff.link staff.link.copy staff.error.name staff.error.self
hours.title hours.none hours.zone hours.all hours.hint hours.own hours.holidays
hours.holidays.hint house.title house.usual house.idle_lock_after house.capacity
house.silence_after house.match_fallback_after house.block_ttl house.requests_an_hour rota.title
rota.lead rota.add rota.from rota.until rota.who rota.none rota.gaps rota.gap rota.gaps.none
rota.wrong audit.secured audit.invited audit.changed audit.disabled audit.enabled audit.reset
audit.set audit.shift audit.desk board.requeue board.duty.name desk.set_by
status.live status.connecting status.offline menu.shortcuts menu.signout
list.label list.alerts list.mine list.mine.empty list.waiting list.waiting.empty list.others
list.more list.handled list.handled.by list.handled.me list.others.with handoff.urgent
handoff.topic.none handoff.place handoff.waited handoff.waited.now handoff.claim
handoff.claim.name handoff.open.name handoff.unread.one handoff.unread.other handoff.draft
handoff.taken handoff.gone alert.reason.missed alert.reason.not_ok alert.reason.late
alert.reason.undelivered alert.reason.duress alert.reason.contact_lost
alert.reason.contact_silent alert.reason.other alert.clear louder
alert.acknowledge alert.acknowledge.name alert.taken alert.acknowledged
alert.acknowledged.nohandoff talk.empty.title talk.empty.waiting.one
talk.empty.waiting.other talk.empty.none talk.back talk.actions talk.release talk.transfer
talk.close talk.log talk.begin talk.vanished.one talk.vanished.other talk.them talk.me
talk.media talk.vanishes talk.held.title talk.held talk.others.one talk.others.other
talk.compose talk.compose.to talk.send talk.hint.enter talk.left.one talk.left.other
talk.toolong talk.retry talk.discard talk.new talk.ended.title talk.ended
talk.ended.left.title talk.lost.title talk.lost talk.passed.title talk.passed
talk.returned.title talk.returned talk.next delivery.queued delivery.pending
delivery.sending delivery.held delivery.sent delivery.failed delivery.unsent
delivery.received dialog.cancel dialog.close.title dialog.close.text dialog.close.confirm
dialog.release.title dialog.release.text dialog.release.confirm dialog.transfer.title
dialog.transfer.text dialog.transfer.confirm dialog.transfer.none dialog.transfer.here
dialog.transfer.away dialog.transfer.speaks dialog.signout.title dialog.signout.confirm
dialog.draft keys.title keys.next keys.previous keys.open keys.claim keys.write keys.send
keys.back keys.end keys.transfer keys.help keys.on keys.done live.waiting live.urgent
live.alert live.message live.claimed time.now error.generic error.forbidden error.offline
menu.hide menu.sound.on menu.sound.off menu.overview hide.text keys.hide keys.hand
keys.release hand.title hand.close hand.topic hand.risk hand.risk.none hand.purge
hand.purge.ttl hand.purge.last hand.longer hand.longer.asked hand.phrases
hand.phrases.hint hand.search hand.none hand.insert hand.services hand.country hand.need
hand.need.any hand.services.hint alert.note
alert.outcome alert.outcome.safe alert.outcome.help alert.outcome.unreached board.title
board.back board.longest board.here board.none board.who board.free board.away
board.reassign board.reassign.name board.reassign.text figures.title figures.days
figures.note figures.few figures.none figures.outcome figures.topic figures.language
figures.wait figures.wait.under figures.wait.over figures.csv audit.title audit.note
audit.intact audit.broken audit.when audit.who audit.what audit.which audit.claimed
audit.released audit.transferred audit.reassigned audit.closed audit.acknowledged audit.safe
audit.help audit.unreached audit.signed_in audit.signed_out audit.joined audit.read desk.title
desk.duty desk.on desk.break desk.finishing desk.holds desk.next desk.none desk.full desk.off
desk.set desk.capacity desk.capacity.hint desk.capacity.usual desk.skills desk.skills.hint
desk.save skill.sexual_violence skill.migration skill.children skill.lgbtq skill.disability
skill.men skill.legal skill.housing offer.title offer.left offer.accept offer.accept.name
offer.decline offer.decline.name asked.by asked.accept asked.accept.name live.offer live.asked
live.silent live.unanswered live.returned handoff.silent handoff.later handoff.helping
handoff.helped dialog.transfer.to dialog.transfer.skill dialog.transfer.full dialog.transfer.note
dialog.transfer.note.hint dialog.transfer.warm passing.to passing.skill passing.cancel talk.more
talk.reopen talk.reopen.name talk.reopen.gone talk.held.shows talk.note talk.note.by talk.colleague
talk.blocked.title talk.blocked talk.stepped.title talk.stepped list.ended more.title more.support
more.support.text more.support.end more.leave more.leave.text more.block more.block.text
dialog.support.title dialog.support.text dialog.support.confirm dialog.block.title dialog.block.text
dialog.block.confirm dialog.close.reason dialog.close.count reason.finished reason.referred
reason.no_reply reason.other keys.person keys.more audit.supported audit.reopened audit.blocked
"""

NAMES: Final = tuple(_NAMES.split())
"""What the pages say: each is the text ``console.<name>``."""

TEXTS: Final = frozenset(f"{FLOW}.{name}" for name in NAMES)
"""Every key that the console can say: the catalogue must have them all."""


class Words:
    """What the console says, in each enabled language."""

    def __init__(self, tables: Mapping[Locale, Mapping[str, str]]) -> None:
        self._tables = tables

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Words":
        """The words of `catalogue`."""
        return cls({locale: catalogue.templates(FLOW, locale) for locale in catalogue.locales})

    @cached_property
    def locales(self) -> tuple[Locale, ...]:
        """The console's languages."""
        return tuple(self._tables)

    def table(self, locale: Locale) -> Mapping[str, str]:
        """All words of `locale`, one of `locales`."""
        return self._tables[locale]

    def preferred(self, accept_language: str) -> Locale:
        """The first of the browser's languages that the console speaks, else English or the first.

        `accept_language` is the header of that name (RFC 9110 section 12.5.4).
        """
        wanted: list[tuple[float, str]] = []
        for part in accept_language.split(",")[:20]:
            tag, _, quality = part.partition(";q=")
            try:
                wanted.append((-float(quality or 1), tag.strip().lower()))
            except ValueError:
                continue
        for _, tag in sorted(wanted, key=lambda pair: pair[0]):
            for locale in self._tables:
                if tag == locale.lower() or tag.split("-")[0] == locale.split("-")[0].lower():
                    return locale
        return SOURCE_LOCALE if SOURCE_LOCALE in self._tables else self.locales[0]


def direction(locale: Locale) -> str:
    """``rtl`` or ``ltr``: which way the language is written (Unicode CLDR)."""
    return BabelLocale.parse(locale, sep="-").text_direction


def topic_label(catalogue: Catalogue, topic: str, locale: Locale) -> str:
    """The words of a shared topic, in `locale` where the catalogue has them; empty for none."""
    if not topic:
        return ""
    for tried in (locale, *catalogue.locales[:1]):
        try:
            return catalogue.label(f"intent:{topic}", tried)
        except UnknownText:
            continue
    return topic.replace("_", " ")
