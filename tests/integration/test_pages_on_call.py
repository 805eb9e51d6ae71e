"""The settings pages of on-call: who is called now, the weeks drawn, and the editor."""

import re

import pytest

from chalicelib.services import desk_settings, members, settings
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import filled, plain, pressed, sent
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/on-call"
NEW, NIGHTS = f"{LIST}/new", f"{LIST}/nights"
ROTATION = {
    "id": "nights", "name": "Nights", "tier": 2, "zone": "UTC", "people": [CHI.id, DEV.id],
    "starts": "2026-11-23",
}  # fmt: skip
SWAP = {"over0_person": ANA.id, "over0_starts": "2026-11-25T09:00",
        "over0_ends": "2026-11-26T21:00"}  # fmt: skip


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA, BEN, CHI, DEV)
    stored()
    return Browser().sign_in(ADA)


def stored(**changed: object) -> None:
    desk_settings.put_rotation({**ROTATION, **changed}, ADA, MONDAY_9)


def weeks(page: Page) -> list[str]:
    """What each drawn week says of itself."""
    return re.findall(r'class="duty"[^>]*aria-label="([^"]*)"', page.text)


def test_the_list_says_who_is_called_now_until_when_and_who_is_next(ada):
    text = plain(ada.get(LIST))
    now, _, rest = text.partition("<dt>Next</dt>")
    assert "<b><bdi>Chi Okafor</bdi></b>" in now
    assert 'datetime="2026-11-30T09:00:00Z"' in now
    following, _, rest = rest.partition("<dt>Backup</dt>")
    assert "Dev Rao" in following
    assert "Dev Rao" in rest
    assert (
        "Turns of 7 days, handed over at 09:00. Calls for P1 and P2, and goes up after 10 " in text
    )


def test_four_weeks_are_drawn_and_said(ada):
    stored(overrides=[{"person": ANA.id, "starts": "2026-11-25T09:00:00Z",
                       "ends": "2026-11-26T21:00:00Z"}])  # fmt: skip
    found = weeks(ada.get(LIST))
    assert len(found) == 4
    assert found[0] == (
        "Week of 23 November: nobody Mon 23 Nov 00:00 to Mon 23 Nov 09:00; "
        "Chi Okafor Mon 23 Nov 09:00 to Wed 25 Nov 09:00; "
        "Ana Costa Wed 25 Nov 09:00 to Thu 26 Nov 21:00 (override); "
        "Chi Okafor Thu 26 Nov 21:00 to Mon 30 Nov 00:00"
    )
    assert found[1].startswith("Week of 30 November: Chi Okafor Mon 30 Nov 00:00 to Mon 30 Nov 09")
    page = ada.get(LIST)
    assert page.text.count('class="strip"') == 1
    listed = re.findall(r'<bdi class="grow">(.*?)</bdi>', page.text)
    assert listed[:4] == ["Chi Okafor", "Ana Costa", "Chi Okafor", "Dev Rao"]


def test_weeks_are_drawn_by_the_clock_of_the_rotations_zone(ada):
    stored(zone="Asia/Tokyo", overrides=[])
    assert "Chi Okafor Mon 23 Nov 09:00" in weeks(ada.get(NIGHTS))[0]


def test_whoever_left_is_not_called_and_the_page_says_so(ada):
    members.remove(CHI.id, ADA, MONDAY_9)
    text = plain(ada.get(LIST))
    assert "Somebody who left" in text
    page = ada.get(NIGHTS)
    assert f"{CHI.id} (left)" in page.text
    refused = sent(ada, NIGHTS)
    assert (refused.status, error_at(refused, "person0")) == (422, "There is no such agent.")


def test_without_rotations_the_list_says_what_that_means(ada):
    desk_settings.delete_rotation("nights", ADA, MONDAY_9)
    assert "Nobody is on call" in ada.get(LIST).text


