"""One due ticket: advanced, or pushed ahead so that it does not stop the rest."""

from datetime import datetime, timedelta

from chalicelib.domain.errors import Busy
from chalicelib.observability import count, logger
from chalicelib.services import escalations

LATER = timedelta(minutes=5)


def advance_or_push_ahead(ticket_id: str, now: datetime) -> None:
    """Take the steps of one ticket that have come; raises nothing, whatever the ticket is like."""
    try:
        escalations.advance(ticket_id, now)
    except Busy:  # many people change it at this moment; it stays due
        count("SweptTicketBusy")
    except Exception:
        logger.exception("ticket could not be swept", ticket_id=ticket_id)
        count("PoisonTicket")
        _push_ahead(ticket_id, now + LATER)


def _push_ahead(ticket_id: str, until: datetime) -> None:
    try:
        escalations.push_ahead(ticket_id, until)
    except Exception:  # it may have left the index meanwhile; the rest must be swept all the same
        logger.exception("poison ticket stays", ticket_id=ticket_id)
