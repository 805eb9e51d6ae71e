"""The operators' commands for signing in: invitations, linking, tokens and sessions."""

import pytest

from chalicelib.domain.api_tokens import is_token
from chalicelib.domain.errors import Conflict, NotAuthenticated, NotFound, NotPermitted
from chalicelib.models.audit import AuditRow
from chalicelib.models.person import Person
from chalicelib.services import people, sessions, sign_in, tokens
from chalicelib.services.sign_in import NEW_PASSWORD
from tests.cast import ADA, ANA, BEN, MONDAY_9
from tests.factories import employ
from tests.integration.commands import answer, refusal, run
from tests.integration.pool import open_pool

pytestmark = pytest.mark.usefixtures("cloud")

ISSUER = "https://id.example"


@pytest.fixture(autouse=True)
def desk(cloud, monkeypatch) -> None:
    open_pool(monkeypatch)
    employ(ANA, BEN)


def issued(*options: str) -> str:
    return "".join(run("tokens", "issue", ANA.email, "ci", *options).split())


def told() -> list[str]:
    return [one.action for one in AuditRow.scan()]


def test_the_first_admin_of_an_empty_desk_comes_by_a_command():
    said = run("people", "add", "Ada Novak", ADA.email, "admin", "--capacity", "0")
    temporary = said.partition("Password for the first sign-in: ")[2].split()[0]
    step = sign_in.with_password(ADA.email, temporary, sessions.From(), MONDAY_9)
    assert step.kind == NEW_PASSWORD
    done = sign_in.with_answer(step.state, "my-own-password", sessions.From(), MONDAY_9)
    assert people.actor_of(done.person).role == "admin"
    assert {"person.invited", "session.began"} <= set(told())


def test_an_invitation_by_mail_is_not_shown():
    said = run("people", "add", "Eve", "eve@desk.example", "agent", "--tier", "1", "--by-mail")
    assert "on its way to eve@desk.example" in said and "first sign-in:" not in said


def test_who_is_known_is_not_invited_again_by_a_change_of_profile():
    run("people", "invite", ANA.email)
    subject = Person.get(ANA.id).subject
    assert "Password" not in run("people", "add", "Ana Costa", ANA.email, "agent", "--tier", "2")
    assert Person.get(ANA.id).subject == subject


def test_somebody_is_linked_to_another_provider_once():
    secret = sessions.start(Person.get(ANA.id), MONDAY_9)
    run("people", "link", ANA.email, ISSUER, "abc")
    assert Person.get(ANA.id).subject == f"{ISSUER}|abc"
    assert sessions.by_secret(secret, MONDAY_9) is None
    assert isinstance(refusal("people", "link", BEN.email, ISSUER, "abc"), Conflict)
    assert "person.linked" in told()


def test_a_token_is_issued_listed_and_revoked():
    token = issued("--scope", "read", "--days", "30")
    assert is_token(token)
    (found,) = answer("tokens", "list", ANA.email)
    assert (found["label"], found["scopes"]) == ("ci", ["read"])
    assert token not in str(answer("tokens", "list", ANA.email))
    run("tokens", "revoke", ANA.email, found["id"])
    with pytest.raises(NotAuthenticated):
        tokens.bearer(token, MONDAY_9)
    assert isinstance(refusal("tokens", "revoke", ANA.email, found["id"]), NotFound)
    assert {"api_token.created", "api_token.revoked"} <= set(told())


def test_a_token_has_all_scopes_unless_some_are_named():
    every = tokens.bearer(issued(), MONDAY_9)
    assert all(every.check_may(scope) is None for scope in tokens.EVERYTHING)
    with pytest.raises(NotPermitted):
        tokens.bearer(issued("--scope", "read"), MONDAY_9).check_may(tokens.Scope.SETTINGS)


def test_somebody_is_signed_out_everywhere():
    secrets = [sessions.start(Person.get(ANA.id), MONDAY_9) for _ in range(2)]
    theirs = sessions.start(Person.get(BEN.id), MONDAY_9)
    assert len(answer("sessions", "list", ANA.email)) == 2
    assert "2 sessions ended" in run("sessions", "end", ANA.email)
    assert [sessions.by_secret(one, MONDAY_9) for one in secrets] == [None, None]
    assert sessions.by_secret(theirs, MONDAY_9)
    assert "session.all_ended" in told()


def test_a_lost_app_is_reset():
    run("people", "invite", ANA.email)
    Person.get(ANA.id).note_second_factor(MONDAY_9)
    run("people", "reset-second-factor", ANA.email)
    assert Person.get(ANA.id).second_factor_at is None
