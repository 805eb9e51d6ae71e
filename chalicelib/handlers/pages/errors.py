"""Errors as pages: what happened, what to do now, and never how it happened inside."""

from __future__ import annotations

from http import HTTPStatus

from chalice import Response

from chalicelib.domain.vocabulary import STAFF
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import Problem

TITLES = {
    HTTPStatus.BAD_REQUEST: "We could not read that",
    HTTPStatus.FORBIDDEN: "That is not possible",
    HTTPStatus.NOT_FOUND: "We cannot find that page",
    HTTPStatus.CONFLICT: "That is not possible any more",
    HTTPStatus.PRECONDITION_FAILED: "The ticket has changed meanwhile",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too much at once",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "We could not read that",
    HTTPStatus.UNPROCESSABLE_ENTITY: "We could not read that",
    HTTPStatus.TOO_MANY_REQUESTS: "Too often in a short time",
    HTTPStatus.SERVICE_UNAVAILABLE: "Very busy right now",
}
BROKEN = "Something went wrong on our side"
ADVICE = {
    HTTPStatus.NOT_FOUND: (
        "The link may be incomplete or too old. Use the newest link in our mail, or sign in."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Nothing was half done. Go back and try again in a minute; what you typed is still there."
    ),
}


def error_page(visit: Visit, problem: Problem) -> Response:
    at_desk = visit.person is not None and visit.person.role in STAFF
    answer = visit.show(
        "problem.html",
        problem.status,
        title=TITLES.get(problem.status, BROKEN),
        advice=ADVICE.get(problem.status, problem.detail),
        home="/desk" if at_desk else "/",
        home_title="To the work list" if at_desk else "To the start page",
        request_id=visit.incoming.request_id,
    )
    if problem.retry_after is not None:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer
