"""The door of every page: who comes, whether a form is theirs, and how errors look."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import quote

from chalice import Response
from chalice.app import Blueprint

from chalicelib.domain.errors import NotAuthenticated
from chalicelib.handlers.entry import report_unforeseen
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.errors import error_page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import UNFORESEEN, Refusal, problem_of
from chalicelib.services import people
from chalicelib.services.signing import digest

FORM = "application/x-www-form-urlencoded"
ANY_TYPE = ["*/*"]  # Chalice would answer 415 in its own words
OUTDATED = "This form is too old or is not from this page. Load the page again, then send it."

pages = Blueprint("chalicelib.handlers.pages")

View = Callable[..., Response]


def page(path: str, *methods: str, same_for_all: bool = False) -> Callable[[View], View]:
    """Serve a page. Its view is called with a Visit, and the path's parts by name.

    What is `same_for_all` asks nobody who they are, and reads nothing to find out.
    """

    def register(view: View) -> View:
        @wraps(view)
        def answer(**parts: str) -> Response:
            incoming = Incoming.of(pages.current_request)
            visit = Visit(incoming)
            try:
                visit = visit if same_for_all else visitor(incoming, parts.get("ticket_id"))
                check_form(visit)
                return view(visit, **parts)
            except NotAuthenticated:
                return sign_in_first(visit)
            except Exception as error:
                return answer_to(error, visit)

        name = f"page_{view.__name__}"
        pages.route(path, methods=list(methods) or ["GET"], content_types=ANY_TYPE, name=name)(
            answer
        )
        return view

    return register


def visitor(incoming: Incoming, ticket_id: str | None) -> Visit:
    """Who comes: somebody signed in, a guest of this request, or just anybody."""
    signed_in = people.by_session(cookies.read(incoming, cookies.SESSION), incoming.now)
    if signed_in:
        people.note_seen(signed_in.person, incoming.now)
    guest_pass = cookies.read(incoming, cookies.guest_name(ticket_id)) if ticket_id else None
    csrf = signed_in.csrf if signed_in else guest_pass and digest("csrf", guest_pass)
    return Visit(incoming, signed_in.person if signed_in else None, csrf, guest_pass)


def check_form(visit: Visit) -> None:
    """An unsafe request must be a form, come from our own page and carry its token."""
    incoming = visit.incoming
    if incoming.request.method in ("GET", "HEAD"):
        return
    if (incoming.header("content-type") or "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This page takes only its own form.")
    given = incoming.form.get("csrf", "").encode("utf-8", "replace")
    known = visit.csrf is None or hmac.compare_digest(given, visit.csrf.encode())
    if not (known and incoming.comes_from_ourselves()):
        raise Refusal(HTTPStatus.FORBIDDEN, OUTDATED)


def sign_in_first(visit: Visit) -> Response:
    wanted = visit.incoming.path if visit.incoming.request.method == "GET" else ""
    return visit.go_to(f"/sign-in?next={quote(wanted, safe='/')}" if wanted else "/sign-in")


def answer_to(error: Exception, visit: Visit) -> Response:
    known = problem_of(error)
    if known is None:
        report_unforeseen(error, visit.incoming)
    return error_page(visit, known or UNFORESEEN)
