"""SLA policies: whom one is for, its targets by priority, warnings, and the ladder of actions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from chalicelib.domain.conditions import Facts, match
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, Priority, Target

BREACHED, UNANSWERED, UNASSIGNED = "breached", "unanswered", "unassigned"
CONDITIONS = (BREACHED, UNANSWERED, UNASSIGNED)
NEXT_TIER, TELL_LEAD, TELL_MANAGER = "next_tier", "tell_lead", "tell_manager"
ACTIONS = (NEXT_TIER, TELL_LEAD, TELL_MANAGER)
WORKING, ANY_HOURS = "working", "any"
OF_BRANCH = "branch"  # in place of a calendar's id: that of the requester's branch

FACTS = ("priority", "type", "category", "organisation", "branch", "channel", "tag")


@dataclass(frozen=True)
class Rung:
    """A step of the ladder, `after` seconds of `when`.

    `breached` counts running time past the deadline of one of `targets`; `unanswered` from the
    oldest unanswered message; `unassigned` from when the ticket became nobody's. The last two
    count working time, or any hours.
    """

    after: int
    action: str
    when: str = BREACHED
    targets: tuple[str, ...] = tuple(target.value for target in CUSTOMER_TARGETS)
    hours: str = WORKING

    @property
    def name(self) -> str:
        """What is noted with a clock once the step was taken."""
        return f"{'ladder' if self.when == BREACHED else self.when}-{self.after}"


@dataclass(frozen=True)
class Policy:
    """Targets in seconds: `targets["P1"]["first_response"]`; warnings in per cent of a target.

    A target that is left out is not measured. `time_to_accept` is given by tier: `{"1": 900}`.
    """

    id: str
    name: str
    version: int
    calendar: str
    targets: dict[str, dict[str, Any]]
    conditions: dict[str, list[str]] = field(default_factory=dict)
    warnings: tuple[int, ...] = (50, 75, 90)
    ladder: tuple[Rung, ...] = (
        Rung(0, NEXT_TIER),
        Rung(30 * 60, TELL_LEAD),
        Rung(2 * 3600, TELL_MANAGER),
    )
    reopen_within_days: int = 7
    retired: bool = False

    @property
    def ref(self) -> str:
        """Names this version, as `gold@3`."""
        return f"{self.id}@{self.version}"

    def within(self, priority: Priority, target: Target, tier: int) -> int | None:
        """The seconds allowed, or None where nothing was promised."""
        given = self.targets.get(priority, {}).get(target)
        return given.get(str(tier)) if isinstance(given, dict) else given

    def rungs(self, target: Target) -> Iterator[Rung]:
        """The steps past a target's deadline, in order."""
        return (one for one in self.ladder if one.when == BREACHED and target in one.targets)

    def waits(self, when: str) -> Iterator[Rung]:
        """The steps of one condition of waiting, in order."""
        return (one for one in self.ladder if one.when == when)

    def matches(self, facts: Facts) -> bool:
        """Whether every condition holds; a policy without conditions is for everybody."""
        return match(self.conditions, facts)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `policy_checks.check` finds nothing wrong with."""
        given = dict(data)
        if "ladder" in given:
            given["ladder"] = tuple(map(_rung, given["ladder"]))
        if "warnings" in given:
            given["warnings"] = tuple(sorted(given["warnings"]))
        return cls(**{"version": 1, **given})


def first_match(policies: Iterable[Policy], facts: Facts) -> Policy:
    """The first policy of an ordered list that is for these facts; the list ends in one that is."""
    return next(one for one in policies if not one.retired and one.matches(facts))


def _rung(data: Mapping[str, Any]) -> Rung:
    given = dict(data)
    if "targets" in given:
        given["targets"] = tuple(given["targets"])
    return Rung(**given)


def _targets(first: float, following: float, resolution: float, accept: float) -> dict[str, Any]:
    """Minutes for the answers and for accepting in tier 1, hours for the resolution."""
    by_tier = {"1": accept, "2": 2 * accept, "3": 4 * accept}
    return {
        Target.FIRST_RESPONSE.value: int(first * 60),
        Target.NEXT_RESPONSE.value: int(following * 60),
        Target.RESOLUTION.value: int(resolution * 3600),
        Target.TIME_TO_ACCEPT.value: {tier: int(m * 60) for tier, m in by_tier.items()},
    }


STANDARD = Policy(
    id="standard",
    name="Standard",
    version=1,
    calendar="24x7",
    targets={
        Priority.P1.value: _targets(15, 30, 4, 10),
        Priority.P2.value: _targets(30, 60, 8, 20),
        Priority.P3.value: _targets(4 * 60, 8 * 60, 48, 2 * 60),
        Priority.P4.value: _targets(8 * 60, 16 * 60, 120, 4 * 60),
        Priority.P5.value: _targets(24 * 60, 48 * 60, 240, 12 * 60),
    },
)
