"""The pages of deliveries: what came, what became of it, replay, and the mapping beside it."""

import json

import pytest

from chalicelib.services import alert_settings, deliveries, hook_keys
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import pressed
from tests.integration.fields import fields_of
from tests.integration.monitoring import (
    body,
    change,
    connect,
    incident,
    incidents,
    log,
    post,
    report,
    send,
    told,
    work_off,
)
from tests.integration.outsiders import FIA, outsider
from tests.integration.page_text import text_of
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

ALL = "/desk/deliveries"
OURS = {"alert": {"key": "till-4", "name": "Till 4 is offline"}, "state": "down"}
MAPPING = {"map_identity": "alert.key", "map_title": "alert.name", "map_status": "state",
           "map_resolved_when": "up"}  # fmt: skip


@pytest.fixture
def ana() -> Browser:
    employ(ADA, LEA, ANA)
    return Browser().sign_in(ANA)


def path_of(found, delivery_id: str = "") -> str:
    path = f"/desk/integrations/{found.id}/deliveries"
    return f"{path}/{delivery_id}" if delivery_id else path


def last_of(found) -> str:
    return path_of(found, str(log(found)[-1].delivery_id))


def unread(found) -> str:
    """A delivery that nobody can read; answers its page."""
    send(found, json.dumps(OURS).encode(), content_type="application/json")
    return last_of(found)


def filled(page: Page, path: str) -> dict[str, str]:
    return fields_of(page, path, has="map_title")


def mapped(ana: Browser, path: str, do: str = "map_and_replay", **typed: str) -> Page:
    return ana.post(path, {**filled(ana.get(path), path), **MAPPING, "do": do, **typed})


def test_an_agent_reads_what_each_delivery_did(ana):
    found = connect()
    report(found, told("Disk"), told("Heat"))
    report(found, told("Disk"), told("Heat", "resolved"))
    text = text_of(ana.get(path_of(found)))
    assert "2 opened" in text
    assert "1 repeated, 1 ended" in text
    assert all(one.ticket_id in text for one in incidents())


def test_a_delivery_shows_its_body_indented_and_escaped(ana):
    found = connect()
    report(found, told("Disk", labels={"host": HOSTILE}))
    page = ana.get(last_of(found))
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page.text.replace("\\", "")
    assert "JSON, indented" in page.text


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe\x00nonsense", b'{"a": "\\ud800"}', b"\x00<b>bold</b>", b"[" * 5000,
    b'{"n": 12345678901234567890123, "x": NaN}', "caf\u00e9 \u202e".encode(),
    b'{"n": ' + b"9" * 5000 + b"}",
])  # fmt: skip
def test_whatever_was_sent_can_be_looked_at(ana, raw):
    found = connect("generic")
    send(found, raw)
    page = ana.get(last_of(found))
    assert page.status == 200
    assert "<b>bold" not in page.text
    assert "\x00" not in page.text


def test_the_secret_of_the_integration_is_not_shown_to_agents(ana):
    found = connect("generic")
    secret = hook_keys.secret(found)
    send(found, json.dumps({"token": secret}).encode(), content_type="application/json",
         authorization=f"Bearer {secret}")  # fmt: skip
    assert secret not in ana.get(last_of(found)).text


def test_a_delivery_is_replayed_by_a_button(ana):
    found = connect()
    report(found, told("Disk"))
    path = last_of(found)
    page = ana.follow(pressed(ana, path, "replay"))
    assert "It was sent through again." in page.text
    work_off()
    assert "replayed" in text_of(ana.get(path_of(found)))
    assert len(log(found)) == 2
    assert "an earlier delivery" in ana.get(last_of(found)).text


def test_what_was_refused_is_shown_with_why_and_cannot_be_replayed(ana):
    found = connect()
    assert post(found, body(told("Disk")), authorization="Bearer wrong").status == 401
    work_off()
    path = last_of(found)
    page = ana.get(path)
    assert "refused" in text_of(page)
    assert "credentials are not" in text_of(page)
    assert 'value="replay"' not in page.text
    refused = ana.post(path, {"csrf": ana.get(ALL).forms["/sign-out"]["csrf"], "do": "replay"})
    assert refused.status == 409
    assert incidents() == []


