"""The tickets table: what a ticket is now; how it came to be is its timeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.config import config
from chalicelib.domain.instants import to_text
from chalicelib.domain.sight import organisation_of
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.domain.worklists import OPEN_RANK, pull_list, waiting_list
from chalicelib.models.base import Check, InstantAttribute, Record, Table

COUNTED_AT_MOST = 10_000  # a figure for people, which must not cost minutes


class WorkList(GlobalSecondaryIndex[Any]):
    """Each tier's open tickets, most urgent first; finished ones by month."""

    class Meta:
        index_name = "work_list"
        projection = AllProjection()

    list_name = UnicodeAttribute(hash_key=True)
    list_rank = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex[Any]):
    """Sparse: tickets with a running clock, by the instant of its next step."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class ByRequester(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_requester"
        projection = KeysOnlyProjection()

    requester_id = UnicodeAttribute(hash_key=True)
    created_at = InstantAttribute(range_key=True)


class ByAssignee(GlobalSecondaryIndex[Any]):
    """Sparse: the tickets each agent holds, open ones first, most urgent first."""

    class Meta:
        index_name = "by_assignee"
        projection = AllProjection()

    assignee_id = UnicodeAttribute(hash_key=True)
    list_rank = UnicodeAttribute(range_key=True)


class Unstaffed(GlobalSecondaryIndex[Any]):
    """Sparse: the tickets of each tier for which nobody was found, most urgent first."""

    class Meta:
        index_name = "unstaffed"
        projection = AllProjection()

    unstaffed_in = UnicodeAttribute(hash_key=True)
    unstaffed_rank = UnicodeAttribute(range_key=True)


class Ticket(Record):
    class Meta(Table):
        table_name = config.name("tickets")

    ticket_id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    subject = UnicodeAttribute()
    type = UnicodeAttribute()
    status = UnicodeAttribute()
    priority = UnicodeAttribute()
    impact = UnicodeAttribute()
    urgency = UnicodeAttribute()
    tier = NumberAttribute()
    channel = UnicodeAttribute()
    category = UnicodeAttribute(null=True)
    branch = UnicodeAttribute(null=True)
    team = UnicodeAttribute(null=True)
    tags: ListAttribute[str] = ListAttribute(null=True)
    requester_id = UnicodeAttribute()
    requester = JSONAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    resolved_at = InstantAttribute(null=True)
    closed_at = InstantAttribute(null=True)
    skills = JSONAttribute(null=True)  # what its agent has to be able to do: {skill: level}
    language = UnicodeAttribute(null=True)
    unstaffed_since = InstantAttribute(null=True)
    expected_at = InstantAttribute(null=True)  # when somebody for it comes on shift
    accept_by = InstantAttribute(null=True)  # when whom it was given to loses it again
    lost_by: ListAttribute[Any] = ListAttribute(null=True)  # who did not accept it in this tier
    given_back_by: ListAttribute[Any] = ListAttribute(null=True)  # who does not get it again
    page = JSONAttribute(null=True)  # whom it called, and until when they may acknowledge
    watchers: ListAttribute[Any] = ListAttribute(null=True)
    carried = JSONAttribute(null=True)  # in whose load it is counted, and with which weight
    escalated_to = UnicodeAttribute(null=True)  # whom of the management it was told: lead, manager
    follows = UnicodeAttribute(null=True)  # the finished ticket that this one goes on with
    followed_by = UnicodeAttribute(null=True)  # the one that goes on with this
    hold = JSONAttribute(null=True)
    parent = UnicodeAttribute(null=True)  # the incident that this one is a part of
    was_part_of = UnicodeAttribute(null=True)  # and the one that it was made apart from
    service = UnicodeAttribute(null=True)
    links: JSONAttribute = JSONAttribute(null=True)  # runbook, dashboard: [{text, href}]
    files: ListAttribute[Any] = ListAttribute(null=True)  # ids of what its messages carry
    sla = JSONAttribute()
    alert = JSONAttribute(null=True)
    erased_at = InstantAttribute(null=True)  # who asked, and all words, are gone since
    attached: tuple[Any, ...] = ()  # the rows of those files, once they were read; not stored

    list_name = UnicodeAttribute()
    list_rank = UnicodeAttribute()
    assignee_id = UnicodeAttribute(null=True)
    assignee_name = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    unstaffed_in = UnicodeAttribute(null=True)
    unstaffed_rank = UnicodeAttribute(null=True)

    work_list = WorkList()
    due = Due()
    by_requester = ByRequester()
    by_assignee = ByAssignee()
    unstaffed = Unstaffed()

    @property
    def organisation(self) -> str:
        """Whose requester it is: the mail domain, or what was kept of it when they were erased."""
        kept = self.requester.get("organisation")
        return kept or organisation_of(str(self.requester["email"]))

    @classmethod
    def ranked(cls, partition: str, span: tuple[str, str], page: int,
               backwards: bool = False) -> "Iterator[Ticket]":  # fmt: skip
        """One partition of the work lists, within a span of ranks (both ends included)."""
        ranks = cls.list_rank.between(*span)
        return cls.work_list.query(
            partition, ranks, page_size=page, scan_index_forward=not backwards
        )

    @classmethod
    def held_by(cls, person_id: str, span: tuple[str, str], page: int,
                backwards: bool = False) -> "Iterator[Ticket]":  # fmt: skip
        """The tickets of one agent, within a span of ranks."""
        ranks = cls.list_rank.between(*span)
        return cls.by_assignee.query(
            person_id, ranks, page_size=page, scan_index_forward=not backwards
        )

    @classmethod
    def open_of(cls, person_id: str) -> "Iterator[Ticket]":
        """The open tickets that an agent holds, most urgent first."""
        return cls.by_assignee.query(person_id, cls.list_rank.startswith(OPEN_RANK))

    @classmethod
    def waiting_in(cls, tier: int, limit: int, after: str | None = None) -> "Iterator[Ticket]":
        """The tickets of a tier for which nobody was found, most urgent first."""
        ranks = cls.unstaffed_rank > after if after else None
        return cls.unstaffed.query(waiting_list(tier), ranks, limit=limit)

    @classmethod
    def pulled_by(cls, team_id: str) -> "Iterator[Ticket]":
        """The tickets that wait until somebody of a team takes them."""
        return cls.unstaffed.query(pull_list(team_id))

    @classmethod
    def count_waiting_in(cls, tier: int) -> int:
        return cls.unstaffed.count(waiting_list(tier), limit=COUNTED_AT_MOST)

    @classmethod
    def asked_by(cls, requester_id: str, after: list[str] | None, limit: int) -> "list[Ticket]":
        """One person's requests, newest first; `after` is (created_at, ticket_id) of the last."""
        keys = cls.by_requester.query(
            requester_id, limit=limit, scan_index_forward=False,
            last_evaluated_key=_start_key(requester_id, *after) if after else None,
        )  # fmt: skip
        ids = [key.ticket_id for key in keys]
        found = {ticket.ticket_id: ticket for ticket in cls.batch_get(ids)} if ids else {}
        return [found[ticket_id] for ticket_id in ids if ticket_id in found]

    @classmethod
    def first_asked_by(cls, requester_id: str, until: datetime, limit: int) -> "list[str]":
        """The ids of somebody's oldest requests, up to an instant."""
        found = cls.by_requester.query(requester_id, ByRequester.created_at <= until, limit=limit)
        return [one.ticket_id for one in found]

    @classmethod
    def count_asked_by(cls, requester_id: str, until: datetime) -> int:
        earlier = ByRequester.created_at <= until
        return cls.by_requester.count(requester_id, earlier, limit=COUNTED_AT_MOST)

    @classmethod
    def due_in(cls, shard: str, now: datetime, page: int) -> "Iterator[Ticket]":
        """The keys of tickets whose next step has come, longest overdue first, read page by page.

        Reading on is safe while they are moved, since what is moved goes to later instants.
        """
        return cls.due.query(shard, cls.due_at <= to_text(now), page_size=page)

    @classmethod
    def glance(cls, partition: str, limit: int) -> "Iterator[Ticket]":
        """The most urgent open tickets of a partition, with only what counting needs."""
        return cls.work_list.query(
            partition, cls.list_rank.startswith(OPEN_RANK), limit=limit,
            attributes_to_get=["ticket_id", "list_rank", "assignee_id", "created_at",
                               "unstaffed_since", "parent"],
        )  # fmt: skip

    @classmethod
    def page_of(cls, partition: str, span: tuple[str, str], limit: int) -> "Iterator[Ticket]":
        """The first tickets of a span of a work list, and no more than these."""
        return cls.work_list.query(partition, cls.list_rank.between(*span), limit=limit)

    @classmethod
    def count_in(cls, partition: str, span: tuple[str, str]) -> int:
        """How many tickets a span of a work list holds, counted up to COUNTED_AT_MOST of them."""
        return cls.work_list.count(partition, cls.list_rank.between(*span), limit=COUNTED_AT_MOST)

    @classmethod
    def push_ahead(cls, ticket_id: str, until: datetime) -> None:
        """Move a ticket that cannot be read out of the sweep's way, touching nothing else."""
        cls._touch(ticket_id, cls.due_at.set(to_text(until)), cls.due_at.exists())

    @classmethod
    def still_active(cls, ticket_id: str) -> Check:
        """Lets a write fail if a ticket is finished by then."""
        is_active = cls.status.is_in(*(one.value for one in sorted(ACTIVE)))
        return Check(cls, ticket_id, is_active)

    @classmethod
    def _touch(cls, ticket_id: str, action: Action, condition: Condition) -> None:
        cls._get_connection().update_item(ticket_id, actions=[action], condition=condition)


def _start_key(requester_id: str, created_at: str, ticket_id: str) -> dict[str, dict[str, str]]:
    named = {"requester_id": requester_id, "created_at": created_at, "ticket_id": ticket_id}
    return {name: {"S": text} for name, text in named.items()}
