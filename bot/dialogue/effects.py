"""What a turn wants done, as commands. Who carries them out is not the dialogue's business."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.dialogue.events import CloseReason
from bot.dialogue.plan import CheckinPlan
from bot.dialogue.state import Place
from bot.ids import CheckinId


@dataclass(frozen=True, slots=True)
class Label:
    """A placeholder filled with the label of a button, in the conversation's language."""

    button: str


class Figure(StrEnum):
    """A placeholder filled with a figure that is known only when the turn is written."""

    QUEUE_PLACE = "queue_place"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A placeholder filled with another text; `params` fill that one's own."""

    key: str
    params: tuple[tuple[str, "Param"], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A placeholder filled with a day and a local time (where `zone` is known), and how soon."""

    at: datetime
    zone: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A placeholder filled with the time that clocks in `zone` (IANA) show at `at`."""

    at: datetime
    zone: str


Param = str | Label | Figure | Reviewed | Moment | TimeOfDay | date | timedelta
"""What fills a placeholder. A date or timedelta is spelled out in the conversation's language."""

NO_PARAMS: Mapping[str, Param] = MappingProxyType({})


class Priority(StrEnum):
    """How a handoff or alert is ordered: danger first, then time waited."""

    URGENT = "urgent"
    NORMAL = "normal"


class EscalationReason(StrEnum):
    """Why a check-in went to the advocates."""

    MISSED = "missed"
    NOT_OK = "not_ok"
    LATE = "late"
    UNDELIVERED = "undelivered"
    DURESS = "duress"
    CONTACT_LOST = "contact_lost"
    """The trusted contact had not accepted, has left, or can't be reached."""
    CONTACT_SILENT = "contact_silent"
    """The trusted contact was told, and did not answer in time."""


@dataclass(frozen=True, slots=True)
class Say:
    """Send the reviewed text of `key`, in the conversation's language.

    `params` fill its placeholders. `buttons` replaces the text's own buttons where given, and
    `also` adds to them. `own_words` is the tag of a language that we don't speak: it is told so
    before the text, where there are words for it. `choices` are further buttons whose labels are
    names that no translator knows: (id, label), shown first, one a row.
    """

    key: str
    params: Mapping[str, Param] = field(default_factory=lambda: NO_PARAMS)
    buttons: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    own_words: str = ""
    choices: tuple[tuple[str, Param], ...] = ()


@dataclass(frozen=True, slots=True)
class ShowServices:
    """Show what the directory has for `need` (an intent's name, or empty) at `place`.

    `page` counts from 1.
    """

    place: Place
    need: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class ScheduleCheckin:
    """Check on the person at `due_at`, as agreed in `plan`."""

    due_at: datetime
    plan: CheckinPlan


@dataclass(frozen=True, slots=True)
class ReviseCheckin:
    """Have a check-in that has not ended come at `due_at`, and as in `plan`."""

    checkin_id: CheckinId
    due_at: datetime
    plan: CheckinPlan


@dataclass(frozen=True, slots=True)
class RearmCheckin:
    """A timer came too early for what was agreed since: set the timers as they ought to be."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class PauseCheckin:
    """A repeating check-in rests until the person lets it go on."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class LapseCheckin:
    """It was missed, and the person wanted nothing done but a note when they return."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class ForgetCheckin:
    """The person has read the note on a missed check-in: nothing of it is needed any more."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class ConfirmCheckin:
    """The person is back and well: the check-in ends as confirmed."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class CancelCheckin:
    """The person no longer wants the check-in."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class PingCheckin:
    """Mark the check-in as asked, and set its reminder and escalation going."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class EscalateCheckin:
    """Tell the advocates: the check-in ends as escalated."""

    checkin_id: CheckinId
    reason: EscalationReason


@dataclass(frozen=True, slots=True)
class TellContact:
    """Tell the trusted contact, once; the advocates, where there is none who can be told."""

    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class InviteContact:
    """Make an invitation, and show its link and code. The contact will be told `words` of `name`,
    and nothing else."""

    name: str
    words: Param


@dataclass(frozen=True, slots=True)
class RemoveContact:
    """The person no longer wants their contact, who hears nothing of it: the advocates are told
    in their place."""


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """The person stands by for whoever invited them by `token`."""

    token: str


@dataclass(frozen=True, slots=True)
class DeclineInvitation:
    """The person does not want to, and the invitation by `token` is void."""

    token: str


@dataclass(frozen=True, slots=True)
class MissCode:
    """A wrong code was given for the invitation by `token`: a few of these void it."""

    token: str


@dataclass(frozen=True, slots=True)
class WithdrawAsContact:
    """The person stands by for nobody any more; those who chose them are told so."""


@dataclass(frozen=True, slots=True)
class AnswerAsContact:
    """The person has seen what they were told: nobody else need be."""


@dataclass(frozen=True, slots=True)
class RequestHandoff:
    """Put the person into the advocates' queue.

    `topic` is an intent's name or empty; `share_topic` says whether the advocate may see it.
    """

    priority: Priority
    topic: str
    share_topic: bool


@dataclass(frozen=True, slots=True)
class CloseHandoff:
    """End the person's handoff from their side."""

    reason: CloseReason


@dataclass(frozen=True, slots=True)
class CallBack:
    """Nobody takes the person on before `after` has passed; then they hear of it in cover text."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Tally:
    """Count one more of `name`, of nobody in particular."""

    name: str


@dataclass(frozen=True, slots=True)
class RelayToAdvocate:
    """Pass the person's words on to the advocate who holds the handoff, or who will."""

    text: str


@dataclass(frozen=True, slots=True)
class Purge:
    """Delete every message of the conversation now, on the phone and here."""


@dataclass(frozen=True, slots=True)
class ClearScreen:
    """Delete what the phone shows. What waits, and an open handoff, stay."""


@dataclass(frozen=True, slots=True)
class Unsay:
    """Delete the message that this turn began with, at once: it held a word that nobody may see."""


@dataclass(frozen=True, slots=True)
class RaiseDuress:
    """Tell the advocates that the person wrote their word for duress."""


@dataclass(frozen=True, slots=True)
class SetMessageTtl:
    """Let messages live this long from now on.

    `also_here`: also what was said with an advocate and is here still, where that is longer.
    """

    ttl: timedelta
    also_here: bool = False


Effect = (
    Say
    | ShowServices
    | ScheduleCheckin
    | ReviseCheckin
    | RearmCheckin
    | PauseCheckin
    | LapseCheckin
    | ForgetCheckin
    | ConfirmCheckin
    | CancelCheckin
    | PingCheckin
    | EscalateCheckin
    | TellContact
    | InviteContact
    | RemoveContact
    | AcceptInvitation
    | DeclineInvitation
    | MissCode
    | WithdrawAsContact
    | AnswerAsContact
    | RequestHandoff
    | CloseHandoff
    | CallBack
    | Tally
    | RelayToAdvocate
    | Purge
    | ClearScreen
    | Unsay
    | RaiseDuress
    | SetMessageTtl
)


def with_button(effects: tuple[Effect, ...], button: str) -> tuple[Effect, ...]:
    """`effects` with `button` under the last thing said."""
    for i in reversed(range(len(effects))):
        last = effects[i]
        if isinstance(last, Say):
            return (*effects[:i], replace(last, also=(*last.also, button)), *effects[i + 1 :])
    return effects
