"""The door of every page: who comes, whether a form is theirs, and how errors look."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from urllib.parse import quote

from chalice import Response
from chalice.app import Blueprint

from chalicelib.domain.errors import NotAuthenticated
from chalicelib.domain.permissions import Access, check_may_enter
from chalicelib.handlers.entry import report_unforeseen
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.errors import error_page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import UNFORESEEN, Refusal, problem_of
from chalicelib.services import origin, people, sessions
from chalicelib.services.signing import digest

FORM = "application/x-www-form-urlencoded"
ANY_TYPE = ["*/*"]  # Chalice would answer 415 in its own words
OUTDATED = "This form is too old or is not from this page. Load the page again, then send it."

pages = Blueprint("chalicelib.handlers.pages")

OF_SOMEBODY = frozenset(Access) - {Access.ANYONE, Access.KEY, Access.GUEST}

View = Callable[..., Response]


@dataclass(frozen=True)
class Page:
    """A page as it was registered."""

    path: str
    methods: tuple[str, ...]
    access: Access


PAGES: list[Page] = []


def page(
    path: str, *methods: str, access: Access, same_for_all: bool = False
) -> Callable[[View], View]:
    """Serve a page to those who may come. Its view is called with a Visit, and the path's parts.

    What is `same_for_all` asks nobody who they are, and reads nothing to find out.
    """

    def register(view: View) -> View:
        PAGES.append(Page(path, methods or ("GET",), access))

        @wraps(view)
        def answer(**parts: str) -> Response:
            incoming = Incoming.of(pages.current_request)
            origin.note(incoming.address)
            visit = Visit(incoming)
            try:
                visit = visit if same_for_all else visitor(incoming, parts.get("ticket_id"))
                check_form(visit)
                if access in OF_SOMEBODY:
                    check_may_enter(visit.actor, access)
                return view(visit, **parts)
            except NotAuthenticated:
                return sign_in_first(visit)
            except Exception as error:
                return answer_to(error, visit)

        name = f"page_{view.__name__}"
        route = pages.route(
            path, methods=list(methods) or ["GET"], content_types=ANY_TYPE, name=name
        )
        route(answer)
        return view

    return register


def visitor(incoming: Incoming, ticket_id: str | None) -> Visit:
    """Who comes: somebody signed in, a guest of this request, or just anybody."""
    signed_in = sessions.by_secret(cookies.read(incoming, cookies.SESSION), incoming.now)
    if signed_in:
        people.note_seen(signed_in.person, incoming.now)
    of_ticket = cookies.read(incoming, cookies.guest_name(ticket_id)) if ticket_id else None
    guest_pass = of_ticket or own_pass(incoming)
    csrf = signed_in.csrf if signed_in else guest_pass and digest("csrf", guest_pass)
    person = signed_in.person if signed_in else None
    session_id = signed_in.session_id if signed_in else None
    return Visit(incoming, person, csrf, guest_pass, session_id)


def own_pass(incoming: Incoming) -> str | None:
    """The pass to all of a guest's requests; on no other page does it speak for them."""
    of_guests = incoming.path == "/requests" or incoming.path.startswith("/requests/")
    return cookies.read(incoming, cookies.OWN) if of_guests else None


def check_form(visit: Visit) -> None:
    """An unsafe request must be a form, and of our own page.

    Where a cookie speaks for somebody, the form must carry their token, and a browser must say
    where it comes from. Without one there is nothing that a foreign page could abuse but the
    visitor's browser itself, so that it is enough that no word of it speaks against it.
    """
    incoming = visit.incoming
    if incoming.request.method in ("GET", "HEAD"):
        return
    if (incoming.header("content-type") or "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This page takes only its own form.")
    if incoming.comes_from_elsewhere() or not (visit.csrf is None or carries_token(visit)):
        raise Refusal(HTTPStatus.FORBIDDEN, OUTDATED)


def carries_token(visit: Visit) -> bool:
    given = visit.incoming.form.get("csrf", "").encode("utf-8", "replace")
    known = hmac.compare_digest(given, (visit.csrf or "").encode())
    return known and visit.incoming.is_a_browsers


def sign_in_first(visit: Visit) -> Response:
    wanted = visit.incoming.path if visit.incoming.request.method == "GET" else ""
    return visit.go_to(f"/sign-in?next={quote(wanted, safe='/')}" if wanted else "/sign-in")


def answer_to(error: Exception, visit: Visit) -> Response:
    known = problem_of(error)
    if known is None:
        report_unforeseen(error, visit.incoming)
    return error_page(visit, known or UNFORESEEN)
