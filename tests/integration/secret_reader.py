"""Who asks the desk with the planted word, and what differs between before it came and after."""

import base64
import re
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.services import sessions, tokens
from tests.cast import MONDAY_9
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.fuzzing_desk import Picture
from tests.integration.routes import Route, routes
from tests.integration.secret_desk import OUT, Desk
from tests.integration.secret_questions import Asked, addresses, queries

NOBODY, GUEST = "nobody", "a guest"
WHO = (NOBODY, GUEST, *(one.name for one in OUT))
VERSION = '"1"'
ALWAYS_NEW = (
    r'name="csrf" value="[^"]*"', r'"request_id":"[^"]*"', r'please quote <span class="mono">[^<]*',
    r'name="(?:idempotency_key|upload_key)" value="[^"]*"',
    r'"(?:upload|token|nonce|salt|signature)": ?"[^"]*"',
    r'name="(?:success_action_redirect|key|x-amz-\w+|policy)" value="[^"]*"',  # a form of S3's
    r"amazonaws\.com/kept/\S+", r"(?:incoming|upload)/F-[\w-]+",
)  # fmt: skip
NEW_TICKET = r"HD-[0-9A-HJKMNP-TV-Z]{7}"
Answer = tuple[int, str]


class Reader:
    """Somebody who asks by program and by browser; the same one before and after."""

    def __init__(self, actor: Actor | None = None, cookies: dict[str, str] | None = None) -> None:
        self.name = actor.name if actor else GUEST if cookies else NOBODY
        self._api = Api(token=tokens.issue(actor.id, "test", MONDAY_9) if actor else None)
        self._browser, self._csrf = Browser(dict(cookies or {})), ""
        if actor:
            secret = self._browser.sign_in(actor).cookies["__Host-sid"]
            self._csrf = sessions.by_secret(secret, MONDAY_9).csrf

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        if path.startswith("/api/"):
            answer = self._api.call(method, path, body, If_Match=VERSION, If_None_Match=VERSION)
            return answer.status, plain(answer.body.decode() + str(answer.headers.get("ETag")))
        cookies = dict(self._browser.cookies)
        is_read = method == "GET"
        page = self._browser.get(path) if is_read else self._browser.post(path, self._form(body))
        self._browser.cookies = cookies
        return page.status, plain(page.text + str(page.headers.get("Location")))

    def _form(self, body: dict[str, str]) -> dict[str, str]:
        return {**body, "csrf": self._csrf}


def reader_named(who: str, desk: Desk) -> Reader:
    actor = next((one for one in OUT if one.name == who), None)
    return known(desk, Reader(actor, desk.guest if who == GUEST else None))


def known(desk: Desk, reader: Reader) -> Reader:
    """Their token and session are there before and after."""
    for picture in (desk.before, desk.after):
        picture.keep("tokens", "sessions")
    return reader


def readable(desk: Desk, reader: Reader) -> dict[Asked, Answer]:
    """What every address that is read says, with all that it takes where one gets in at all."""
    desk.after.restore()
    found = {}
    for route in routes():
        if route.method == "GET" and not route.path.startswith("/static/"):
            for asked in of_route(route, desk, reader):
                found[asked] = reader.ask(*asked)
    return found


def of_route(route: Route, desk: Desk, reader: Reader) -> Iterator[Asked]:
    for path in addresses(route, desk):
        yield "GET", path, None
        status, _ = reader.ask("GET", path)
        if status in (401, 403):
            return  # whatever else is asked of it
        if status < 300:
            yield from (("GET", f"{path}?{one}", None) for one in queries(route, desk))


def differences(desk: Desk, reader: Reader, asked: list[Asked], after: list[Answer]) -> list[str]:
    """Each request whose answer is not the same, or says what was not asked with."""
    found = []
    before = answers(desk.before, reader, asked)
    for (method, path, body), old, new in zip(asked, before, after, strict=True):
        told = {one for one in desk.secrets if one in new[1] and one not in f"{path} {body}"}
        if told or (old != new and not is_new(desk, method, old, new)):
            found.append(f"{reader.name}: {method} {path} {old[0]} {new[0]} {told}")
    return found


def is_new(desk: Desk, method: str, old: Answer, new: Answer) -> bool:
    """Whether both made a ticket, which differ in its id only."""
    known = "|".join(desk.ids["ticket_id"])
    told = (re.sub(f"(?!{known}){NEW_TICKET}", "HD", text) for _, text in (old, new))
    return method == "POST" and old[0] == new[0] == 201 and len(set(told)) == 1


def answers(picture: Picture, reader: Reader, asked: list[Asked]) -> list[Answer]:
    picture.restore()
    found = []
    for one in asked:
        found.append(reader.ask(*one))
        if one[0] != "GET" and found[-1][0] < 400:
            picture.restore()
    return found


def plain(text: str) -> str:
    """Without what no two answers have the same of."""
    for one in ALWAYS_NEW:
        text = re.sub(one, "", text)
    return re.sub(r"\b([A-Za-z0-9_-]{40,})\.[\w-]{43}\b", ids_in, text)


def ids_in(cursor: re.Match[str]) -> str:
    """Whoever is given a cursor can read what it was made of."""
    payload = base64.urlsafe_b64decode(cursor[1] + "=" * (-len(cursor[1]) % 4))
    return " ".join(re.findall(NEW_TICKET, payload.decode("utf-8", "replace")))
