"""What alerts did to an incident, as a sentence after the actor's name; links; deliveries."""

import pytest

from chalicelib.domain.alerts import Decision
from chalicelib.services.deliveries import OUTCOMES
from chalicelib.web import alert_marks, delivery_marks
from chalicelib.web.narration import narrate

DISK = {"title": "Disk full", "severity": "critical", "integration": "Prometheus"}
WORSE = {"before": {"severity": "warning", "priority": "P3"},
         "after": {"severity": "critical", "priority": "P1"}}  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "text"), [
    ("alert_fired", DISK, "alert is firing: Disk full"),
    ("alert_fired", {**DISK, "left_out": 15},
     "alert is firing: Disk full (15 more of its group were not sent)"),
    ("alert_changed", {**DISK, **WORSE},
     "raised the severity from warning to critical and the priority from P3 to P1: Disk full"),
    ("alert_changed", {"title": "Heat", "before": {"priority": "P3"}, "after": {"priority": "P2"}},
     "raised the priority from P3 to P2: Heat"),
    ("alert_noted", DISK, "noted that somebody takes care of it in Prometheus: Disk full"),
    ("alert_flapping", {**DISK, "changes": 6, "minutes": 30},
     "noted that it is flapping: 6 changes in 30 minutes; the incident stays open until it is "
     "steady"),
    ("alert_flapping", DISK,
     "noted that Prometheus calls it flapping; the incident stays open meanwhile"),
    ("alert_steady", {"firing": False, "minutes": 30}, "noted that it is steady again, and over"),
    ("alert_steady", {"firing": True, "minutes": 30},
     "noted that it is steady again, and still firing"),
    ("alert_steady", DISK, "noted that Prometheus calls it steady again"),
    ("alert_stale", {"hours": 12.0, "integration": "Prometheus"},
     "noted that nothing was heard of it for 12 hours: it may be over, or Prometheus reports no "
     "more"),
    ("storm_began", {"key": "service=shop", "tickets": ["HD-1", "HD-2"]},
     "made it the incident of a storm of service=shop, with HD-1 and HD-2"),
    ("storm_began", {"key": "site=lyon", "tickets": []},
     "made it the incident of a storm of site=lyon"),
    ("storm_began", {"key": "k", "tickets": [f"HD-{n}" for n in range(7)]},
     "made it the incident of a storm of k, with HD-0, HD-1, HD-2, HD-3, HD-4 and 2 more"),
    ("folded", {"parent": "HD-1", "was": {"id": "P-1", "name": "Ana"}},
     "made it part of HD-1, away from Ana"),
    ("unfolded", {"parent": "HD-1", "tier": 2},
     "made it an incident of its own again, no longer part of HD-1"),
])  # fmt: skip
def test_what_an_alert_did_reads_as_a_sentence(kind, data, text):
    entry = {"kind": kind, "data": data, "by": {"id": "system", "name": "Tierline"}}
    assert narrate(entry)["text"] == text


@pytest.mark.parametrize(("href", "host"), [
    ("https://wiki.example/x", "wiki.example"), ("HTTP://prom.example:9090/g", "prom.example"),
    ("javascript:alert(1)", ""), ("data:text/html,x", ""), ("//evil.example", ""),
    ("https://", ""), ("http://[broken", ""), ("/desk", ""), ("", ""),
    ("https://wiki.example@evil.example/", "evil.example"),
])  # fmt: skip
def test_only_links_to_web_pages_are_shown_with_where_they_lead(href, host):
    found = alert_marks.safe_links([{"text": "Runbook", "href": href}])
    assert [one["host"] for one in found] == ([host] if host else [])


def test_a_link_that_is_there_twice_is_shown_once_by_its_first_name():
    twice = [{"text": "Runbook", "href": "https://w.example/"}, {"text": "More", "href": "https://v.example/"},
             {"text": "Source", "href": "https://w.example/"}]  # fmt: skip
    assert [one["text"] for one in alert_marks.safe_links(twice)] == ["Runbook", "More"]


def test_every_outcome_and_decision_has_its_words():
    assert set(OUTCOMES) == set(delivery_marks.OUTCOMES) == set(delivery_marks.SENTENCES)
    assert set(Decision) < set(delivery_marks.DECISIONS)


@pytest.mark.parametrize(("decisions", "detail", "text"), [
    ({"repeat": 5, "open": 2}, None, "2 opened, 5 repeated"),
    ({"strange": 1, "ignore": 3}, None, "3 changed nothing, 1 strange"),
    ({}, "It holds no alert.", "It holds no alert."),
    ({}, None, ""),
])  # fmt: skip
def test_decisions_are_said_in_words(decisions, detail, text):
    assert delivery_marks.said({"decisions": decisions, "detail": detail}) == text


@pytest.mark.parametrize(("size", "text"), [
    (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (5 * 1024 * 1024, "5.0 MB"),
])  # fmt: skip
def test_sizes_are_short(size, text):
    assert delivery_marks.size_words(size) == text
