"""Integrations: one monitoring tool that reports to the desk, and what becomes of its alerts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.domain.alert_mapping import check as check_mapping
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import names_wrong

HOUR, DAY = 3600, 24 * 3600
OPTIONS = ("requires", "signature_header", "timestamp_header", "topics", "mapping")
REQUIRES = ("address", "credentials", "signature")
HEADER_AT_MOST, TOPICS_AT_MOST, STORM_LABELS_AT_MOST = 100, 50, 10


class OnResolve(StrEnum):
    """What the end of a problem does to its incident."""

    RESOLVE = "resolve"
    QUIET = "quiet"  # resolve it when it has stayed quiet for `quiet_for` seconds
    NOTE = "note"  # say so; somebody resolves it


@dataclass(frozen=True)
class Integration:
    """Spans are seconds; 0, or None, asks for nothing.

    `key_hashes` are of the keys in its address that are good, the newest first; `generation`
    counts them. `pasted` is a secret that the tool made, sealed; without one, the secret is ours.
    It flaps with `flap_changes` changes within `flap_within`. More than `storm_size` incidents of
    one value of a label in `storm_by` within `storm_within` become parts of the first of them.
    It is stale without a word for `stale_after`, silent with no delivery for `silent_after`.
    """

    id: str
    name: str
    source: str
    version: int = 1
    enabled: bool = True
    generation: int = 1
    key_hashes: list[str] = field(default_factory=list)
    pasted: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    on_resolve: str = OnResolve.RESOLVE.value
    quiet_for: int = 300
    reopen_within: int = DAY
    flap_changes: int = 6
    flap_within: int = HOUR // 2
    stale_after: int | None = None
    silent_after: int | None = None
    storm_by: list[str] = field(default_factory=lambda: ["service", "site", "group"])
    storm_size: int = 5
    storm_within: int = 300
    incidents_per_minute: int = 600

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with."""
        return cls(**data)

    @property
    def reopens_within(self) -> timedelta:
        return timedelta(seconds=self.reopen_within)


SPANS: dict[str, tuple[int, int]] = {
    "quiet_for": (0, DAY),
    "reopen_within": (0, 30 * DAY),
    "flap_changes": (0, 100),
    "flap_within": (60, DAY),
    "stale_after": (60, 30 * DAY),
    "silent_after": (60, 90 * DAY),
    "storm_size": (0, 1000),
    "storm_within": (10, DAY),
    "incidents_per_minute": (1, 100_000),
}
OPTIONAL_SPANS = ("stale_after", "silent_after")


def check(data: Any, sources: Collection[str]) -> list[FieldError]:
    """What is wrong, field by field; nothing when the integration can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give an integration as an object.")]
    return [
        *names_wrong(data, {one.name for one in fields(Integration)}),
        *_choices_wrong(data, sources),
        *_spans_wrong(data),
        *_storm_wrong(data.get("storm_by", [])),
        *_options_wrong(data.get("options", {})),
    ]


def _choices_wrong(data: dict[str, Any], sources: Collection[str]) -> Iterator[FieldError]:
    if data.get("source") not in sources:
        yield FieldError("/source", f"Choose of {', '.join(sources)}.")
    if data.get("on_resolve", OnResolve.RESOLVE) not in list(OnResolve):
        yield FieldError("/on_resolve", f"Choose of {', '.join(OnResolve)}.")
    if not isinstance(data.get("enabled", True), bool):
        yield FieldError("/enabled", "Say true or false.")


def _spans_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    for name, (least, most) in SPANS.items():
        value = data.get(name, least)
        if value is None and name in OPTIONAL_SPANS:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield FieldError(f"/{name}", f"Give a whole number from {least} to {most}.")


def _storm_wrong(labels: Any) -> Iterator[FieldError]:
    is_list = isinstance(labels, list) and len(labels) <= STORM_LABELS_AT_MOST
    if not is_list or not all(isinstance(one, str) and 0 < len(one) <= 100 for one in labels):
        yield FieldError("/storm_by", f"Give up to {STORM_LABELS_AT_MOST} names of labels.")


def _options_wrong(options: Any) -> Iterator[FieldError]:
    if not isinstance(options, dict):
        yield FieldError("/options", "Give an object.")
        return
    for name, value in options.items():
        if name not in OPTIONS:
            yield FieldError(f"/options/{name}", f"There are {', '.join(OPTIONS)}; not this.")
        else:
            yield from _option_wrong(name, value)


def _option_wrong(name: str, value: Any) -> Iterator[FieldError]:
    at = f"/options/{name}"
    if name == "requires" and value not in REQUIRES:
        yield FieldError(at, f"Choose of {', '.join(REQUIRES)}.")
    if name == "topics" and not _are_topics(value):
        yield FieldError(at, "Give a list of topics, each as arn:aws:sns:region:account:name.")
    if name.endswith("_header") and not (isinstance(value, str) and len(value) <= HEADER_AT_MOST):
        yield FieldError(at, "Give the name of a header.")
    if name == "mapping":
        yield from (FieldError(f"{at}{one.pointer}", one.detail) for one in check_mapping(value))


def _are_topics(value: Any) -> bool:
    is_list = isinstance(value, list) and len(value) <= TOPICS_AT_MOST
    return is_list and all(isinstance(one, str) and one.startswith("arn:aws") for one in value)