def test_what_nobody_could_read_waits_on_one_page_until_it_is_put_aside(ana):
    found = change(connect("generic"), name="Tills of Lyon")
    path = unread(found)
    page = ana.get(ALL)
    assert path in page.text
    assert "Tills of Lyon" in page.text
    gone = ana.follow(pressed(ana, path, "aside"))
    assert "It is put aside." in gone.text
    assert path not in ana.get(ALL).text
    assert path in ana.get(path_of(found)).text
    assert "All that monitoring tools sent was understood." in ana.get(ALL).text


def test_an_agent_fixes_the_mapping_beside_the_body_and_replays(ana):
    found = connect("generic")
    path = unread(found)
    page = ana.follow(mapped(ana, path, map_labels="site = state\n\nkey=alert.key"))
    assert "The mapping is stored, and the delivery was sent through again." in page.text
    work_off()
    assert incident().subject == "Till 4 is offline"
    assert path not in ana.get(ALL).text
    mapping = alert_settings.integration("generic").options["mapping"]
    assert mapping["labels"] == {"site": "state", "key": "alert.key"}


def test_the_mapping_is_stored_without_a_replay(ana):
    found = connect("generic")
    path = unread(found)
    assert "The mapping is stored." in ana.follow(mapped(ana, path, "map")).text
    assert incidents() == []
    again = filled(ana.get(path), path)
    assert (again["map_identity"], again["map_resolved_when"]) == ("alert.key", "up")


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"map_identity": ""}, "map_identity", "Say where the identity is"),
    ({"map_title": "a..b"}, "map_title", "names with dots between"),
    ({"map_identity": "'same'"}, "map_identity", "A constant is the same"),
    ({"map_labels": "nonsense"}, "map_labels", "Write a label and where it is"),
    ({"map_labels": "a = b..c"}, "map_labels", "names with dots between"),
    ({"map_status": ""}, "map_status", "Say where the status is"),
])  # fmt: skip
def test_what_is_wrong_with_a_mapping_stands_at_its_field(ana, typed, field, words):
    found = connect("generic")
    path = unread(found)
    page = mapped(ana, path, map_text="alert.kept", **typed)
    assert page.status == 422
    assert words in error_at(page, field)
    assert filled(page, path)["map_text"] == "alert.kept"
    assert "mapping" not in alert_settings.integration("generic").options


def test_a_mapping_that_somebody_else_changed_meanwhile_is_not_written_over(ana):
    found = connect("generic")
    path = unread(found)
    form = filled(ana.get(path), path)
    alert_settings.put_mapping("generic", {"identity": "id", "title": "t"}, ADA, MONDAY_9)
    page = ana.post(path, {**form, **MAPPING, "do": "map"})
    assert page.status == 409
    assert "somebody else stored version" in page.text
    assert filled(page, path)["map_identity"] == "alert.key"


def test_of_many_the_older_ones_are_on_further_pages(ana):
    found = connect()
    for number in range(35):
        report(found, told(f"Disk{number}"))
    first = ana.get(path_of(found))
    assert first.text.count("1 opened") == 30
    older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert ana.get(older).text.count("1 opened") == 5


def test_only_the_desks_staff_sees_deliveries_and_not_outside_groups(ana):
    found = connect()
    report(found, told("Disk"))
    paths = (ALL, path_of(found), last_of(found))
    employ(ROSA)
    outsider()
    for path in paths:
        assert Browser().sign_in(FIA).get(path).status == 403
        assert Browser().sign_in(LEA).get(path).status == 200
        assert Browser().sign_in(ROSA).get(path).status == 403
        assert Browser().get(path).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", [
    "/desk/integrations/none/deliveries", "/desk/integrations/generic/deliveries/nonsense",
    "/desk/integrations/generic/deliveries/01ARZ3NDEKTSV4RRFFQ69G5FAV",
    f"/desk/integrations/{'x' * 3000}/deliveries/01ARZ3NDEKTSV4RRFFQ69G5FAV",
])  # fmt: skip
def test_what_is_not_there_is_not_found(ana, path):
    connect("generic")
    assert ana.get(path).status == 404


def test_what_a_deleted_integration_sent_can_still_be_read(ana):
    found = connect("generic")
    path = unread(found)
    alert_settings.delete_integration("generic", ADA, MONDAY_9)
    assert path in ana.get(ALL).text
    page = ana.get(path)
    assert "Its integration is not there any more" in page.text
    assert pressed(ana, path, "aside").status == 303
    assert deliveries.in_trouble(ANA) == []


def test_the_side_bar_leads_there(ana):
    assert f'href="{ALL}"' in ana.get("/desk").text
