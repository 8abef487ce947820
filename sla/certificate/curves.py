"""The signatures of passkeys and of identity providers, checked with the standard library.

ECDSA on P-256 with SHA-256 (FIPS 186-5) and Ed25519 (RFC 8032). It checks what is public, so
it need not hide how long it takes. RSA with PKCS #1 v1.5 (RFC 8017), as most providers sign.
`bundle.verifier` joins it into the stand-alone file.
"""

import base64
import hashlib
import json
from typing import Any

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B256 = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G256 = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P25519 = 2**255 - 19
L25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, -1, P25519) % P25519


class Fault(Exception):
    """What is wrong, in one sentence."""


def sha(data: Any) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def need(holds: bool, why: str) -> None:
    if not holds:
        raise Fault(why)


def p256_add(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P256 == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P256)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P256)
    x = (slope * slope - a[0] - b[0]) % P256
    return x, (slope * (a[0] - x) - a[1]) % P256


def ed_add(a: Any, b: Any) -> Any:
    cross = D25519 * a[0] * b[0] * a[1] * b[1] % P25519
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + cross, -1, P25519)
    return x % P25519, (a[1] * b[1] + a[0] * b[0]) * pow(1 - cross, -1, P25519) % P25519


def times(number: int, point: Any, add: Any, zero: Any) -> Any:
    total = zero
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def der_integers(data: bytes) -> "tuple[int, int]":
    """(r, s) of an ECDSA signature in DER: short lengths only, as 72 bytes have."""
    need(len(data) >= 8 and data[0] == 0x30 and data[1] == len(data) - 2, "its form is wrong")
    end = 4 + data[3]
    need(data[2] == 2 and data[end] == 2 and data[end + 1] == len(data) - end - 2, "its form")
    return int.from_bytes(data[4:end], "big"), int.from_bytes(data[end + 2 :], "big")


def ecdsa_holds(x: int, y: int, signature: bytes, message: bytes) -> bool:
    r, s = der_integers(signature)
    return p256_holds((x, y), r, s, message)


def p256_holds(key: "tuple[int, int]", r: int, s: int, message: bytes) -> bool:
    x, y = key
    on_curve = (y * y - (x * x * x - 3 * x + B256)) % P256 == 0
    if not (on_curve and 0 < r < N256 and 0 < s < N256):
        return False
    inverse, e = pow(s, -1, N256), int(sha(message), 16)
    one = times(e * inverse % N256, G256, p256_add, None)
    point = p256_add(one, times(r * inverse % N256, (x, y), p256_add, None))
    return point is not None and point[0] % N256 == r


def ed_point(data: bytes) -> Any:
    """The point of 32 bytes (RFC 8032, 5.1.3), or Fault."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D25519 * y * y + 1, -1, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * pow(2, (P25519 - 1) // 4, P25519) % P25519
    need((x * x - square) % P25519 == 0 and y < P25519, "a point is not on the curve")
    return (P25519 - x if x & 1 != sign else x), y


def eddsa_holds(key: bytes, signature: bytes, message: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L25519:
        return False
    base = ed_point((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))
    matter = hashlib.sha512(signature[:32] + key + message).digest()
    h = int.from_bytes(matter, "little") % L25519
    right = times(h, ed_point(key), ed_add, (0, 1))
    return bool(times(s, base, ed_add, (0, 1)) == ed_add(ed_point(signature[:32]), right))


def cose(data: bytes) -> "dict[int, Any]":
    """A COSE key: a CBOR map of small integers and byte strings, which is all that it needs."""

    def item(at: int) -> "tuple[Any, int]":
        kind, value, at = data[at] >> 5, data[at] & 31, at + 1
        if value in (24, 25):
            size = value - 23
            value, at = int.from_bytes(data[at : at + size], "big"), at + size
        if kind in (0, 1):
            return (value if kind == 0 else -1 - value), at
        need(kind == 2, "the public key has an unknown form")
        return data[at : at + value], at + value

    key, at = {}, 1
    need(data[:1] != b"" and data[0] >> 5 == 5, "the public key has an unknown form")
    for _ in range(data[0] & 31):
        name, at = item(at)
        key[name], at = item(at)
    return key


def key_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    key = cose(public)
    if key.get(3) == -7 and key.get(-1) == 1:
        x, y = (int.from_bytes(key[name], "big") for name in (-2, -3))
        return ecdsa_holds(x, y, signature, message)
    need(key.get(3) == -8 and key.get(-1) == 6, "the public key is of an unknown kind")
    return eddsa_holds(key[-2], signature, message)


# --- tokens of identity providers (RFC 7515)
HASHES = {
    "RS256": ("sha256", "3031300d060960864801650304020105000420"),
    "RS384": ("sha384", "3041300d060960864801650304020205000430"),
    "RS512": ("sha512", "3051300d060960864801650304020305000440"),
}


def token_signed(token: str, key: "dict[str, str]") -> bool:
    """Whether the key, a JWK, signed the token; Fault for a kind that is not known here."""

    def plain(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    signed, _, seal = token.rpartition(".")
    message, signature = signed.encode(), plain(seal)
    kind = json.loads(plain(token.split(".")[0]))["alg"]
    if kind == "ES256" and key["kty"] == "EC" and key["crv"] == "P-256":
        x, y = (int.from_bytes(plain(key[name]), "big") for name in "xy")
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        return len(signature) == 64 and p256_holds((x, y), r, s, message)
    need(kind in HASHES and key["kty"] == "RSA", f"a token by {kind} is not checked here")
    name, prefix = HASHES[kind]
    n, e = (int.from_bytes(plain(key[name]), "big") for name in "ne")
    size = (n.bit_length() + 7) // 8
    told = bytes.fromhex(prefix) + hashlib.new(name, message).digest()
    wanted = b"\0\1" + b"\xff" * (size - 3 - len(told)) + b"\0" + told
    need(size >= 256, "the provider's key is too short")
    return pow(int.from_bytes(signature, "big"), e, n).to_bytes(size, "big") == wanted
