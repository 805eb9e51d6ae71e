"""Who acts: people by role, and the desk itself."""

import base64
import hashlib
from dataclasses import dataclass

from chalicelib.domain.sight import EVERYTHING, Sight
from chalicelib.domain.vocabulary import STAFF, Role

# Mail addresses as HTML forms define them (WHATWG, "valid e-mail address"), with a dot at least.
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$"


@dataclass(frozen=True)
class Actor:
    """The acting person, as permissions and the timeline need them.

    Those of an `outside` group see only what is their team's; `sight` limits others.
    """

    id: str
    name: str
    role: Role
    email: str = ""
    team: str | None = None
    outside: bool = False
    sight: Sight = EVERYTHING

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_limited(self) -> bool:
        """Whether there are tickets of the desk that they do not see."""
        return self.outside or self.sight.is_limited


SYSTEM = Actor(id="system", name="Tierline", role=Role.SYSTEM)


@dataclass(frozen=True)
class Requester:
    """Who asked: as they gave themselves, on the ticket."""

    id: str
    email: str
    name: str | None = None
    locale: str | None = None
    time_zone: str | None = None


def normal_email(email: str) -> str:
    """One spelling of an address, so that one person is found again."""
    return email.strip().lower()


def subject_key(issuer: str, subject: str) -> str:
    """Who signs in, among all identity providers: never known by a mail address."""
    return f"{issuer}|{subject}"


def requester_id(email: str) -> str:
    """The id under which all requests of one address are found, known without a look-up."""
    return f"R-{_of_address(email)}"


def staff_id(email: str) -> str:
    """The id of somebody new at the desk: two who add one address at once add one person."""
    return f"P-{_of_address(email)}"


def _of_address(email: str) -> str:
    digest = hashlib.sha256(normal_email(email).encode()).digest()
    return base64.b32encode(digest[:10]).decode()
