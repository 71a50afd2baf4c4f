"""The staff's own chat: that somebody waits, and where to look; never who it is, or what about.

The chat is a conversation as others are: what is said in it are rows, sealed, sent in order, once,
and deleted again. Nobody in it is a survivor, so no turn is ever taken in it.
"""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from bot.clock import Clock
from bot.content.catalogue import Catalogue, Rendered
from bot.conversation import room_words, timers
from bot.conversation.accepting import address_index
from bot.conversation.codec import dump_rendered, dump_state
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.models import Conversation
from bot.conversation.opening import Reader
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.summoning import THE_ROOM
from bot.conversation.turns import schedule_vanishing
from bot.dialogue.state import DialogueState
from bot.handoff.desks import Duty
from bot.handoff.models import URGENT, HandoffState
from bot.history.models import Author, Delivery, Message
from bot.ids import Address, ChannelName, ConversationId, MessageId
from bot.scheduling.models import Timer
from bot.scheduling.worker import Handler
from bot.settings import Settings
from bot.staff.commands import Command, Question, Silence, read
from bot.staff.room import PACE, Board, Room, renewal
from bot.staff.service import StaffService
from bot.vault.vault import Vault

STAFF_CHAT = ChannelName("staff")

COUNTED = 100
"""People of whom the notice counts the languages; more than that are no news."""

KEPT_FOR = timedelta(hours=12)
"""What stands in the chat goes after that, whatever it says."""

ANSWER_KEPT_FOR = timedelta(minutes=30)


