"""Trials: what a delivery would do, in words; nothing is done."""

from chalicelib.domain import alerts
from chalicelib.domain.alerts import Decision
from chalicelib.domain.priority import priority_of
from chalicelib.models.alert import AlertRecord
from chalicelib.services import episodes
from chalicelib.services.cases import Case

WOULD = {
    Decision.OPEN: "would open a {priority} incident",
    Decision.AGAIN: "would open its incident again, or a new one",
    Decision.REPEAT: "would be counted as a repeat",
    Decision.HOLD: "would be kept without an incident: there is maintenance",
    Decision.RESOLVE: "would end its incident",
    Decision.REMEMBER: "would be remembered as over",
    Decision.NOTE: "would be noted",
    Decision.IGNORE: "would change nothing",
}


def words(cases: list[Case]) -> str:
    """A line for each alert."""
    return "\n".join(f"“{case.alert.title}” {_would(case)}." for case in cases)


def _would(case: Case) -> str:
    known = episodes.episode_of(AlertRecord.find(case.alert_id))
    decision = alerts.decide(case.alert, known, case.maintained_until is not None)
    priority = priority_of(*case.levels).value
    by_rule = f", by the rule “{case.rule.name}”" if decision is Decision.OPEN else ""
    return WOULD[decision].format(priority=priority) + by_rule
