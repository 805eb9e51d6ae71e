"""A small OpenID Connect provider on this machine, with a key of its own, that can also lie."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT = "tierline"
SUBJECT = "248289761001"


@dataclass
class Provider:
    """Signs in SUBJECT; `claims`, `sign_with` and `description` change what it says."""

    url: str = ""
    rsa_key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    ec_key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    claims: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    sign_with: tuple[str, Any, str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> dict[str, str]:
        """The browser was sent here, somebody signed in, and goes back with this."""
        wanted = dict(parse_qsl(urlsplit(address).query))
        code = secrets.token_urlsafe(16)
        self.codes[code] = wanted
        return {"code": code, "state": wanted["state"]}

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The token for a code, once, and for whoever knows the verifier."""
        self.asked.append(form)
        wanted = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if wanted is None or challenge != wanted["code_challenge"]:
            return None
        return {"id_token": self.id_token(wanted["nonce"]), "token_type": "Bearer"}

    def id_token(self, nonce: str) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": self.url, "sub": SUBJECT, "aud": CLIENT, "nonce": nonce, "iat": now,
            "exp": now + timedelta(minutes=5), "email": "ana@desk.example",
            "email_verified": True, **self.claims,
        }  # fmt: skip
        given = {name: value for name, value in claims.items() if value is not None}
        algorithm, key, name = self.sign_with or ("RS256", self.rsa_key, "rsa")
        self.issued.append(jwt.encode(given, key, algorithm, headers={"kid": name}))
        return self.issued[-1]

    def document(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
                **self.description,
            }  # fmt: skip
        rsa_key = RSAAlgorithm.to_jwk(self.rsa_key.public_key(), as_dict=True)
        ec_key = ECAlgorithm.to_jwk(self.ec_key.public_key(), as_dict=True)
        keys = [{**rsa_key, "kid": "rsa", "use": "sig"}, {**ec_key, "kid": "ec", "use": "sig"}]
        return {"keys": keys} if path == "/keys" else None


@contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(provider.document(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(provider.exchange(dict(parse_qsl(body))))

        def _say(self, data: dict[str, Any] | None) -> None:
            self.send_response(400 if data is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
