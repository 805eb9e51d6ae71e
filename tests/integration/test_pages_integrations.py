"""The settings pages of integrations: the tool, the editor, the address, the keys, a test."""

import pytest

from chalicelib.services import alert_settings, hook_keys, settings
from tests.cast import ADA, ANA, LEA
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.editors import filled, pressed, sent
from tests.integration.monitoring import connect, incidents, log, report, told, work_off
from tests.integration.page_text import text_of
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/integrations"
NEW = f"{LIST}/new"
PROM = f"{LIST}/alertmanager"
BASE = "https://desk.example"


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA)
    return Browser().sign_in(ADA)


def new(ada: Browser, source: str, /, **typed: str):
    """Fill in the editor of a new integration of a tool, and store it."""
    form = filled(ada.get(f"{NEW}?source={source}"), NEW)
    return ada.post(NEW, {**form, "do": "save", **typed})


def test_every_tool_can_be_chosen_and_has_an_editor_with_its_steps(ada):
    page = ada.get(NEW)
    for source in ("alertmanager", "grafana", "sns", "generic", "uptime-kuma", "monit"):
        assert f'href="{NEW}?source={source}"' in page.text
        editor = ada.get(f"{NEW}?source={source}")
        assert editor.status == 200
        assert "In the tool" in editor.text
        assert "{url}" not in editor.text
    assert ada.get(f"{NEW}?source=nonsense").text.count("?source=") > 20


def test_a_new_integration_is_stored_with_an_address_and_a_secret_to_paste(ada):
    page = ada.follow(new(ada, "alertmanager", id="prom", name="Prometheus of Lyon"))
    assert "It is stored. Set the tool up now" in page.text
    found = alert_settings.integration("prom")
    assert (found.name, found.source, found.enabled) == ("Prometheus of Lyon", "alertmanager", True)
    text = text_of(page)
    address = hook_keys.address(found, BASE)
    assert page.text.count(address) == 2  # to be copied, and in the steps
    assert page.text.count(hook_keys.secret(found)) == 2
    assert "The key in the address." in text


def test_what_is_typed_is_what_happens_to_its_alerts(ada):
    new(ada, "alertmanager", id="prom", on_resolve="quiet", quiet_for="10m", reopen_within="2h",
        flap_changes="4", flap_within="1h", storm_size="0", storm_within="90s",
        storm_by="site, group", stale_after="12h", silent_after="", incidents_per_minute="60",
        requires="credentials", enabled="")  # fmt: skip
    found = alert_settings.integration("prom")
    assert (found.on_resolve, found.quiet_for, found.reopen_within) == ("quiet", 600, 7200)
    assert (found.flap_changes, found.flap_within) == (4, 3600)
    assert (found.storm_size, found.storm_within, found.storm_by) == (0, 90, ["site", "group"])
    assert (found.stale_after, found.silent_after) == (12 * 3600, None)
    assert found.incidents_per_minute == 60
    assert found.options == {"requires": "credentials"}
    assert not found.enabled
    assert "switched off" in text_of(ada.get(LIST))


def test_what_is_saved_unchanged_stays_the_same(ada):
    connect()
    before = alert_settings.integration("alertmanager")
    assert sent(ada, PROM).status == 303
    after = alert_settings.integration("alertmanager")
    assert after.version == before.version + 1
    assert {**after.to_data(), "version": 1} == before.to_data()


def test_each_tool_has_its_own_options(ada):
    new(ada, "grafana", id="graf", requires="signature", signature_header="X-Sig",
        timestamp_header="X-Stamp")  # fmt: skip
    assert alert_settings.integration("graf").options == {
        "requires": "signature", "signature_header": "X-Sig", "timestamp_header": "X-Stamp",
    }  # fmt: skip
    new(ada, "sns", id="aws", topics="arn:aws:sns:eu-west-1:1:a\r\narn:aws:sns:eu-west-1:1:b")
    topics = alert_settings.integration("aws").options["topics"]
    assert topics == ["arn:aws:sns:eu-west-1:1:a", "arn:aws:sns:eu-west-1:1:b"]
    new(ada, "generic", id="own", map_identity="id", map_title='host + ": " + name',
        map_labels="site = where.site")  # fmt: skip
    assert alert_settings.integration("own").options["mapping"] == {
        "identity": "id", "title": 'host + ": " + name', "labels": {"site": "where.site"},
    }  # fmt: skip
    assert "map_identity" not in filled(ada.get(f"{LIST}/graf"), f"{LIST}/graf")


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"name": ""}, "name", "Give a name"),
    ({"on_resolve": "never"}, "on_resolve", "Choose one of these."),
    ({"quiet_for": "soon"}, "quiet_for", "Write it like 15m"),
    ({"quiet_for": "25h"}, "quiet_for", "to 24h"),
    ({"stale_after": "5s"}, "stale_after", "From 1m"),
    ({"flap_changes": "many"}, "flap_changes", "whole number"),
    ({"storm_size": "-1"}, "storm_size", "whole number"),
    ({"incidents_per_minute": "0"}, "incidents_per_minute", "from 1"),
    ({"requires": "faith"}, "requires", "Choose one of these."),
    ({"signature_header": "x" * 101}, "signature_header", "name of a header"),
    ({"map_title": "a..b", "map_identity": "id"}, "map_title", "names with dots"),
    ({"map_labels": "nonsense"}, "map_labels", "Write a label and where it is"),
    ({"pasted_secret": "caf\u00e9"}, "pasted_secret", "ASCII"),
    ({"storm_by": ", ".join(map(str, range(20)))}, "storm_by", "names of labels"),
])  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    connect("generic")
    path = f"{LIST}/generic"
    kept = {"reopen_within": "3h", "map_text": "kept.here", **typed}
    page = sent(ada, path, **kept)
    assert page.status == 422
    assert words in error_at(page, field)
    again = filled(page, path)
    assert all(again.get(name, text) == text for name, text in kept.items())
    assert alert_settings.integration("generic").version == 1


