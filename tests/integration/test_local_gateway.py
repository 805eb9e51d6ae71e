"""The local server keeps API Gateway's manners, and survives whatever arrives on its port."""

import hmac
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


def mac(body: bytes) -> str:
    return hmac.digest(b"secret", body, "sha256").hex()


def small_app() -> Chalice:
    app = Chalice(app_name="helpdesk")

    @app.route("/echo/{name}", methods=["POST"])
    def echo(name: str) -> Response:
        body = app.current_request.raw_body.decode()
        return Response({"name": name, "body": body}, headers={"Set-Cookie": ["a=1", "b=2"]})

    @app.route("/hook/{key}", methods=["GET", "PUT", "OPTIONS"], content_types=["*/*"])
    @app.route("/hook/{key}/v2/{action}", methods=["POST"], content_types=["*/*"])
    def hook(key: str, action: str = "") -> Response:
        asked = app.current_request
        told = {"method": asked.method, "action": action, "query": asked.query_params,
                "mac": mac(asked.raw_body), "bytes": len(asked.raw_body)}  # fmt: skip
        return Response(told, headers={"WebHook-Allowed-Origin": "*"})

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


def ask(
    port: int, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
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
    ("method", "path", "action"),
    [("OPTIONS", "/hook/k", ""), ("PUT", "/hook/k", ""), ("POST", "/hook/k/v2/enqueue", "enqueue")],
)
def test_a_hook_is_asked_by_any_method_and_below_its_address(
    port: int, method: str, path: str, action: str
) -> None:
    status, headers, body = ask(port, method, path, "Grüße".encode(), Content_Type="text/x-odd")
    told = json.loads(body)
    assert (status, told["method"], told["action"]) == (200, method, action)
    assert headers["WebHook-Allowed-Origin"] == "*"


def test_a_get_brings_its_query(port: int) -> None:
    _, _, body = ask(port, "GET", "/hook/k?monitor=caf%C3%A9&type=1&empty=")
    told = json.loads(body)
    assert told["query"] == {"monitor": "café", "type": "1", "empty": ""}
    assert told["bytes"] == 0


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain; charset=UTF-8", "application/x-www-form-urlencoded"]
)
def test_a_signature_over_the_raw_bytes_holds_for_text_in_any_script(port: int, kind: str) -> None:
    sent = '\ufeff{"text": "Größe 大きさ \U0001f525", "n": 1.0,  "n": 2}\r\n'.encode()
    assert json.loads(ask(port, "PUT", "/hook/k", sent, Content_Type=kind)[2])["mac"] == mac(sent)


def test_bytes_that_are_no_text_come_unchanged_where_their_type_says_so(port: int) -> None:
    sent = bytes(range(256)) * 4
    got = ask(port, "PUT", "/hook/k", sent, Content_Type="application/octet-stream")
    assert json.loads(got[2])["mac"] == mac(sent)


def test_five_megabytes_come_whole(port: int) -> None:
    sent = '{"é": 1}'.encode() * (5 * 1024 * 1024 // 9)
    assert json.loads(ask(port, "PUT", "/hook/k", sent)[2])["mac"] == mac(sent)


def test_chunks_are_put_together(port: int) -> None:
    sent = [b'{"a": ', b"x" * 70_000, b"}"]
    got = ask(port, "PUT", "/hook/k", iter(sent))
    assert json.loads(got[2])["mac"] == mac(b"".join(sent))
    too_much = (bytes(1024 * 1024) for _ in range(11))
    assert ask(port, "PUT", "/hook/k", too_much)[0] == 413


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
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
    ],
)
def test_a_length_that_cannot_be_trusted_ends_the_connection(port: int, line: bytes) -> None:
    answer = say(port, b"POST /echo/x HTTP/1.1\r\nHost: x\r\n" + line + b"\r\nhello\r\n")
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
