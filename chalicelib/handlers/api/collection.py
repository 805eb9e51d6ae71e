"""A kind of setting over HTTP: listed, added, read, replaced and deleted, always in one way."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice import Response
from pydantic import BaseModel

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.permissions import Access, check_can_configure
from chalicelib.handlers.api.endpoint import Call, View, endpoint
from chalicelib.handlers.api.preconditions import do_once, etag, seen_version
from chalicelib.handlers.api.schemas import Strict
from chalicelib.handlers.entry import json_response, no_content

Data = dict[str, Any]


@dataclass(frozen=True)
class Collection:
    """One kind: its address and names, its shapes, the services behind it, and what each is for.

    `put` answers with what it stored, or with that and the job that it began. `says` is of the
    list, of POST, and of GET, PUT and DELETE of one.
    """

    path: str
    one: str
    many: str
    body: type[Strict]
    answer: type[BaseModel]
    answers: type[BaseModel]
    listed: Callable[[], list[Any]]
    found: Callable[[str], Any]
    put: Callable[..., Any]
    deleted: Callable[..., Any]
    says: tuple[str, str, str, str, str]
    tag: str = "settings"


def serve(kind: Collection) -> None:
    """Register the five endpoints."""
    item = f"{kind.path}/{{{kind.one}_id}}"
    shape: Data = {"answers": kind.answer}
    change: Data = {"body": kind.body, **shape}
    ways: tuple[tuple[str, str, str, View, Data], ...] = (
        ("GET", kind.path, f"list_{kind.many}", listed, {"answers": kind.answers}),
        ("POST", kind.path, f"add_{kind.one}", _added, {**change, "status": 201, "keyed": True}),
        ("GET", item, f"read_{kind.one}", _read, shape),
        ("PUT", item, f"put_{kind.one}", _replaced, change),
        ("DELETE", item, f"delete_{kind.one}", _deleted, {"answers": None, "status": 204}),
    )
    for (method, path, name, view, details), says in zip(ways, kind.says, strict=True):
        access = Access.DESK if method == "GET" else Access.ADMIN
        register = endpoint(method, path, access, tags=(kind.tag,), **details)
        register(_bound(kind, view, name, says))


def listed(kind: Collection, call: Call) -> Response:
    """All there are, as they are now."""
    return json_response({"items": [_view(one) for one in kind.listed()], "next": None})


def with_id(body: Any) -> Data:
    """What was sent, with an id made of the name where none was."""
    data = data_of(body)
    return {"id": _id_from(data["name"]), **data}


def data_of(body: Any) -> Data:
    """Only what was sent: what is left out has the domain's own default."""
    hours = {"calendar": body.calendar} if hasattr(body, "calendar") else {}
    sent = body.model_dump(exclude_unset=True).items()
    return {**hours, **{name: value for name, value in sent if value is not None}}


def _bound(kind: Collection, view: View, name: str, says: str) -> View:
    def answer(call: Call, **path: str) -> Response:
        return view(kind, call, *path.values())

    answer.__name__, answer.__doc__ = name, says
    return answer


def _added(kind: Collection, call: Call) -> Response:
    data = with_id(call.body)

    def phrase(stored: Any, job: Any = None) -> Data:
        where = f"{call.incoming.base_url}/api/v1{kind.path}/{data['id']}"
        view = _view(stored, job)
        return {"body": view, "headers": {"ETag": etag(view["version"]), "Location": where}}

    def put(key: Any) -> tuple[Any, ...]:
        return _whole(kind.put(data, call.actor, call.now, new=True, once=key))

    return do_once(call, kind.path, phrase, put)


def _read(kind: Collection, call: Call, name: str) -> Response:
    return _one(kind.found(name))


def _replaced(kind: Collection, call: Call, name: str) -> Response:
    data = data_of(call.body)
    check_can_configure(call.actor)
    kind.found(name)
    if data.get("id", name) != name:
        raise Invalid(FieldError("/id", "An id never changes; leave it out."))
    seen = seen_version(call, required=False)
    return _one(*_whole(kind.put({**data, "id": name}, call.actor, call.now, seen)))


def _deleted(kind: Collection, call: Call, name: str) -> Response:
    kind.deleted(name, call.actor, call.now)
    return no_content()


def _one(stored: Any, job: Any = None) -> Response:
    view = _view(stored, job)
    return json_response(view, headers={"ETag": etag(view["version"])})


def _view(stored: Any, job: Any = None) -> Data:
    data = stored if isinstance(stored, dict) else stored.to_data()
    return {**data, "job": job.job_id if job else None}


def _whole(done: Any) -> tuple[Any, ...]:
    return done if isinstance(done, tuple) else (done,)


def _id_from(name: str) -> str:
    """`Gold, Lyon` becomes `gold-lyon`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "unnamed"