def test_a_rotation_is_stored_with_turns_overrides_and_times(ada):
    page = ada.follow(sent(ada, NEW, id="eng", name="Engineering", tier="3", zone="Europe/Paris",
                           person0=DEV.id, person1="", person2=CHI.id, starts="2026-11-25",
                           hand_off="18:30", turn_days="2", within="5", pages_P2="",
                           pages_P4="yes", **SWAP))  # fmt: skip
    assert "Version 1 is stored." in page.text
    one = desk_settings.rotation("eng")
    assert (one.tier, one.zone, one.people) == (3, "Europe/Paris", (DEV.id, CHI.id))
    assert (one.starts, one.hand_off, one.turn_days) == ("2026-11-25", "18:30", 2)
    assert (one.pages_for, one.acknowledge_within, one.channels) == (("P1", "P4"), 300, ("mail",))
    assert [(o.person, o.starts, o.ends) for o in one.overrides] == [
        (ANA.id, "2026-11-25T08:00:00.000Z", "2026-11-26T20:00:00.000Z"),
    ]  # fmt: skip


def test_what_is_saved_unchanged_stays_the_same(ada):
    twice = {"person": BEN.id, "starts": "2027-10-31T01:30:00.000Z",  # a night with two 02:30
             "ends": "2027-10-31T09:00:15.000Z"}  # fmt: skip
    past = {"person": ANA.id, "starts": "2026-11-01T09:00:00.000Z",
            "ends": "2026-11-02T09:00:00.000Z"}  # fmt: skip
    stored(zone="Europe/Paris", overrides=[past, twice], acknowledge_within=90, turn_days=1)
    before = desk_settings.rotation("nights")
    assert sent(ada, NIGHTS).status == 303
    after_it = desk_settings.rotation("nights").to_data()
    assert {**after_it, "version": before.version} == before.to_data()


def test_overrides_that_ended_are_kept_unseen_and_forgotten_after_a_season(ada):
    old = [{"person": ANA.id, "starts": f"2026-{month}-01T09:00:00.000Z",
            "ends": f"2026-{month}-02T09:00:00.000Z"} for month in ("05", "11")]  # fmt: skip
    stored(overrides=old)
    page = ada.get(NIGHTS)
    assert filled(page, NIGHTS)["over0_starts"] == ""
    sent(ada, NIGHTS, **SWAP)
    assert [one.starts[:7] for one in desk_settings.rotation("nights").overrides] == [
        "2026-11", "2026-11",
    ]  # fmt: skip


def test_an_override_is_changed_and_removed(ada):
    sent(ada, NIGHTS, **SWAP)
    sent(ada, NIGHTS, over0_person=BEN.id)
    assert [one.person for one in desk_settings.rotation("nights").overrides] == [BEN.id]
    sent(ada, NIGHTS, over0_gone="yes")
    assert desk_settings.rotation("nights").overrides == ()


def test_people_move_in_the_order_of_turns_without_anything_being_stored(ada):
    form = {**filled(ada.get(NIGHTS), NIGHTS), "person2": BEN.id, "name": "Mine"}
    page = ada.post(NIGHTS, {**form, "up": "2"})
    assert page.status == 200
    again = filled(page, NIGHTS)
    assert [again[f"person{row}"] for row in range(3)] == [CHI.id, BEN.id, DEV.id]
    assert again["name"] == "Mine"
    page = ada.post(NIGHTS, {**again, "down": "0"})
    again = filled(page, NIGHTS)
    assert [again[f"person{row}"] for row in range(3)] == [BEN.id, CHI.id, DEV.id]
    for vain in ({"up": "0"}, {"down": "2"}, {"up": "99"}, {"down": "first"}):
        assert filled(ada.post(NIGHTS, {**again, **vain}), NIGHTS) == again
    assert desk_settings.rotation("nights").version == 1
    assert ada.post(NIGHTS, {**again, "do": "save"}).status == 303
    assert desk_settings.rotation("nights").people == (BEN.id, CHI.id, DEV.id)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "Give a name"),
        ({"tier": "1"}, "tier", "tier 2 or 3"),
        ({"zone": "Lisbon"}, "zone", "zone of the IANA database"),
        ({"zone": "", **SWAP}, "zone", "zone of the IANA database"),
        ({"person0": "", "person1": ""}, "person0", "at least one person"),
        ({"person2": CHI.id}, "person2", "named twice"),
        ({"person3": "P-NOBODY"}, "person3", "no such agent"),
        ({"starts": "soon"}, "starts", "date of the first hand-off"),
        ({"starts": ""}, "starts", "date of the first hand-off"),
        ({"hand_off": "9"}, "hand_off", "time of day"),
        ({"turn_days": "0"}, "turn_days", "from 1 to 90"),
        ({"turn_days": "a week"}, "turn_days", "whole days"),
        ({"within": "soon"}, "within", "like 10m"),
        ({"within": "30s"}, "within", "from 1 minute"),
        ({"within": "1441"}, "within", "to 24 hours"),
        ({**SWAP, "over0_person": ""}, "over0_person", "Choose who"),
        ({**SWAP, "over0_starts": ""}, "over0_starts", "the date and the hour"),
        ({**SWAP, "over0_ends": "tomorrow"}, "over0_ends", "the date and the hour"),
        ({**SWAP, "over0_ends": "2026-11-25T08:00"}, "over0_ends", "end after it starts"),
        ({**SWAP, "over1_person": BEN.id, "over1_starts": "2026-11-26T20:00",
          "over1_ends": "2026-11-27T09:00"}, "over1_starts", "overlaps"),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    page = sent(ada, NIGHTS, pages_P5="yes", **typed)
    assert page.status == 422
    assert words in error_at(page, field)
    again = filled(page, NIGHTS)
    assert again["pages_P5"] == "yes"
    assert all(again[name] == text for name, text in typed.items())
    assert desk_settings.rotation("nights").version == 1


def test_a_refused_override_stands_in_its_own_row(ada):
    stored(overrides=[{"person": ANA.id, "starts": "2026-11-20T09:00:00Z",
                       "ends": "2026-11-21T09:00:00Z"}])  # fmt: skip
    page = sent(ada, NIGHTS, over0_gone="yes", over0_person=ANA.id, over1_person=BEN.id,
                over1_starts="?", over1_ends="2026-11-27T09:00")  # fmt: skip
    assert error_at(page, "over1_starts")
    assert not error_at(page, "over0_starts")


def test_an_id_that_is_taken_or_reserved_is_refused(ada):
    known = {"name": "Another", "person0": CHI.id, "starts": "2026-11-23"}
    taken = sent(ada, NEW, id="nights", **known)
    assert (taken.status, "one with this id already" in taken.text) == (409, True)
    for wrong in ("new", "not an id", ""):
        page = sent(ada, NEW, id=wrong, **known)
        assert (page.status, bool(error_at(page, "id"))) == (422, True)


def test_a_rotation_that_somebody_else_stored_meanwhile_is_held_back(ada):
    form = {**filled(ada.get(NIGHTS), NIGHTS), "do": "save", "name": "Mine", "person2": BEN.id}
    stored(name="Theirs")
    held = ada.post(NIGHTS, form)
    assert held.status == 409
    assert "somebody else stored version 2" in held.text
    assert "stored <bdi>Theirs</bdi>" in plain(held)
    again = filled(held, NIGHTS)
    assert (again["name"], again["person2"], again["version"]) == ("Mine", BEN.id, "2")
    assert ada.post(NIGHTS, {**again, "do": "save"}).status == 303
    assert desk_settings.rotation("nights").name == "Mine"


def test_the_same_form_sent_twice_is_stored_once(ada):
    form = {**filled(ada.get(NIGHTS), NIGHTS), "do": "save", **SWAP}
    assert [ada.post(NIGHTS, form).status for _ in range(2)] == [303, 303]
    assert desk_settings.rotation("nights").version == 2


def test_a_rotation_is_deleted(ada):
    assert "It is deleted." in ada.follow(pressed(ada, NIGHTS, "delete")).text
    assert ada.get(NIGHTS).status == 404


def test_leads_read_admins_change_and_nobody_else_comes_in(ada):
    lea = Browser().sign_in(LEA)
    assert 'value="save"' not in lea.get(NIGHTS).text
    assert sent(lea, NIGHTS).status == 403
    assert pressed(lea, NIGHTS, "delete").status == 403
    employ(ROSA)
    for who in (ANA, ROSA):
        assert [Browser().sign_in(who).get(path).status for path in (LIST, NIGHTS)] == [403, 403]
    assert settings.rotations()[0].version == 1


def test_hostile_words_stay_words(ada):
    stored(name=HOSTILE)
    for path in (LIST, NIGHTS):
        assert "<script>alert" not in ada.get(path).text
    typed = ("zone", "starts", "hand_off", "turn_days", "within", "over0_starts", "person1")
    page = sent(ada, NIGHTS, **dict.fromkeys(typed, HOSTILE))
    assert (page.status, "<script>alert" in page.text) == (422, False)
