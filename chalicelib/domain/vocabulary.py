"""The words of the desk, as ITIL and the service-desk trade use them."""

from enum import StrEnum


class TicketType(StrEnum):
    INCIDENT = "incident"
    SERVICE_REQUEST = "service_request"
    PROBLEM = "problem"
    CHANGE = "change"


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Level(StrEnum):
    """A degree of impact or of urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class Channel(StrEnum):
    PORTAL = "portal"
    API = "api"
    MONITORING = "monitoring"
    MAIL = "mail"
    PHONE = "phone"
    WALK_IN = "walk_in"
    CHAT = "chat"


class Role(StrEnum):
    REQUESTER = "requester"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    SYSTEM = "system"


class Availability(StrEnum):
    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OUT_OF_OFFICE = "out_of_office"


class HoldReason(StrEnum):
    REQUESTER = "requester"
    THIRD_PARTY = "third_party"
    UNTIL = "until"


class Target(StrEnum):
    """What a clock measures. Three are promised to the requester, two are the desk's own."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    TIME_TO_ACCEPT = "time_to_accept"
    ASSIGNMENT = "assignment"  # has no target; rules about waiting read it


CUSTOMER_TARGETS = (Target.FIRST_RESPONSE, Target.NEXT_RESPONSE, Target.RESOLUTION)
TARGETS = (*CUSTOMER_TARGETS, Target.TIME_TO_ACCEPT)
RESPONSES = frozenset({Target.FIRST_RESPONSE, Target.NEXT_RESPONSE})


ACTIVE = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
IN_WORK = frozenset({Status.NEW, Status.OPEN})
STAFF = frozenset({Role.AGENT, Role.LEAD, Role.ADMIN})
FIRST_TIER, LAST_TIER = 1, 3
TIERS = range(FIRST_TIER, LAST_TIER + 1)
