"""API tokens: how they look, and which scope a call needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.api_tokens import SHAPE, Scope, is_token, scope_for, token_of
from chalicelib.handlers.api.endpoint import ENDPOINTS

TOKEN = token_of(bytes(range(32)))


@given(st.binary(min_size=32, max_size=32))
def test_every_token_has_the_one_shape_and_its_own_checksum(randomness):
    token = token_of(randomness)
    assert SHAPE.fullmatch(token) and is_token(token)


def test_the_largest_number_fits():
    assert is_token(token_of(b"\xff" * 32))


@given(st.integers(min_value=3, max_value=len(TOKEN) - 1), st.characters(codec="ascii"))
def test_a_typo_is_known_at_sight(place, other):
    changed = TOKEN[:place] + other + TOKEN[place + 1 :]
    assert is_token(changed) == (changed == TOKEN)


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1))
def test_a_fragment_is_none_of_ours(length):
    assert not is_token(TOKEN[:length])
    assert not is_token(TOKEN[length + 1 :])


@given(st.text())
def test_neither_is_anything_else(text):
    assert not is_token(text)


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/tickets/{ticket_id}", Scope.READ),
        ("GET", "/audit", Scope.READ),
        ("POST", "/tickets", Scope.TICKETS),
        ("POST", "/ticket-transfers", Scope.TICKETS),
        ("DELETE", "/tickets/{ticket_id}/hold", Scope.TICKETS),
        ("PUT", "/people/me/availability", Scope.PROFILE),
        ("PUT", "/people/{person_id}/availability", Scope.SETTINGS),
        ("POST", "/people/me/tokens", Scope.TOKENS),
        ("DELETE", "/people/me/sessions/{session_id}", Scope.TOKENS),
        ("POST", "/people", Scope.SETTINGS),
        ("PUT", "/teams/{team_id}", Scope.SETTINGS),
        ("POST", "/ticketsfromelsewhere", Scope.SETTINGS),
    ],
)
def test_a_call_needs_the_scope_of_what_it_changes(method, path, scope):
    assert scope_for(method, path) is scope


def test_no_call_that_changes_something_is_content_with_reading():
    import chalicelib.handlers.api  # noqa: F401 - registers them

    changing = [one for one in ENDPOINTS if one.method not in ("GET", "HEAD")]
    assert changing
    assert all(scope_for(one.method, one.path) is not Scope.READ for one in changing)
