"""What is known of a person in the queue, opened for the console: it lies nowhere in the clear."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.checkins.models import Alert, Checkin, Phase
from bot.checkins.plan import load_plan
from bot.conversation.codec import load_state
from bot.conversation.models import Conversation
from bot.conversation.sealing import Envelope
from bot.conversation.storage import UnitOfWork
from bot.handoff.desks import wanted_skill
from bot.handoff.models import Handoff
from bot.ids import ConversationId, Locale
from bot.vault.vault import Vault


def topic_of(envelope: Envelope, handoff: Handoff) -> str:
    """The topic that the person agreed to share; empty for none."""
    if handoff.sealed_topic is None:
        return ""
    return envelope.open(handoff.sealed_topic, "handoffs.topic", handoff.id)


def note_of(envelope: Envelope, checkin: Checkin | None) -> str:
    """What the person wanted the advocates to know; only an escalated check-in gives it away."""
    if checkin is None or checkin.phase is not Phase.ESCALATED or not checkin.plan:
        return ""
    return load_plan(envelope.open(checkin.plan, "checkins.plan", checkin.id)).note


def skill_of(envelope: Envelope, handoff: Handoff) -> str:
    """What an advocate should bring: as an advocate said, else as the shared topic asks for."""
    if handoff.sealed_skill is None:
        return wanted_skill(topic_of(envelope, handoff))
    return envelope.open(handoff.sealed_skill, "handoffs.skill", handoff.id)


class Reader:
    """Opens what handoffs and alerts need of their conversations."""

    def __init__(self, vault: Vault, locales: Sequence[Locale]) -> None:
        self._vault = vault
        self._locales = locales

    async def handoffs(self, unit: UnitOfWork, found: Collection[Handoff]) -> tuple[Handoff, ...]:
        """The handoffs with the person's language and topic."""
        theirs = await self._conversations(unit, (handoff.conversation_id for handoff in found))
        opened = []
        for handoff in found:
            conversation, envelope = theirs[handoff.conversation_id]
            locale, topic = self._locale(conversation, envelope), topic_of(envelope, handoff)
            skill = skill_of(envelope, handoff)
            opened.append(replace(handoff, locale=locale, topic=topic, skill=skill))
        return tuple(opened)

    async def alerts(self, unit: UnitOfWork, found: Collection[Alert]) -> tuple[Alert, ...]:
        """The alerts with the person's language, and the note that they left for this case."""
        theirs = await self._conversations(unit, (alert.conversation_id for alert in found))
        opened = []
        for alert in found:
            conversation, envelope = theirs[alert.conversation_id]
            note = note_of(envelope, await unit.checkins.get(alert.checkin_id))
            opened.append(replace(alert, locale=self._locale(conversation, envelope), note=note))
        return tuple(opened)

    async def locales(
        self, unit: UnitOfWork, ids: Iterable[ConversationId]
    ) -> Mapping[ConversationId, Locale]:
        """The languages of people."""
        theirs = await self._conversations(unit, ids)
        return {id_: self._locale(*both) for id_, both in theirs.items()}

    async def _conversations(
        self, unit: UnitOfWork, ids: Iterable[ConversationId]
    ) -> Mapping[ConversationId, tuple[Conversation, Envelope]]:
        wanted = set(ids)
        if len(wanted) == 1:  # the usual case, and asked quicker
            one = await unit.conversations.get(wanted.pop())
            found = {one.id: one} if one is not None else {}
        else:
            found = dict(await unit.conversations.some(wanted)) if wanted else {}
        return {id_: (each, Envelope.of(self._vault, each)) for id_, each in found.items()}

    def _locale(self, conversation: Conversation, envelope: Envelope) -> Locale:
        opened = envelope.open(conversation.state, "conversations.state")
        return load_state(opened, self._locales).locale
