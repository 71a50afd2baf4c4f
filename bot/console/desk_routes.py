"""What an advocate has at hand: phrases, services, how long things stay, and the draft."""

from typing import Annotated
from uuid import UUID

from babel import Locale as BabelLocale
from fastapi import APIRouter, Header, HTTPException, Query

from bot.console.context import Console
from bot.console.guard import Caller
from bot.console.handoff_routes import telling_apart
from bot.console.phrases import phrases
from bot.console.schemas import Choice, Draft, HandView, PhraseView, ServiceView
from bot.console.words import topic_label
from bot.conversation.texts import NUDGE
from bot.dialogue.effects import ShowServices
from bot.dialogue.flows.handoff import longer
from bot.dialogue.intents import DANGER, Intent
from bot.dialogue.state import Place
from bot.ids import HandoffId, Locale
from bot.staff import permissions

PAGES = 3
"""Of services, three on each."""


def add_desk_routes(api: APIRouter, console: Console) -> None:
    """Put the routes on `api`."""
    hand, catalogue = console.hand, console.catalogue

    @api.get("/handoffs/{handoff_id}/hand")
    async def at_hand(
        handoff_id: UUID,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_READ)],
        accept_language: Annotated[str, Header()] = "",
    ) -> HandView:
        """What helps in this conversation. Of the person it tells no more than they shared."""
        async with telling_apart(console.advocacy, handoff_id):
            ttl = await hand.message_ttl(HandoffId(handoff_id), caller.advocate.id)
            handoff = await console.advocacy.handoff(HandoffId(handoff_id))
        own = console.words.preferred(accept_language)
        named = {intent.value for intent in DANGER}
        theirs = Locale(handoff.locale)
        return HandView(
            locale=handoff.locale,
            cover=catalogue.render(NUDGE, theirs, {}).text if theirs in catalogue.locales else "",
            message_ttl=ttl.total_seconds(),
            may_stay_longer=bool(longer(ttl)),
            risk=topic_label(catalogue, handoff.topic, own) if handoff.topic in named else "",
            phrases=[
                PhraseView(name=p.name, text=p.text, meaning=p.meaning)
                for p in phrases(catalogue, theirs, own, caller.advocate.name, ttl)
            ],
            countries=_named(console.showcase.countries, own),
            country=console.settings.country,
            needs=[
                Choice(id=need, label=catalogue.label(f"intent:{need}", own))
                for need in Intent
                if need in console.showcase.needs
            ],
        )

    @api.post("/handoffs/{handoff_id}/keep-longer", status_code=204)
    async def keep_longer(
        handoff_id: UUID, caller: Annotated[Caller, console.may(permissions.HANDOFF_WRITE)]
    ) -> None:
        """Ask the person whether messages may stay longer; 409 where they stay for the longest."""
        target = HandoffId(handoff_id)
        async with telling_apart(console.advocacy, handoff_id):
            if not await console.advocacy.handover.ask_to_keep(target, caller.advocate.id):
                raise HTTPException(409, "messages stay for as long as they may already")

    @api.get("/services")
    async def services(
        _caller: Annotated[Caller, console.may(permissions.HANDOFF_READ)],
        country: Annotated[str, Query(pattern="^[A-Z]{2}$")],
        locale: Annotated[str, Query(max_length=35)],
        need: Annotated[Intent | None, Query()] = None,
    ) -> list[ServiceView]:
        """Services of a country, the best for `need` first, worded in the language `locale`."""
        asked = ShowServices(Place(country, name=country), need or "")
        spoken = Locale(locale)
        if spoken not in catalogue.locales:
            return []
        found = console.showcase.entries(asked, spoken, console.clock.now(), PAGES)
        return [ServiceView(name=name, text=text) for name, text in found]

    @api.get("/handoffs/{handoff_id}/draft")
    async def draft(
        handoff_id: UUID, caller: Annotated[Caller, console.may(permissions.HANDOFF_WRITE)]
    ) -> Draft:
        """What one typed and did not send."""
        async with telling_apart(console.advocacy, handoff_id):
            return Draft(text=await hand.draft(HandoffId(handoff_id), caller.advocate.id))

    @api.put("/handoffs/{handoff_id}/draft", status_code=204)
    async def keep_draft(
        handoff_id: UUID,
        body: Draft,
        caller: Annotated[Caller, console.may(permissions.HANDOFF_WRITE)],
    ) -> None:
        """Keep what was typed, sealed like a message and for as long; empty removes it."""
        async with telling_apart(console.advocacy, handoff_id):
            await hand.keep_draft(HandoffId(handoff_id), caller.advocate.id, body.text)


def _named(countries: tuple[str, ...], locale: Locale) -> list[Choice]:
    """Countries by name, in the advocate's language."""
    names = BabelLocale.parse(locale, sep="-").territories
    found = [Choice(id=country, label=names.get(country, country)) for country in countries]
    return sorted(found, key=lambda choice: choice.label)
