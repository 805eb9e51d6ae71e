"""A desk with people of every kind, and one of everything that an address may name."""

from typing import Any

from chalicelib.adapters import clock
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.person import Person
from chalicelib.models.session import Session
from chalicelib.models.ticket import Ticket
from chalicelib.models.token import ApiToken
from chalicelib.services import (
    alert_settings,
    desk_settings,
    jobs,
    privacy,
    sessions,
    sla_settings,
    tokens,
)
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, ROSA
from tests.factories import employ
from tests.integration.api import Api, a_request
from tests.integration.monitoring import connect, log, report, told
from tests.integration.promises import OFFICE
from tests.integration.uploading import PNG, settled, uploaded

FIA = Actor("P-FIA", "Fia Lund", Role.AGENT, "fia@partner.example")  # of the ticket's own group
GUS = Actor("P-GUS", "Gus Berg", Role.AGENT, "gus@other.example")  # of another group
BEA = Actor("P-BEA", "Bea Roux", Role.AGENT, "bea@desk.example")  # sees Lyon only
KIM = Actor("P-KIM", "Kim Lee", Role.LEAD, "kim@desk.example")  # sees the clinic's only
IVO = Actor("P-IVO", "Ivo Marin", Role.AGENT, "ivo@desk.example")  # whom admins remove

WINDOW = {"id": "patch", "name": "Patch night", "starts_at": "2026-11-21T22:00", "minutes": 90,
          "time_zone": "Europe/Lisbon", "weekdays": [5, 6], "until": "2027-03-31",
          "matchers": ["service=shop"]}  # fmt: skip
ROTATION = {"id": "web", "name": "Web", "tier": 2, "zone": "Europe/Berlin",
            "starts": "2026-11-02", "people": [IVO.id], "acknowledge_within": 600}  # fmt: skip


def full_desk() -> dict[str, str]:
    """What each name in an address stands for: Rosa's ticket of the group `field`, in Lyon."""
    clock.use(lambda: MONDAY_9)
    settings = put_settings()
    hire()
    found = connect(storm_size=0)
    report(found, told("Disk"))
    job = jobs.start("sla_recompute", {}, ADA, MONDAY_9)
    gathered = privacy.export(OMAR.email, False, ADA, MONDAY_9)
    return {
        **settings, **a_ticket_with_a_file(), **of_rosa(), "target": "resolution",
        "person_id": IVO.id, "integration_id": found.id, "delivery_id": log(found)[0].delivery_id,
        "job_id": job.job_id, "jobs": job.job_id, "audit": "audit.csv",
        "export_id": gathered.job_id,
    }  # fmt: skip


def put_settings() -> dict[str, str]:
    act: tuple[Any, ...] = (ADA, MONDAY_9)
    for name, is_outside in (("field", True), ("other", True), ("shops", False)):
        desk_settings.put_team({"id": name, "name": name.title(), "outside": is_outside}, *act)
    employ(IVO, tiers=[1, 2])
    desk_settings.put_rule({"id": "vpn", "name": "VPN", "skills": {"network": 3}}, *act)
    desk_settings.put_rotation(ROTATION, *act)
    sla_settings.put_calendar(OFFICE, *act)
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": OFFICE["id"]}, *act)
    alert_settings.put_alert_rule({"id": "all", "name": "All"}, *act)
    alert_settings.put_window(WINDOW, *act)
    return {
        "team_id": "shops", "rule_id": "vpn", "rotation_id": "web", "calendar_id": OFFICE["id"],
        "branch_id": "lyon", "policy_id": "standard", "alert_rule_id": "all",
        "maintenance_window_id": "patch",
    }  # fmt: skip


def hire() -> None:
    employ(ROSA, OMAR, ANA, LEA, ADA, tiers=[1])
    employ(FIA, tiers=[1], team="field")
    employ(GUS, tiers=[1], team="other")
    employ(BEA, tiers=[1], sees={"branches": ["lyon"]})
    employ(KIM, tiers=[1], sees={"organisations": ["clinic.example"]})


def a_ticket_with_a_file() -> dict[str, str]:
    rosa = Api(ROSA)
    asked = a_request(attachments=[uploaded(rosa, PNG, "till.png")], branch="lyon")
    ticket = Ticket.get(rosa.post("/tickets", asked).json["id"])
    settled()
    ticket.refresh()
    ticket.team = "field"
    ticket.save()
    return {"ticket_id": ticket.ticket_id, "attachment_id": ticket.files[0]}


def of_rosa() -> dict[str, str]:
    """A session and a token that are hers."""
    sessions.start(Person.get(ROSA.id), MONDAY_9)
    tokens.issue(ROSA.id, "spare", MONDAY_9)
    (session,), (token,) = list(Session.of(ROSA.id)), list(ApiToken.of(ROSA.id))[:1]
    return {"session_id": session.session_id, "token_id": token.token_id}
