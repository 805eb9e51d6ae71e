"""Where a page of a list ended, signed for that list and its reader alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.services.signing import CURSOR, Forged, digest, sign, unsign

LIVES = timedelta(days=1)


@dataclass(frozen=True)
class Cursors:
    """The cursors of one list, as `listed` describes it."""

    listed: str
    now: datetime

    def at(self, position: Any) -> str:
        return sign(self._purpose, position, self.now, LIVES)

    def position(self, cursor: str | None) -> Any:
        """Raises Invalid for a cursor that we did not hand out for this list."""
        if cursor is None:
            return None
        try:
            return unsign(self._purpose, cursor, self.now)
        except Forged as error:
            detail = "Use the `next` value of the page before, unchanged and within a day."
            raise Invalid(FieldError("/cursor", detail)) from error

    @property
    def _purpose(self) -> str:
        return f"{CURSOR}:{digest(self.listed)}"
