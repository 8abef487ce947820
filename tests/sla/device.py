"""A passkey in software: makes a key, enrols it and signs, as a phone would."""

import hashlib
import json
import os

from cbor2 import dumps
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from portal.accounts.actions import passkeys
from portal.accounts.models import Challenge
from portal.accounts.passkeys.ceremony import Site

HERE = Site("localhost", "http://localhost")
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Device:
    def __init__(self, kind="p256", flags=PRESENT | VERIFIED):
        self.private = (
            ec.generate_private_key(ec.SECP256R1())
            if kind == "p256"
            else ed25519.Ed25519PrivateKey.generate()
        )
        self.id, self.count, self.flags = os.urandom(16), 0, flags

    @property
    def cose(self):
        public = self.private.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            return dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _state(self, site, extra=0):
        self.count += 1
        place = hashlib.sha256(site.name.encode()).digest()
        return place + bytes([self.flags | extra]) + self.count.to_bytes(4, "big")

    def enrol(self, challenge, site=HERE):
        client = client_data("webauthn.create", challenge, site)
        known = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self.cose
        data = self._state(site, ATTESTED) + known
        attested = dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(client, attestationObject=attested)

    def sign(self, challenge, site=HERE):
        client, data = client_data("webauthn.get", challenge, site), self._state(site)
        matter = data + hashlib.sha256(client).digest()
        elliptic = isinstance(self.private, ec.EllipticCurvePrivateKey)
        how = [ec.ECDSA(SHA256())] if elliptic else []
        made = self.private.sign(matter, *how)
        return self._answer(client, authenticatorData=data, signature=made)

    def _answer(self, client, **parts):
        name = bytes_to_base64url(self.id)
        coded = {part: bytes_to_base64url(value) for part, value in parts.items()}
        response = {"clientDataJSON": bytes_to_base64url(client), **coded}
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


def client_data(kind, challenge, site):
    told = {"type": kind, "challenge": challenge, "origin": site.origin, "crossOrigin": False}
    return json.dumps(told).encode()


def enrol(device, person, at, site=HERE):
    """The person's passkey, enrolled by the action itself."""
    asked = passkeys.new_challenge(
        user=person, purpose=Challenge.Purpose.ENROL, inputs={"tag": "test"}, at=at
    )
    answer = device.enrol(asked.digest, site)
    return passkeys.enrol(by=person, answer=answer, name="My phone", site=site, at=at)


def rewritten(answer, **changes):
    """An answer whose client data was rewritten to fit."""
    told = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"])) | changes
    coded = bytes_to_base64url(json.dumps(told).encode())
    return answer | {"response": answer["response"] | {"clientDataJSON": coded}}
