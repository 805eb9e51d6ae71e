"""What a clock would have shown under other rules: its stored segments, measured anew."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.sla import Clock, used_seconds

MET, BREACHED, OPEN, NOT_MEASURED = "met", "breached", "open", "not measured"


def verdict(clock: Clock) -> str:
    """As it stands in the records: `met`, `breached`, `open`, or `not measured`."""
    if clock.within is None and not clock.breached_at:
        return NOT_MEASURED
    if clock.breached_at:
        return BREACHED
    return MET if clock.met_at else OPEN


def replayed(clock: Clock, within: int | None, calendar: Calendar, now: datetime) -> Clock:
    """The same runs and pauses under another target and other hours, as if always so.

    `used` becomes the working seconds until it was met, or until now. A due date that was set by
    hand is nobody's rule: such a clock stays as it is.
    """
    if clock.override:
        return clock
    segments = tuple(replace(one, calendar=calendar) for one in clock.segments)
    bare = replace(clock, within=within, segments=segments, used=None, breached_at=None)
    used = used_seconds(bare, now)
    is_late = within is not None and used > within
    return replace(bare, used=round(used), breached_at=now if is_late else None)
