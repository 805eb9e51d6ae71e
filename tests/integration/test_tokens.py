"""API tokens: made, used, limited, listed, and over."""

import json
from datetime import timedelta

import pytest

from chalicelib.domain.api_tokens import Scope, is_token, token_of
from chalicelib.domain.errors import NotAuthenticated, NotPermitted
from chalicelib.models.marker import Marker
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.token import ApiToken
from chalicelib.services import tokens
from tests.cast import ADA, ANA, BEN, MONDAY_9, after
from tests.factories import employ, token_for
from tests.integration.api import Api, a_request
from tests.integration.counting import counted, writes

pytestmark = pytest.mark.usefixtures("cloud")

MINE = "/people/me/tokens"


def made(api: Api, **asked) -> dict:
    got = api.post(MINE, {"label": "Night report", **asked})
    assert got.status == 201, got.body
    return got.json


def limited(*scopes: Scope) -> Api:
    employ(ANA, BEN)
    return Api(token=tokens.issue(ANA.id, "limited", MONDAY_9, scopes=scopes))


def test_a_token_is_shown_once_and_never_kept():
    ana = Api(ANA)
    new = made(ana)
    assert is_token(new["token"])
    assert Api(token=new["token"]).get("/people/me").json["id"] == ANA.id
    listed = ana.get(MINE)
    assert {one["label"] for one in listed.json["items"]} == {"Night report", "test"}
    assert new["token"] not in listed.body.decode()
    rows = json.dumps([one.to_simple_dict() for one in ApiToken.scan()], default=str)
    assert new["token"] not in rows


def test_a_token_of_nobody_opens_nothing():
    employ(ANA)
    good = token_for(ANA)
    for bad in ("", " ", "tl_", good[:-1], good + "x", good.swapcase(), good[3:], "tl_" + "0" * 49,
                token_of(b"\x00" * 32), "\u212a" * 52):  # fmt: skip
        assert Api(token=bad or " ").get("/people/me").status == 401, bad
        with pytest.raises(NotAuthenticated):
            tokens.bearer(bad, MONDAY_9)
    with pytest.raises(NotAuthenticated):
        tokens.bearer(None, MONDAY_9)


def test_what_cannot_be_one_of_ours_is_not_even_looked_up(monkeypatch):
    good = token_for(ANA)
    with counted(monkeypatch) as calls:
        for bad in (good[:-1] + ("0" if good[-1] != "0" else "1"), "tl_secret", "Basic"):
            with pytest.raises(NotAuthenticated):
                tokens.bearer(bad, MONDAY_9)
    assert not calls


def test_a_token_ends_after_a_year_or_when_it_was_said():
    employ(ANA)
    long, short = Api(ANA), made(Api(ANA), days=1)["token"]
    assert tokens.bearer(short, after(hours=23)).actor.id == ANA.id
    with pytest.raises(NotAuthenticated):
        tokens.bearer(short, after(days=1))
    usual = tokens.issue(ANA.id, "usual", MONDAY_9)
    assert tokens.bearer(usual, after(days=364)).actor.id == ANA.id
    with pytest.raises(NotAuthenticated):
        tokens.bearer(usual, after(days=365))
    assert long.post(MINE, {"label": "x", "days": 366}).status == 422


def test_a_scope_limits_what_the_role_allows():
    reader = limited(Scope.READ)
    assert reader.get("/tickets").status == 200
    refused = reader.post("/tickets", a_request())
    assert (refused.status, "tickets:write" in refused.json["detail"]) == (403, True)
    assert reader.put("/people/me", {"name": "Ana"}).status == 403
    writer = limited(Scope.TICKETS)
    assert writer.post("/tickets", a_request()).status == 201
    assert writer.get("/tickets").status == 403


def test_a_scope_gives_nothing_that_the_role_does_not():
    api = limited(*Scope)
    assert api.post("/teams", {"id": "x", "name": "X"}).status == 403


def test_a_token_cannot_make_one_that_may_do_more():
    api = limited(Scope.READ, Scope.TOKENS)
    assert api.post(MINE, {"label": "more"}).status == 403
    assert api.post(MINE, {"label": "more", "scopes": ["settings:write"]}).status == 403
    assert made(api, scopes=["read"])["scopes"] == ["read"]
    assert limited(Scope.READ).post(MINE, {"label": "x", "scopes": ["read"]}).status == 403


