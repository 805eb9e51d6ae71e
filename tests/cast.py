"""The fixed cast: who appears in tests, and the instant at which most stories begin."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.people import Actor, Requester, requester_id
from chalicelib.domain.vocabulary import Role

MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def after(**span: float) -> datetime:
    """An instant so much later than Monday at nine."""
    return MONDAY_9 + timedelta(**span)


ROSA = Actor(requester_id("rosa@shop.example"), "Rosa Lind", Role.REQUESTER, "rosa@shop.example")
OMAR = Actor(
    requester_id("omar@clinic.example"), "Omar Said", Role.REQUESTER, "omar@clinic.example"
)
ANA = Actor("P-ANA", "Ana Costa", Role.AGENT, "ana@desk.example")
BEN = Actor("P-BEN", "Ben Ito", Role.AGENT, "ben@desk.example")
CHI = Actor("P-CHI", "Chi Okafor", Role.AGENT, "chi@desk.example")
DEV = Actor("P-DEV", "Dev Rao", Role.AGENT, "dev@desk.example")
LEA = Actor("P-LEA", "Lea Moreau", Role.LEAD, "lea@desk.example")
ADA = Actor("P-ADA", "Ada Novak", Role.ADMIN, "ada@desk.example")

TIERS_OF = {ANA: [1], BEN: [1], CHI: [2], DEV: [3]}


def asked_by(actor: Actor) -> Requester:
    return Requester(id=actor.id, email=actor.email, name=actor.name)
