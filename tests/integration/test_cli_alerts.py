"""The operators' commands for integrations, alert rules and maintenance windows."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.services import hook_keys, settings
from tests.integration.commands import answer, invoke, refusal, run
from tests.integration.monitoring import incidents, log, send, work_off

pytestmark = pytest.mark.usefixtures("cloud")

PROM = {"id": "prometheus", "name": "Prometheus", "source": "alertmanager"}
RULE = {"id": "shop", "name": "Shop", "matchers": ["service=shop"], "tier": 2}
PATCHES = {"id": "patches", "name": "Patches", "starts_at": "2026-11-23T09:00", "minutes": 60}


@pytest.fixture
def file(tmp_path: Path):
    def written(data: Any) -> str:
        path = tmp_path / "draft.json"
        path.write_text(json.dumps(data))
        return str(path)

    return written


def shown(*words: str) -> dict:
    return json.loads(run("integrations", "show", "prometheus", *words))


# Integrations.


def test_integrations_are_stored_listed_and_deleted(file):
    assert "prometheus is at version 1" in run("integrations", "put", file(PROM))
    assert "never" in run("integrations", "list")
    assert "prometheus is at version 2" in run("integrations", "put", file(shown()))
    assert [one["version"] for one in answer("integrations", "list")] == [2]
    assert isinstance(refusal("integrations", "put", file({**PROM, "source": "x"})), Invalid)
    assert isinstance(refusal("integrations", "put", file({**PROM, "id": ["x"]})), Invalid)
    assert isinstance(refusal("integrations", "put", file({**PROM, "colour": 1})), Invalid)
    assert "prometheus is gone" in run("integrations", "delete", "prometheus")
    assert isinstance(refusal("integrations", "show", "prometheus"), NotFound)
    assert isinstance(refusal("integrations", "delete", "prometheus"), NotFound)


def test_a_secret_is_told_only_to_who_asks_for_it(file):
    stored = run("integrations", "put", file(PROM))
    found = settings.integration("prometheus")
    address, secret = hook_keys.address(found, "https://desk.example"), hook_keys.secret(found)
    said = [stored, run("integrations", "list"), run("integrations", "list", "--json"),
            run("integrations", "show", "prometheus")]  # fmt: skip
    assert not any(secret in words or address in words for words in said)
    told = shown("--secret")
    assert (told["address"], told["secret"]) == (address, secret)


def test_a_key_is_renewed_and_the_old_one_forgotten(file):
    run("integrations", "put", file(PROM))
    before = shown("--secret")
    assert "show --secret" in run("integrations", "renew-key", "prometheus")
    after = shown("--secret")
    assert (after["old_key_works"], after["address"] != before["address"]) == (True, True)
    run("integrations", "forget-old-keys", "prometheus")
    assert shown()["old_key_works"] is False
    assert isinstance(refusal("integrations", "renew-key", "nowhere"), NotFound)


def test_a_test_is_sent_and_deliveries_are_listed_and_tried_again(file):
    run("integrations", "put", file(PROM))
    found = settings.integration("prometheus")
    assert "Sent as" in run("integrations", "test", "prometheus")
    work_off()
    send(found, b"<html>")
    outcomes = {one["outcome"] for one in answer("integrations", "deliveries", "prometheus")}
    assert outcomes == {"test", "unreadable"}
    assert "unreadable" in run("integrations", "deliveries", "prometheus")
    assert len(answer("integrations", "deliveries", "prometheus", "--limit", "1")) == 1
    bad = next(one for one in log(found) if one.outcome == "unreadable")
    assert "Sent again as" in run("integrations", "replay", "prometheus", bad.delivery_id)
    work_off()
    assert [one.replay_of for one in log(found)].count(bad.delivery_id) == 1
    assert isinstance(refusal("integrations", "replay", "prometheus", "X"), NotFound)
    assert isinstance(refusal("integrations", "deliveries", "nowhere"), NotFound)
    assert isinstance(refusal("integrations", "test", "nowhere"), NotFound)
    assert invoke("integrations", "deliveries", "prometheus", "--limit", "0").exit_code == 2
    assert incidents() == []


# Alert rules and windows.


def test_alert_rules_are_stored_ordered_listed_and_deleted(file):
    assert "shop is at version 1" in run("alert-rules", "put", file(RULE))
    run("alert-rules", "put", file({"id": "all", "name": "All"}))
    run("alert-rules", "order", "shop", "all")
    assert [one["id"] for one in answer("alert-rules", "list")] == ["shop", "all"]
    assert "service=shop" in run("alert-rules", "list")
    assert isinstance(refusal("alert-rules", "order", "shop"), Invalid)
    assert isinstance(refusal("alert-rules", "put", file({**RULE, "tier": 7})), Invalid)
    assert "shop is gone" in run("alert-rules", "delete", "shop")
    assert isinstance(refusal("alert-rules", "delete", "shop"), NotFound)


def test_windows_are_stored_listed_and_deleted(file):
    assert "patches is at version 1" in run("windows", "put", file(PATCHES))
    (found,) = answer("windows", "list")
    assert (found["now"], found["next_at"]) == (True, None)
    assert "patches is at version 2" in run("windows", "put", file(found))
    assert "patches" in run("windows", "list")
    assert isinstance(refusal("windows", "put", file({**PATCHES, "minutes": 0})), Invalid)
    assert "patches is gone" in run("windows", "delete", "patches")
    assert isinstance(refusal("windows", "delete", "patches"), NotFound)