def test_a_refusal_of_a_new_one_keeps_its_tool(ada):
    page = new(ada, "sns", id="?", topics="nonsense")
    assert page.status == 422
    assert "arn:aws:sns" in error_at(page, "topics")
    assert "letters, digits" in error_at(page, "id")
    assert filled(page, NEW)["source"] == "sns"
    unknown = new(ada, "sns", source="nonsense")
    assert unknown.status == 422


def test_an_id_that_is_taken_is_refused(ada):
    connect()
    page = new(ada, "alertmanager", id="alertmanager")
    assert page.status == 409
    assert "There is one with this id already." in page.text


def test_what_somebody_else_stored_meanwhile_is_not_written_over(ada):
    connect()
    form = filled(ada.get(PROM), PROM)
    sent(ada, PROM, name="Theirs")
    page = ada.post(PROM, {**form, "do": "save", "name": "Mine"})
    assert (page.status, "somebody else stored version 2" in page.text) == (409, True)
    assert filled(page, PROM)["name"] == "Mine"


def test_a_secret_that_the_tool_made_is_kept_and_never_shown_again(ada):
    new(ada, "sentry", id="sentry", pasted_secret="made-by-sentry")
    page = ada.get(f"{LIST}/sentry")
    assert "made-by-sentry" not in page.text
    assert "it is not shown again" in page.text
    sent(ada, f"{LIST}/sentry", name="Sentry of the shop")
    assert hook_keys.secret(alert_settings.integration("sentry")) == "made-by-sentry"
    sent(ada, f"{LIST}/sentry", own_secret="yes")
    assert alert_settings.integration("sentry").pasted is None


def test_a_test_says_what_it_would_do_and_opens_nothing(ada):
    found = connect()
    page = ada.follow(pressed(ada, PROM, "test"))
    assert "A test was sent." in page.text
    work_off()
    text = text_of(ada.get(PROM))
    assert "would open a P1 incident" in text
    assert incidents() == []
    (only,) = log(found)
    page = ada.get(f"/desk/integrations/alertmanager/deliveries/{only.delivery_id}")
    assert 'value="replay"' not in page.text


def test_keys_are_renewed_and_the_old_ones_forgotten(ada):
    before = connect()
    page = ada.follow(pressed(ada, PROM, "renew"))
    found = alert_settings.integration("alertmanager")
    assert hook_keys.address(found, BASE) in page.text
    assert hook_keys.address(found, BASE) != hook_keys.address(before, BASE)
    assert "are still good" in page.text
    assert len(found.key_hashes) == 2
    assert "are good now" in ada.follow(pressed(ada, PROM, "forget")).text
    assert len(alert_settings.integration("alertmanager").key_hashes) == 1
    assert 'value="forget"' not in ada.get(PROM).text


def test_an_integration_is_deleted_by_a_button(ada):
    connect()
    assert "It is deleted." in ada.follow(pressed(ada, PROM, "delete")).text
    assert settings.integrations() == []
    assert ada.get(PROM).status == 404


def test_the_list_shows_how_each_is_doing(ada):
    found = connect()
    assert "never reported" in text_of(ada.get(LIST))
    report(found, told("Disk"))
    assert "reports" in text_of(ada.get(LIST))


def test_a_lead_reads_all_but_the_address_and_the_secret_and_may_send_a_test(ada):
    found = connect()
    lea = Browser().sign_in(LEA)
    page = lea.get(PROM)
    assert hook_keys.address(found, "") not in page.text
    assert hook_keys.secret(found) not in page.text
    assert 'value="save"' not in page.text
    assert "the address of this integration" in text_of(page)
    for do in ("renew", "forget", "delete"):
        refused = lea.post(PROM, {"csrf": page.forms[PROM]["csrf"], "do": do})
        assert refused.status == 403
    assert pressed(lea, PROM, "test").status == 303
    assert alert_settings.integration("alertmanager").generation == 1


def test_hostile_text_is_shown_as_text(ada):
    new(ada, "generic", id="own", name=HOSTILE, map_identity="id", map_title=f"'{HOSTILE}'")
    for path in (LIST, f"{LIST}/own", "/desk/deliveries", "/desk/integrations/own/deliveries"):
        assert "<script>alert" not in ada.get(path).text
