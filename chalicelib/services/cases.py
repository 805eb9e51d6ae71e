"""One alert of one delivery, with all that is needed to act on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib.domain import alert_rules, alerts, maintenance
from chalicelib.domain.alert_rules import AlertRule
from chalicelib.domain.alerts import Alert
from chalicelib.domain.instants import text_or_none
from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import Requester, requester_id
from chalicelib.domain.vocabulary import Channel, Level
from chalicelib.models.delivery import DeliveryRecord
from chalicelib.models.marker import WHILE_QUEUED, Marker
from chalicelib.models.saving import NotSaved
from chalicelib.services import settings
from chalicelib.services.intake import Draft


@dataclass
class Case:
    """What is told, by which delivery, and what came beside it.

    `told_by` names the delivery, equal in each of its tries, and `place` which of its alerts it is.
    `came_at` is when that came to us, where it is not now.
    `row` is its row in the log, when it holds nothing but this alert: it is then the proof that
    this was done.
    """

    integration: Integration
    alert: Alert
    told_by: str
    now: datetime
    row: DeliveryRecord | None = None
    beside: int = 0
    left_out: int = 0
    place: str = ""
    came_at: datetime | None = None

    @property
    def alert_id(self) -> str:
        return f"{self.integration.id}#{self.alert.identity}"

    @property
    def heard_at(self) -> datetime:
        return self.came_at or self.now

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What matchers look at."""
        own = {"source": self.integration.source, "integration": self.integration.id,
               "severity": self.alert.severity, "title": self.alert.title}  # fmt: skip
        return {**self.alert.labels, **own}

    @cached_property
    def rule(self) -> AlertRule:
        return alert_rules.rule_for(settings.alert_rules(), self.labels)

    @property
    def levels(self) -> tuple[Level, Level]:
        """Impact and urgency: the rule's, or else those of the alert's severity."""
        impact, urgency = alerts.levels_of(self.alert.severity)
        return Level(self.rule.impact or impact), Level(self.rule.urgency or urgency)

    @property
    def maintained_until(self) -> datetime | None:
        """Until when a maintenance window covers it now."""
        return maintenance.ends_at(settings.windows(), self.labels, self.now)

    def proof(self, decision: str, ticket_id: str | None = None) -> DeliveryRecord | Marker:
        """What is saved with the effect, so that it happens once."""
        if self.row is None:
            name = f"counted#{self.alert_id}#{self.told_by}#{self.place}"
            return Marker.lasting(name, self.now, WHILE_QUEUED)
        self.row.decisions = {decision: 1}
        self.row.tickets = [ticket_id] if ticket_id else None
        return self.row

    def draft(self, tally: dict[str, Any]) -> Draft:
        """The incident that it opens."""
        impact, urgency = self.levels
        return Draft(
            subject=self.alert.title,
            description=self.alert.text,
            requester=self._requester(),
            impact=impact,
            urgency=urgency,
            channel=Channel.MONITORING,
            branch=self.rule.branch,
            tags=alert_rules.tags_of(self.rule, self.labels),
            service=self.rule.service or self.alert.labels.get("service") or None,
            links=self._links(),
            tier=self.rule.tier,
            alert=tally,
        )

    def facts(self) -> dict[str, Any]:
        """What the timeline keeps of it."""
        return {
            "title": self.alert.title, "severity": self.alert.severity,
            "started_at": text_or_none(self.alert.started_at),
            "ended_at": text_or_none(self.alert.ended_at),
            "integration": self.integration.name,
            **({"left_out": self.left_out} if self.left_out else {}),
        }  # fmt: skip

    def _links(self) -> list[dict[str, str]]:
        found = [{"text": one.text, "href": one.href} for one in self.alert.links]
        runbook = self.rule.runbook
        return ([{"text": "Runbook", "href": runbook}] if runbook else []) + found

    def _requester(self) -> Requester:
        address = f"{self.integration.id.lower()}@monitoring.invalid"
        return Requester(id=requester_id(address), email=address, name=self.integration.name)


def was_done(error: NotSaved) -> bool:
    """Whether a write failed because the same had been done before."""
    return any(isinstance(one, Marker | DeliveryRecord) for one in error.beaten)
