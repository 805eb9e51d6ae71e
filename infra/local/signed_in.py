"""Who is signed in stays so when the clock is moved: nobody has been idle for that time."""

from datetime import datetime, timedelta


def move_along(now: datetime, span: timedelta) -> None:
    """Move the sessions that are live at `now` along with the clock."""
    from chalicelib.models.session import Session  # reads the environment, which is set up late
    from chalicelib.services.sessions import IDLE

    for one in Session.scan():
        if one.is_live(now, IDLE):
            later = int(one.expires_at) + int(span.total_seconds())
            one.update([Session.seen_at.set(one.seen_at + span), Session.expires_at.set(later)])
