"""How a setting is changed: once, on what its writer saw, as a version, and with its effects.

Every change that may move a deadline comes with a job that brings the open tickets under it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotFound, Stale
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_configure
from chalicelib.models.base import Record
from chalicelib.models.job import Job
from chalicelib.models.marker import Marker
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.setting import Setting, SettingVersion
from chalicelib.services import audit, jobs, settings
from chalicelib.services.audit import Act
from chalicelib.services.once import Once, mark_for, raise_what_was_done

RECOMPUTE = "sla_recompute"
WHAT = "This setting"

Data = dict[str, Any]
T = TypeVar("T")


class Kept(Protocol):
    """A setting that is stored as data."""

    def to_data(self) -> Data: ...


K = TypeVar("K", bound=Kept)


def begin(actor: Actor, once: Once | None = None) -> None:
    """What every change begins with: may they, was it done before, and how things stand now."""
    check_can_configure(actor)
    if once:
        raise_what_was_done(once)
    settings.forget()


def store(act: Act, kind: str, data: Data, job: Job | None, mark: Marker | None) -> None:
    """The version, what is current, and a job if there is one, in one write.

    Raises NotSaved, Conflict.
    """
    ref = f"{data['id']}@{data['version']}"
    before = settings.all_of(kind).get(data["id"])
    records: list[Record] = [
        _audited(act, kind, data["id"], before, data),
        SettingVersion(settings.version_kind(kind), ref, data=data),
        Setting(kind, data["id"], data=data),
        *([job] if job else []),
    ]
    try:
        save_together(*records, *([mark] if mark else []))
    except NotSaved as error:
        if data["version"] == 1 and _was_deleted(kind, data["id"]):
            raise Conflict("This id was in use before; choose another one.") from error
        raise
    send_off(kind, job)


def put(
    act: Act, kind: str, make: Callable[[Data], K], data: Data, seen: int | None = None,
    new: bool = False, once: Once | None = None,
) -> K:  # fmt: skip
    """Store the next version of what moves no deadline. Raises NotSaved, Stale, Conflict."""
    known = settings.all_of(kind).get(data["id"])
    version = int(known["version"]) if known else None
    check_seen(version, seen, new)
    stored = make({**data, "version": (version or 0) + 1})
    store(act, kind, stored.to_data(), None, mark_for(once, stored))
    return stored


def order(
    act: Act, kind: str, known: Sequence[str], ids: Sequence[str], what: str,
    job: Job | None = None,
) -> None:  # fmt: skip
    """Say in which order some settings are asked, and let a job begin. Raises Invalid, NotSaved."""
    if sorted(ids) != sorted(known):
        named = ", ".join(known) or "none"
        raise Invalid(FieldError("/ids", f"Name each {what} once: {named}."))
    order_now = Setting(kind, settings.LIST, data={"ids": list(ids)})
    told = audit.row(f"{kind}.changed", act.actor, kind, act.now, list(known), list(ids))
    save_together(order_now, told, *([job] if job else []))
    send_off(kind, job)


def recomputing(why: str, actor: Actor, now: datetime) -> Job:
    """The job that follows from a change, to be saved with it."""
    return jobs.prepared(RECOMPUTE, {"why": why}, actor, now)


def send_off(kind: str, job: Job | None) -> None:
    """Let the job begin, and read the settings anew."""
    settings.forget(kind)
    if job:
        jobs.send_off(job)


def delete(act: Act, kind: str, setting_id: str, job: Job | None = None) -> None:
    """Take a setting away; its versions stay, for the tickets that were measured by them.

    Raises NotSaved.
    """
    told = _audited(act, kind, setting_id, settings.all_of(kind).get(setting_id), None)
    save_together(told, *([job] if job else []), without=Setting(kind, setting_id))
    send_off(kind, job)


def _audited(
    act: Act, kind: str, setting_id: str, before: Data | None, after: Data | None
) -> Record:
    done = "deleted" if after is None else "changed" if before else "added"
    about = f"{kind}/{setting_id}"
    return audit.row(f"{kind}.{done}", act.actor, about, act.now, before, after)


def _was_deleted(kind: str, setting_id: str) -> bool:
    version = Setting.find(settings.version_kind(kind), f"{setting_id}@1")
    return version is not None and Setting.find(kind, setting_id) is None


def refuse(wrong: list[FieldError]) -> None:
    """Raises Invalid if anything is wrong."""
    if wrong:
        raise Invalid(*wrong)


def check_seen(version: int | None, seen: int | None, new: bool) -> None:
    """Raises Conflict for a new one that is there, Stale for one that has changed since."""
    if new and version is not None:
        raise Conflict("There is one with this id already.")
    if seen is not None and version is not None and seen != version:
        raise Stale(version, WHAT)


def found(known: T | None, what: str) -> T:
    """Raises NotFound."""
    if known is None:
        raise NotFound(f"There is no such {what}.")
    return known
