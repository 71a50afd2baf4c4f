"""What is said in the staff's chat: reviewed texts as everywhere, in the first language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_timedelta
from babel.lists import format_list

from bot.content.catalogue import Catalogue
from bot.ids import Locale
from bot.staff.room import Board

_COUNTED: Final = ("waiting", "alerts", "unanswered")
STILL_AFTER: Final = timedelta(minutes=1)
"""What is older is told with its age."""

TEXTS: Final = frozenset(
    {
        *(f"staff.{name}.{form}" for name in _COUNTED for form in ("one", "other")),
        *("staff.urgent", "staff.urgent.count", "staff.since", "staff.clear"),
        *("staff.silenced", "staff.sounds", "staff.silent", "staff.help"),
        *("staff.on_call", "staff.on_call.nobody", "staff.on_call.missing"),
    }
)


class RoomWords:
    """Renders boards and answers."""

    def __init__(self, catalogue: Catalogue, locale: Locale, public_url: str) -> None:
        self._catalogue = catalogue
        self._locale = locale
        self._console = f"{public_url.rstrip('/')}/console"

    def notice(self, board: Board, now: datetime) -> str:
        """The board, for how long it has been so, and the console's address."""
        lines = self._lines(board)
        if board.since is not None and now - board.since >= STILL_AFTER:
            lines.append(self._text("since", after=self._span(now - board.since)))
        return "\n".join((*lines, self._console))

    def status(self, board: Board, silent_for: timedelta, now: datetime) -> str:
        """The same as an answer, also where nothing is open."""
        said = self._text("clear") if board.is_clear else self.notice(board, now)
        if not silent_for:
            return said
        return f"{said}\n{self._text('silent', after=self._span(silent_for))}"

    def silence(self, span: timedelta) -> str:
        """That there is no sound for so long; that there is, where `span` is zero."""
        return self._text("silenced", after=self._span(span)) if span else self._text("sounds")

    def on_call(self, names: Sequence[str], missing: Sequence[str]) -> str:
        """Who takes people on now, and who is `missing`: theirs is the shift."""
        lines = [self._named("on_call", names) if names else self._text("on_call.nobody")]
        if missing:
            lines.append(self._named("on_call.missing", missing))
        return "\n".join(lines)

    def help(self) -> str:
        """The commands."""
        return self._text("help")

    def _named(self, name: str, names: Sequence[str]) -> str:
        return self._text(name, names=format_list(names, locale=self._babel))

    def _lines(self, board: Board) -> list[str]:
        lines = []
        if total := sum(board.waiting.values()):
            marks = [", ".join(sorted(board.waiting)), *self._urgent(board.urgent, total)]
            lines.append(self._counted("waiting", total, languages=", ".join(marks)))
        if total := sum(board.alerts.values()):
            lines.append(self._counted("alerts", total, languages=", ".join(sorted(board.alerts))))
        if board.unanswered:
            lines.append(self._counted("unanswered", board.unanswered))
        return lines

    def _urgent(self, urgent: int, total: int) -> list[str]:
        if not urgent:
            return []
        if urgent == total:
            return [self._text("urgent")]
        return [self._text("urgent.count", count=str(urgent))]

    def _counted(self, name: str, count: int, **params: str) -> str:
        form = "one" if count == 1 else "other"
        return self._text(f"{name}.{form}", count=str(count), **params)

    def _text(self, name: str, **params: str) -> str:
        filled: Mapping[str, str] = params
        return self._catalogue.render(f"staff.{name}", self._locale, filled).text

    def _span(self, span: timedelta) -> str:
        return format_timedelta(span, locale=self._babel, threshold=1.5)

    @property
    def _babel(self) -> str:
        return self._locale.replace("-", "_")
