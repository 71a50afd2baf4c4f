"""For supervisors and admins: who has whom, figures, and the log. Never what anybody wrote."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException
from starlette.responses import Response

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.schemas import (
    AuditLineView,
    AuditView,
    BoardView,
    DutyChange,
    Figure,
    FiguresView,
    Reassign,
)
from bot.console.words import topic_label
from bot.content.source import SOURCE_LOCALE
from bot.conversation.advocacy import NotYours
from bot.handoff.models import HandoffState
from bot.ids import AdvocateId, HandoffId, Locale
from bot.staff import permissions
from bot.staff.audit import FEWEST, Act, Line

_FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What a cell begins with that spreadsheets carry out; the last four are = + - @ in full width."""

NEWEST = 200
"""Lines of the log on the page; the table has all."""


def add_oversight_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    advocacy, staff, ledger = console.advocacy, console.staff, console.ledger
    Reads = Annotated[Caller, console.may(permissions.AUDIT_READ)]
    Counts = Annotated[Caller, console.may(permissions.FIGURES_READ)]

    @api.get("/board")
    async def board(
        caller: Annotated[Caller, console.may(permissions.BOARD_READ)],
        accept_language: Annotated[str, Header()] = "",
    ) -> BoardView:
        """Who waits, who has whom, and who is here."""
        presenter = await console.presenter(caller.advocate.id, accept_language)
        waiting = await advocacy.handoffs(HandoffState.WAITING)
        claimed = await advocacy.handoffs(HandoffState.CLAIMED)
        return BoardView(
            now=console.clock.now(),
            waiting=[presenter.queued(queued) for queued in waiting],
            claimed=[presenter.queued(queued) for queued in claimed],
            staff=await console.colleagues(),
            alerts=sum(alert.acknowledged_at is None for alert in await advocacy.alerts()),
        )

    @api.post("/handoffs/{handoff_id}/reassign", status_code=204)
    async def reassign(
        handoff_id: UUID,
        body: Reassign,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_REASSIGN)],
    ) -> None:
        """Give a person whom somebody has to somebody else, or back. 409 when nobody has them."""
        to = None if body.to is None else AdvocateId(body.to)
        if to is not None and not await staff.takes_conversations(to):
            raise HTTPException(422, "to: no such advocate takes conversations on")
        try:
            await advocacy.handover.reassign(HandoffId(handoff_id), caller.advocate.id, to)
        except NotYours:
            raise HTTPException(409, "nobody holds this handoff") from None

    @api.patch("/advocates/{advocate_id}/desk", status_code=204)
    async def set_desk(
        advocate_id: UUID,
        body: DutyChange,
        caller: Annotated[Caller, console.may(permissions.DESK_SET)],
    ) -> None:
        """Set whether somebody takes people on: for who went off and left it as it was.

        It stands on their desk until they choose themselves. 404 for who takes nobody on.
        """
        who = AdvocateId(advocate_id)
        if not await staff.takes_conversations(who):
            raise HTTPException(404, "no such advocate takes conversations on")
        await advocacy.queue.set_duty(who, body.duty, caller.advocate.id)

    async def counted(locale: Locale) -> list[Figure]:
        found = await ledger.figures()
        return [
            Figure(
                kind=kind,
                name=name,
                label=topic_label(console.catalogue, name, locale) if kind == "topic" else "",
                count=count,
            )
            for (kind, name), count in found.items()
        ]

    @api.get("/figures")
    async def figures(
        _caller: Counts, accept_language: Annotated[str, Header()] = ""
    ) -> FiguresView:
        """Counts of this month and the last: rounded down to fives, and null where smaller."""
        locale = console.words.preferred(accept_language)
        return FiguresView(fewest=FEWEST, figures=await counted(locale))

    @api.get("/figures.csv", response_class=Response)
    async def figures_table(_caller: Counts) -> Response:
        """The same as a table."""
        rows = [(f.kind, f.name, f.count) for f in await counted(SOURCE_LOCALE)]
        return _table("figures", ("kind", "name", "count"), rows)

    async def lines(caller: Caller) -> tuple[list[AuditLineView], int | None]:
        await ledger.note(caller.advocate.id, Act.READ)
        found, broken = await ledger.lines()
        names = await staff.names()
        return [_line(line, names.get(line.advocate_id, "—")) for line in found], broken

    @api.get("/audit")
    async def audit(caller: Reads) -> AuditView:
        """The newest lines of the log, the last first, and whether the chain is whole."""
        found, broken = await lines(caller)
        return AuditView(lines=found[: -NEWEST - 1 : -1], broken_at=broken)

    @api.get("/audit.csv", response_class=Response)
    async def audit_table(caller: Reads) -> Response:
        """The whole log as a table."""
        found, _ = await lines(caller)
        rows = [(f.seq, f.at.isoformat(), f.advocate, f.act, f.subject, f.link) for f in found]
        return _table("audit", ("seq", "at", "advocate", "act", "subject", "link"), rows)


def _line(line: Line, name: str) -> AuditLineView:
    return AuditLineView(
        seq=line.seq,
        at=line.at,
        advocate=name,
        act=line.act,
        subject=line.subject,
        link=line.link.hex(),
    )


def _table(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv", headers=headers)


def _cell(value: object) -> str:
    """What begins like a formula is none: names are chosen by people."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA and text else text