class StaffRoom:
    """Keeps the notice in the chat true, and answers its commands."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        catalogue: Catalogue,
        staff: StaffService,
        dispatcher: Dispatcher,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._staff = staff
        self._dispatcher = dispatcher
        self._reader = Reader(vault, settings.locales)
        self._words = room_words.RoomWords(catalogue, settings.locales[0], settings.public_url)

    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {timers.ROOM: self.look}

    async def look(self, timer: Timer) -> None:
        """Renew the notice if it says too little or too much; look again while anything is open."""
        now = self._clock.now()
        conversation_id = None
        async with self._database.writing() as unit:
            room, board = await unit.room.get(), await self._board(unit, now)
            if board.is_clear or not self._settings.staff_chat_id:
                held = await unit.timers.settle(timer)
            else:
                held = await unit.timers.postpone(timer, now + PACE)
            if held:
                conversation_id = await self._tell(unit, room, board, now)
        if conversation_id is not None:
            self._dispatcher.wake(conversation_id)

    async def hear(self, update_id: str, text: str) -> None:
        """Answer a command, once; anything else is passed over."""
        command = read(text)
        if command is None:
            return
        now = self._clock.now()
        seen = self._vault.blind_index(f"update/{STAFF_CHAT}", update_id)
        async with self._database.writing() as unit:
            if not await unit.inbox.first_sight(STAFF_CHAT, seen, now):
                return
            # From a silence on, or back from one, the notice may have to be said anew.
            room = await unit.room.get()
            await unit.timers.schedule(timers.ROOM, THE_ROOM, room.free_at(now))
            answer = await self._answer(unit, command, now)
            conversation_id, _ = await self._say(unit, answer, now, ANSWER_KEPT_FOR, sounds=False)
        self._dispatcher.wake(conversation_id)

    async def _tell(
        self, unit: UnitOfWork, room: Room, board: Board, now: datetime
    ) -> ConversationId | None:
        if board.is_clear:
            await unit.room.show(None, b"", room.shown_at, room.calls)
            return await self._take_down(unit, room, now)
        shown = self._vault.blind_index("staff/board", _counts(board))
        if room.notice and await self._is_lost(unit, room.notice):
            room = replace(room, shown=b"", answered=-1)
        due = renewal(room, shown, now)
        if due is None:
            return None
        await self._take_down(unit, room, now)
        text = self._words.notice(board, now)
        conversation_id, notice = await self._say(unit, text, now, KEPT_FOR, sounds=due.sounds)
        answered = room.calls if due.sounds else room.answered
        await unit.room.show(notice, shown, now, answered)
        return conversation_id

    async def _take_down(
        self, unit: UnitOfWork, room: Room, now: datetime
    ) -> ConversationId | None:
        """The notice that stands there goes; whose conversation to wake."""
        message = await unit.messages.get(room.notice) if room.notice else None
        if message is None:
            return None
        await unit.messages.expire(message.id, now)
        await schedule_vanishing(unit, message.conversation_id, now)
        return message.conversation_id

    @staticmethod
    async def _is_lost(unit: UnitOfWork, notice: MessageId) -> bool:
        """Whether the notice does not stand there: nobody let it in, or it stood there too long."""
        message = await unit.messages.get(notice)
        return message is None or message.delivery is Delivery.FAILED

    async def _board(self, unit: UnitOfWork, now: datetime) -> Board:
        waiting = await unit.handoffs.ready(now, COUNTED, 0)
        alerts = [
            alert
            for alert in await unit.alerts.open_alerts()
            if alert.acknowledged_at is None and alert.all_clear_at is None
        ]
        long_ago = now - 2 * self._settings.silence_after
        unanswered = [
            handoff.unanswered_since
            for handoff in await unit.handoffs.list_by_state(HandoffState.CLAIMED)
            if handoff.unanswered_since is not None and handoff.unanswered_since <= long_ago
        ]
        whose = [handoff.conversation_id for handoff in waiting]
        whose += [alert.conversation_id for alert in alerts]
        locales = await self._reader.locales(unit, whose)
        since = [
            *(handoff.ready_at or handoff.queued_at for handoff in waiting),
            *(alert.raised_at for alert in alerts),
            *unanswered,
        ]
        return Board(
            waiting=Counter(locales[handoff.conversation_id] for handoff in waiting),
            urgent=sum(handoff.priority == URGENT for handoff in waiting),
            alerts=Counter(locales[alert.conversation_id] for alert in alerts),
            unanswered=len(unanswered),
            since=min(since, default=None),
        )

    async def _answer(self, unit: UnitOfWork, command: Command, now: datetime) -> str:
        room = await unit.room.get()
        match command:
            case Silence(span):
                await unit.room.silence(now + span if span else None)
                return self._words.silence(span)
            case Question.STATUS:
                board = await self._board(unit, now)
                return self._words.status(board, room.silent_for(now), now)
            case Question.ON_CALL:
                return self._words.on_call(*await self._on_call(unit, now))
        return self._words.help()

    async def _on_call(self, unit: UnitOfWork, now: datetime) -> tuple[list[str], list[str]]:
        """Whose console is open and who take people on; and who should, by the rota, and do not."""
        off = {desk.advocate_id for desk in await unit.desks.all() if desk.duty is not Duty.ON}
        shifts = await unit.shifts.between(now, now + timedelta(microseconds=1))
        due = {shift.advocate_id for shift in shifts}
        found = await self._staff.colleagues()
        here = {c.advocate.id for c in found if c.here} - off
        return (
            [c.advocate.name for c in found if c.advocate.id in here],
            [c.advocate.name for c in found if c.advocate.id in due - here],
        )

    async def _say(
        self, unit: UnitOfWork, text: str, now: datetime, ttl: timedelta, *, sounds: bool
    ) -> tuple[ConversationId, MessageId]:
        conversation = await self._conversation(unit, now)
        message = MessageId(uuid4())
        envelope = Envelope.of(self._vault, conversation)
        body = dump_rendered(Rendered(text, sounds=sounds))
        await unit.messages.add(
            Message(
                id=message,
                conversation_id=conversation.id,
                author=Author.BOT,
                delivery=Delivery.PENDING,
                body=envelope.seal(body, "messages.body", message),
                created_at=now,
                delete_at=now + ttl,
                cover=True,  # it tells nothing, and is never held back
            )
        )
        await schedule_vanishing(unit, conversation.id, now)
        return conversation.id, message

    async def _conversation(self, unit: UnitOfWork, now: datetime) -> Conversation:
        """The chat's conversation, begun anew where nothing was left of it."""
        address = Address(self._settings.staff_chat_id)
        index = address_index(self._vault, STAFF_CHAT, address)
        found = await unit.conversations.find(STAFF_CHAT, index)
        if found is not None:
            if found.unreachable:
                # Whoever put the bot out of the chat may have taken it back: it is tried again.
                await unit.conversations.heard(found.id, now)
            return found
        conversation_id = ConversationId(uuid4())
        envelope, key = Envelope.new(self._vault, conversation_id)
        state = DialogueState(locale=self._settings.locales[0])
        begun = Conversation(
            id=conversation_id,
            channel=STAFF_CHAT,
            address_index=index,
            address=envelope.seal(address, "conversations.address"),
            state=envelope.seal(dump_state(state), "conversations.state"),
            key=key,
            created_at=now,
            message_ttl=KEPT_FOR,
        )
        await unit.conversations.add(begun)
        return begun


def _counts(board: Board) -> str:
    counts = (sorted(board.waiting.items()), board.urgent, sorted(board.alerts.items()))
    return json.dumps([*counts, board.unanswered])
