"""Alert rules: to which service, branch and tier an alert belongs, and how much it matters.

An ordered list in which the first match wins. What a rule leaves out is as the alert says: the
service is its label `service`, impact and urgency come from its severity, and the routing rules
choose the tier.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from chalicelib.domain.errors import FieldError
from chalicelib.domain.matchers import match, matchers_wrong
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.vocabulary import TIERS, Level

MOST_TAGS = 10


@dataclass(frozen=True)
class AlertRule:
    """`tags_from` names labels of which each becomes a tag: `region:eu-west-1`."""

    id: str
    name: str
    version: int = 1
    matchers: list[str] = field(default_factory=list)
    service: str | None = None
    branch: str | None = None
    tier: int | None = None
    impact: str | None = None
    urgency: str | None = None
    tags_from: list[str] = field(default_factory=list)
    runbook: str | None = None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with."""
        return cls(**data)


PLAIN = AlertRule(id="default", name="As the alert says", tags_from=["env", "region", "team"])
"""What goes for alerts that no rule is for."""


def rule_for(rules: Iterable[AlertRule], labels: Mapping[str, str]) -> AlertRule:
    return next((one for one in rules if match(one.matchers, labels)), PLAIN)


def tags_of(rule: AlertRule, labels: Mapping[str, str]) -> list[str]:
    """Label values as tags of at most forty characters, as tickets have them."""
    found = ((name, labels.get(name, "").strip()) for name in rule.tags_from)
    return [f"{name}:{value}"[:40] for name, value in found if value]


def check(data: Any, branches: Collection[str]) -> list[FieldError]:
    """What is wrong, field by field; nothing when the rule can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a rule as an object.")]
    return [
        *names_wrong(data, {one.name for one in fields(AlertRule)}, {"new", PLAIN.id}),
        *matchers_wrong("/matchers", data.get("matchers", [])),
        *_goal_wrong(data, branches),
        *_tags_wrong(data.get("tags_from", [])),
    ]


def _goal_wrong(data: dict[str, Any], branches: Collection[str]) -> Iterator[FieldError]:
    tier, branch = data.get("tier"), data.get("branch")
    if tier is not None and (isinstance(tier, bool) or tier not in TIERS):
        yield FieldError("/tier", f"Choose a tier from {TIERS.start} to {TIERS.stop - 1}.")
    if branch is not None and branch not in branches:
        yield FieldError("/branch", "There is no such branch.")
    for name in ("impact", "urgency"):
        if data.get(name) is not None and data[name] not in list(Level):
            yield FieldError(f"/{name}", f"Choose of {', '.join(Level)}.")
    for name, most in (("service", 100), ("runbook", 500)):
        value = data.get(name)
        if value is not None and (not isinstance(value, str) or not 0 < len(value) <= most):
            yield FieldError(f"/{name}", f"Give up to {most} characters.")
    if isinstance(data.get("runbook"), str) and not data["runbook"].startswith("https://"):
        yield FieldError("/runbook", "Give an address that begins with https://.")


def _tags_wrong(tags: Any) -> Iterator[FieldError]:
    is_list = isinstance(tags, list) and len(tags) <= MOST_TAGS
    if not is_list or not all(isinstance(one, str) and 0 < len(one) <= 40 for one in tags):
        yield FieldError("/tags_from", f"Give a list of up to {MOST_TAGS} names of labels.")
