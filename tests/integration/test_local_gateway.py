"""The local server keeps API Gateway's manners, and survives whatever arrives on its port."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from chalice import Chalice, Response
from chalice.config import Config

from infra.local import resources, template
from infra.local.exchange import Refusals
from infra.local.gateway import Gateway
from infra.local.server import LocalServer

RESPONSES = template.read(resources.DESCRIPTION)["Resources"]["RestAPI"]["Properties"]
FORGED = b"Content-Length: 5\r\nContent-Length: 6\r\n"


def small_app() -> Chalice:
    app = Chalice(app_name="helpdesk")

    @app.route("/echo/{name}", methods=["POST"])
    def echo(name: str) -> Response:
        body = app.current_request.raw_body.decode()
        return Response({"name": name, "body": body}, headers={"Set-Cookie": ["a=1", "b=2"]})

    @app.route("/split")
    def split() -> Response:
        return Response("", headers={"X-Given": "one\rtwo"})

    return app


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server = LocalServer(0)
    config = Config("local", config_from_disk={"lambda_timeout": 10, "lambda_memory_size": 128})
    gateway = Gateway(small_app(), config)
    log = tmp_path_factory.mktemp("local") / "access.log"
    server.start(gateway.answer, Refusals(RESPONSES["GatewayResponses"]), log)
    yield server.server_port
    server.stop()


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, Any, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def say(port: int, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(raw)
        return connection.recv(65536)


def test_a_route_answers_with_every_header(port: int) -> None:
    status, headers, body = ask(port, "POST", "/echo/alice?x=1", "Grüße".encode())
    assert (status, json.loads(body)) == (200, {"name": "alice", "body": "Grüße"})
    assert headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_body_that_is_no_utf8_reaches_the_app_as_api_gateway_would_send_it(port: int) -> None:
    _, _, body = ask(port, "POST", "/echo/x", b"\xff\xfe")
    assert json.loads(body)["body"] == "\ufffd\ufffd"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("DELETE", "/split"), ("PROPFIND", "/split"), ("GET", "//[::1")],
)
def test_what_no_route_knows_is_not_found(port: int, method: str, path: str) -> None:
    status, headers, body = ask(port, method, path)
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(body)["status"] == 404


def test_head_is_answered_without_a_body(port: int) -> None:
    assert ask(port, "HEAD", "/split")[::2] == (404, b"")


def test_more_than_ten_megabytes_are_too_much(port: int) -> None:
    status, _, body = ask(port, "POST", "/echo/x", bytes(10 * 1024 * 1024 + 1))
    assert (status, json.loads(body)["status"]) == (413, 413)


def test_a_header_with_a_line_break_is_not_sent(port: int) -> None:
    status, headers, _ = ask(port, "GET", "/split")
    assert (status, headers["X-Given"]) == (500, None)


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Length: abc\r\n",
        b"Content-Length: -1\r\n",
        FORGED,
        b"Transfer-Encoding: chunked\r\n",
    ],
)
def test_a_length_that_cannot_be_trusted_ends_the_connection(port: int, line: bytes) -> None:
    answer = say(port, b"POST /echo/x HTTP/1.1\r\nHost: x\r\n" + line + b"\r\nhello")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in answer


def test_noise_is_answered_and_the_next_request_too(port: int) -> None:
    assert b'"status":400' in say(port, b"\x16\x03\x01\x02\x00\r\n\r\n")
    assert ask(port, "GET", "/nowhere")[0] == 404


def test_the_access_log_holds_routes_and_neither_keys_nor_queries(tmp_path: Path) -> None:
    server, log = LocalServer(0), tmp_path / "access.log"
    gateway = Gateway(small_app(), Config("local", config_from_disk={"lambda_timeout": 10}))
    server.start(gateway.answer, Refusals(RESPONSES["GatewayResponses"]), log)
    ask(server.server_port, "POST", "/echo/secret-key?token=secret", b"secret")
    server.stop()
    assert "POST /echo/{name} 200" in log.read_text()
    assert "secret" not in log.read_text()


def test_a_stopped_server_takes_nothing_more(tmp_path: Path) -> None:
    server = LocalServer(0)
    server.start(lambda asked: pytest.fail(f"{asked}"), Refusals({}), tmp_path / "log")
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(server.server_port, "GET", "/")
