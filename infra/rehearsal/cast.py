"""Who and what the journey needs in the deployed tables, put there by our own services."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.rehearsal.deployment import Deployment
from infra.rehearsal.emulator import REGION, ROOT

REQUESTER_MAIL = "alice@customer.example"
# Somebody else: an address that nobody has proven gets one acknowledgement a day.
LATE_MAIL = "victor@customer.example"


@dataclass(frozen=True)
class Person:
    """Somebody with an API token."""

    id: str
    email: str
    token: str


@dataclass(frozen=True)
class Cast:
    """People, the monitoring integration, and one ticket that nobody answered in time."""

    requester: Person
    agent: Person
    agent_password: str
    specialist: Person
    admin: Person
    integration_address: str
    late_ticket: str


def assemble(deployment: Deployment) -> Cast:
    """Store the cast, as an operator with every right would."""
    _stand_in_the_place_of_a_function(deployment)
    _verify_the_sender(deployment)
    password = secrets.token_urlsafe(16)
    return Cast(
        requester=_person("Alice", REQUESTER_MAIL, "requester"),
        agent=_person("Bob", "bob@desk.example", "agent", tier=1, password=password),
        agent_password=password,
        specialist=_person("Charlie", "charlie@desk.example", "agent", tier=2, shift="24x7"),
        admin=_person("Ada", "ada@desk.example", "admin"),
        integration_address=_integration(),
        late_ticket=_late_ticket(),
    )


def _stand_in_the_place_of_a_function(deployment: Deployment) -> None:
    """Our services read the deployed names; so they must not be imported before this."""
    os.environ.update(
        deployment.environment,
        AWS_ENDPOINT_URL=deployment.emulator.url,
        AWS_REGION=REGION,
        AWS_ACCESS_KEY_ID=ROOT,
        AWS_SECRET_ACCESS_KEY=ROOT,
    )


def _verify_the_sender(deployment: Deployment) -> None:
    """By hand on AWS too: SES wants proof that the address is ours."""
    ses = deployment.emulator.client("sesv2")
    ses.create_email_identity(EmailIdentity=deployment.environment["MAIL_FROM"])


def _person(name: str, email: str, role: str, **profile: Any) -> Person:
    from chalicelib.domain.vocabulary import Role
    from chalicelib.services import people, tokens

    added = people.add(name, email, Role(role), **profile)
    token = tokens.issue(added.person_id, "rehearsal", datetime.now(UTC))
    return Person(added.person_id, email, token)


def _integration() -> str:
    from chalicelib.domain.people import SYSTEM
    from chalicelib.services import alert_settings, hook_keys

    data = {"id": "rehearsal", "name": "Rehearsal", "source": "alertmanager"}
    added = alert_settings.put_integration(data, SYSTEM, datetime.now(UTC))
    return hook_keys.address(added, "")


def _late_ticket() -> str:
    """Opened so long ago that its first response is overdue, and nothing else."""
    from chalicelib.domain.people import SYSTEM, Requester, requester_id
    from chalicelib.domain.policies import STANDARD
    from chalicelib.domain.vocabulary import FIRST_TIER, Priority, Target
    from chalicelib.services import intake

    within = STANDARD.within(Priority.P3, Target.FIRST_RESPONSE, FIRST_TIER) or 0
    opened_at = datetime.now(UTC) - timedelta(seconds=within + 60)
    asked_by = Requester(requester_id(LATE_MAIL), LATE_MAIL)
    draft = intake.Draft("Nobody answers this", "Still waiting.", asked_by)
    return str(intake.open_ticket(draft, SYSTEM, opened_at).ticket.ticket_id)
