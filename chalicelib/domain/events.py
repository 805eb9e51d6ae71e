"""The kinds of timeline entry: everything that can happen to a ticket."""

from enum import StrEnum


class Kind(StrEnum):
    OPENED = "opened"
    REPLY = "reply"
    NOTE = "note"
    CALL = "call"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    UNASSIGNED = "unassigned"
    UNSTAFFED = "unstaffed"
    NOT_ACCEPTED = "not_accepted"
    HANDED_OVER = "handed_over"
    TRANSFERRED = "transferred"
    PAGED = "paged"
    PAGE_ACKNOWLEDGED = "page_acknowledged"
    WATCHED = "watched"
    UNWATCHED = "unwatched"
    ESCALATED = "escalated"
    DE_ESCALATED = "de_escalated"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_CHANGED = "sla_changed"
    DUE_DATE_SET = "due_date_set"
    CHANGED = "changed"
    HELD = "held"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    FOLLOWED_UP = "followed_up"
    ALERT_FIRED = "alert_fired"
    ALERT_CHANGED = "alert_changed"
    ALERT_NOTED = "alert_noted"
    ALERT_FLAPPING = "alert_flapping"
    ALERT_STEADY = "alert_steady"
    ALERT_STALE = "alert_stale"
    ALERT_RESOLVED = "alert_resolved"
    STORM_BEGAN = "storm_began"
    FOLDED = "folded"
    UNFOLDED = "unfolded"


# What a requester may read; everything else stays among staff.
PUBLIC = frozenset({Kind.OPENED, Kind.REPLY, Kind.RESOLVED, Kind.REOPENED, Kind.CLOSED})
