"""Identifiers and secrets as types of their own, so that one cannot be passed for another."""

from typing import NewType
from uuid import UUID

ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
CheckinId = NewType("CheckinId", UUID)
HandoffId = NewType("HandoffId", UUID)
AlertId = NewType("AlertId", UUID)
AdvocateId = NewType("AdvocateId", UUID)
TimerId = NewType("TimerId", UUID)

Locale = NewType("Locale", str)
"""A BCP-47 tag, such as ``en`` or ``pt-BR``."""

ChannelName = NewType("ChannelName", str)
"""``telegram``, ``webchat``, …"""

Address = NewType("Address", str)
"""Where a channel reaches one person (a chat id, a web chat session). Never logged."""
ShiftId = NewType("ShiftId", UUID)
