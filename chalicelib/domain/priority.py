"""Priority from impact and urgency: the ITIL matrix as a table."""

from chalicelib.domain.vocabulary import Level, Priority

_H, _M, _L = Level.HIGH, Level.MEDIUM, Level.LOW

MATRIX = {
    (_H, _H): Priority.P1,
    (_H, _M): Priority.P2,
    (_M, _H): Priority.P2,
    (_H, _L): Priority.P3,
    (_M, _M): Priority.P3,
    (_L, _H): Priority.P3,
    (_M, _L): Priority.P4,
    (_L, _M): Priority.P4,
    (_L, _L): Priority.P5,
}


def priority_of(impact: Level, urgency: Level) -> Priority:
    """How soon it matters, from how much it hurts and how fast it gets worse."""
    return MATRIX[impact, urgency]
