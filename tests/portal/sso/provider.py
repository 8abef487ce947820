"""A small identity provider on loopback: discovery, authorize, token, keys, userinfo.

What it says of the person, and how it signs, a test changes before each login.
"""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "concord", "a secret of the client"
ACCESS = "an access token"


@cache
def key(name: str) -> Any:
    """A private key; "short" is one that nobody should trust, "ec" an elliptic one."""
    if name == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 1024 if name == "short" else 2048)


def pem(name: str) -> bytes:
    return (
        key(name)
        .public_key()
        .public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def jwk(name: str, **more: Any) -> dict[str, Any]:
    algorithm = jwt.algorithms.ECAlgorithm if name == "ec" else jwt.algorithms.RSAAlgorithm
    return {**algorithm.to_jwk(key(name).public_key(), as_dict=True), "kid": name, **more}


def at_hash(text: str) -> str:
    half = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


@dataclass
class Provider:
    """What it says: `claims` over the usual ones (None takes one out), `forge` instead of
    its own way to sign."""

    issuer: str = ""
    now: float = field(default_factory=time.time)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk("own"), jwk("ec")])
    kid: str | None = "own"
    algorithm: str = "RS256"
    forge: Any = None
    answer: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    exchanged: dict[str, str] = field(default_factory=dict)

    def token(self) -> str:
        """What the token endpoint gives for the login that was asked for last."""
        usual = {
            "iss": self.issuer, "aud": CLIENT, "sub": "anna-0815", "iat": int(self.now),
            "exp": int(self.now) + 300, "auth_time": int(self.now), "name": "Anna Berg",
            "email": "anna@concord.test", "email_verified": True, "groups": [],
            "nonce": self.asked.get("nonce", ""), "at_hash": at_hash(ACCESS),
        }  # fmt: skip
        said = {name: one for name, one in (usual | self.claims).items() if one is not None}
        if self.forge is not None:
            return self.forge(said)
        name = "ec" if self.algorithm.startswith("ES") else "own"
        return jwt.encode(said, key(name), self.algorithm, headers={"kid": self.kid})

    def published(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.answer

    def given(self, posted: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint: once per code, for who knows the verifier."""
        self.exchanged = posted
        digest = hashlib.sha256(posted.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = posted.get("client_secret") == SECRET and posted.get("code") == "a-code"
        if not known or challenge != self.asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": ACCESS, "token_type": "Bearer", "id_token": self.token(),
        }  # fmt: skip


class Running:
    """The provider at its address, until it is closed."""

    def __init__(self) -> None:
        self.provider = Provider()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        running = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider = running.provider
                if self.path == "/moved/keys":  # the body is right too: neither is taken
                    return self._say(307, {"keys": provider.keys}, "/keys")
                pages = {
                    "/.well-known/openid-configuration": provider.published,
                    "/keys": lambda: {"keys": provider.keys},
                    "/userinfo": lambda: provider.userinfo,
                }
                page = pages.get(urlsplit(self.path).path)
                return self._say(200, page()) if page else self._say(404, {})

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path == "/moved/token":
                    return self._say(307, {}, "/token")
                posted = {name: values[0] for name, values in parse_qs(text).items()}
                return self._say(*running.provider.given(posted))

            def _say(self, status: int, said: dict[str, Any], onto: str = "") -> None:
                body = json.dumps(said).encode()
                self.send_response(status)
                if onto:
                    self.send_header("Location", f"{running.issuer}{onto}")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Nobody reads it."""

        return Handler