def test_a_token_cannot_make_one_that_lives_longer():
    employ(ANA)
    short = Api(token=tokens.issue(ANA.id, "short", MONDAY_9, timedelta(days=2)))
    assert made(short)["expires_at"] == "2026-11-25T09:00:00.000Z"
    assert made(short, days=1)["expires_at"] == "2026-11-24T09:00:00.000Z"
    again = Api(token=made(short)["token"])
    assert made(again, days=365)["expires_at"] == "2026-11-25T09:00:00.000Z"


def test_a_revoked_token_is_over_at_once():
    ana = Api(ANA)
    new = made(ana)
    assert ana.delete(f"{MINE}/{new['id']}").status == 204
    assert Api(token=new["token"]).get("/people/me").status == 401
    assert ana.delete(f"{MINE}/{new['id']}").status == 404


def test_the_tokens_of_others_are_not_there():
    theirs = made(Api(BEN))
    assert Api(ANA).delete(f"{MINE}/{theirs['id']}").status == 404
    assert Api(token=theirs["token"]).get("/people/me").status == 200


def test_the_last_use_is_written_down_once_an_hour(monkeypatch):
    token = token_for(ANA)
    tokens.bearer(token, MONDAY_9)
    with counted(monkeypatch) as calls:
        tokens.bearer(token, after(minutes=59))
    assert calls == {"GetItem": 2}
    with counted(monkeypatch) as calls:
        tokens.bearer(token, after(minutes=60))
    assert writes(calls) == {"UpdateItem": 1}
    assert tokens.of(ANA.id)[0].last_used_at == after(minutes=60)


def test_a_keyed_request_makes_one_token_and_does_not_show_it_again():
    ana = Api(ANA)
    first = ana.post(MINE, {"label": "Once"}, Idempotency_Key="k")
    again = ana.post(MINE, {"label": "Once"}, Idempotency_Key="k")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json == {**first.json, "token": None}
    assert [one.label for one in tokens.of(ANA.id)].count("Once") == 1
    kept = json.dumps([one.to_simple_dict() for one in Marker.scan()], default=str)
    assert first.json["token"] not in kept


def test_a_keyed_request_that_comes_twice_at_once_is_answered_twice_alike(monkeypatch):
    ana, asked = Api(ANA), {"label": "Once"}
    first = []

    def overtaken(*records, **others):
        monkeypatch.setattr(tokens, "save_together", save_together)
        first.append(ana.post(MINE, asked, Idempotency_Key="k"))
        save_together(*records, **others)

    monkeypatch.setattr(tokens, "save_together", overtaken)
    second = ana.post(MINE, asked, Idempotency_Key="k")
    assert (first[0].status, second.status, second.json["token"]) == (201, 201, None)
    assert [one.label for one in tokens.of(ANA.id)].count("Once") == 1


def test_revoking_one_that_another_write_holds_is_tried_again(monkeypatch):
    ana = Api(ANA)
    new, races = made(ana), iter([NotSaved([])])

    def beaten_once(*records, **others):
        for race in races:
            raise race
        save_together(*records, **others)

    monkeypatch.setattr(tokens, "save_together", beaten_once)
    assert ana.delete(f"{MINE}/{new['id']}").status == 204
    assert Api(token=new["token"]).get("/people/me").status == 401


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"label": ""}, "/label"),
        ({"label": "x" * 101}, "/label"),
        ({"label": "x", "scopes": []}, "/scopes"),
        ({"label": "x", "scopes": ["all"]}, "/scopes/0"),
        ({"label": "x", "days": 0}, "/days"),
        ({"label": "x", "token": "tl_mine"}, "/token"),
        ({"label": "x", "person_id": ADA.id}, "/person_id"),
    ],
)
def test_what_is_wrong_is_said_field_by_field(asked, pointer):
    refused = Api(ANA).post(MINE, asked)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_the_tokens_of_who_is_gone_open_nothing():
    employ(ADA)
    token = token_for(ANA)
    Api(ADA).delete(f"/people/{ANA.id}")
    assert Api(token=token).get("/people/me").status == 401
    assert tokens.of(ANA.id) == []


def test_there_are_not_more_tokens_than_one_can_oversee(monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    ana = Api(ANA)
    made(ana)
    assert ana.post(MINE, {"label": "one too many"}).status == 409


def test_a_scope_is_asked_of_in_one_place():
    bearer = tokens.Bearer(ANA, frozenset({"read"}))
    bearer.check_may(Scope.READ)
    with pytest.raises(NotPermitted):
        bearer.check_may(Scope.TICKETS)
