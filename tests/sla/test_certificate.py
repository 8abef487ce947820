"""The evidence of a signed version: valid alone, and every tampered copy is refused."""

import json
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from io import BytesIO

import pytest

from portal import ledger
from portal.ledger import chain
from sla.actions import passkeys, signing
from sla.certificate import bundle
from sla.certificate.curves import sha
from tests.factories import make_signatory
from tests.kept import kept
from tests.sla.device import HERE, Device, enrol
from tests.sla.versions import HOUR, NINE, a_proposal, sign

pytestmark = pytest.mark.django_db


def by_passkey(version, person, device, at=NINE):
    asked = passkeys.ask(version=version, by=person, site=HERE, at=at)["challenge"]
    return signing.sign_by_passkey(
        version_id=version.pk,
        by=person,
        at=at,
        digest=version.digest,
        answer=passkeys.Answer(device.sign(asked), HERE),
        acknowledged=[w.code for w in signing.grave_warnings(version)],
    )


def signed_by(*kinds, late=False):
    """A version that Marketing and Sales signed with these kinds of passkey, or by code."""
    people = [make_signatory("marketing"), make_signatory("sales")]
    devices = [Device(kind) if kind != "code" else None for kind in kinds]
    if late:
        ledger.publish_head(at=NINE)
    for device, person in zip(devices, people, strict=True):
        if device:
            enrol(device, person, NINE)
    version = a_proposal()
    if not late:
        ledger.publish_head(at=NINE)
    for device, person in zip(devices, people, strict=True):
        if device:
            by_passkey(version, person, device, NINE + HOUR)
        else:
            sign(version, person.department_id, at=NINE + HOUR)
    ledger.publish_head(at=NINE + HOUR)
    version.refresh_from_db()
    return version


def unzipped(data):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if ".pdf" not in name
        }


def verified(folder, files, *kept):
    """Run the stand-alone verifier on these files, in a Python without anything else."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    (folder / "alone.py").write_text(bundle.verifier())
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "alone.py"), str(folder), *map(str, kept)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "kinds", [("p256", "ed25519"), ("ed25519", "code"), ("code", "code")], ids=" and ".join
)
def test_a_signed_version_is_valid_to_a_stranger(tmp_path, kinds):
    version = signed_by(*kinds)
    archive = tmp_path / "evidence.zip"
    archive.write_bytes(bundle.evidence(version, b"%PDF"))
    alone = tmp_path / "alone.py"
    alone.write_text(bundle.verifier())

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), str(archive)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"VALID. {version}: signed by Head of marketing")
    assert "no published head covers" not in done.stdout


def test_a_passkey_enrolled_after_the_last_published_head_is_shown(tmp_path):
    version = signed_by("p256", "p256", late=True)

    code, said = verified(tmp_path, unzipped(bundle.evidence(version, b"")))

    assert code == 0
    assert "the passkey was enrolled after the last published head" in said


def test_heads_that_somebody_kept_find_a_ledger_that_was_rewritten(tmp_path):
    files = unzipped(bundle.evidence(signed_by("code", "code"), b""))
    newest = json.loads(files["heads.jsonl"].splitlines()[-1])
    kept = tmp_path / "kept.jsonl"
    kept.write_text(json.dumps(newest | {"hash": "ab" * 32}))

    code, said = verified(tmp_path / "evidence", files, kept)

    assert code == 1
    assert "rewritten, another head was published" in said


# --- what an insider might do to the copy, and what the verifier says
def certificate(change):
    def tamper(files):
        told = json.loads(files["certificate.json"])
        change(told)
        return files | {"certificate.json": json.dumps(told)}

    return tamper


def proof(index=0, **changes):
    return certificate(lambda told: told["signatures"][index]["proof"].update(changes))


def signature(index=0, **changes):
    return certificate(lambda told: told["signatures"][index].update(changes))


def text(files):
    return files | {"terms.json": files["terms.json"].replace("PT15M", "PT45M", 1)}


def text_and_fingerprint(files):
    changed = text(files)
    told = json.loads(files["certificate.json"])
    old, new = told["version"]["digest"], sha(changed["terms.json"])
    return changed | {"certificate.json": files["certificate.json"].replace(old, new)}


def other_challenge(files):
    told = json.loads(files["certificate.json"])
    one = told["signatures"][0]["proof"]
    asked = json.loads(one["challenge"]) | {"nonce": "0" * 32}
    one["challenge"] = chain.canonical(asked)
    return files | {"certificate.json": json.dumps(told)}


def swapped_departments(files):
    told = json.loads(files["certificate.json"])
    first, second = told["signatures"]
    first["department"], second["department"] = second["department"], first["department"]
    return files | {"certificate.json": json.dumps(told)}


def one_for_both(files):
    told = json.loads(files["certificate.json"])
    told["signatures"][1] = told["signatures"][0] | {"department": "sales"}
    return files | {"certificate.json": json.dumps(told)}


def other_key(files):
    told = json.loads(files["certificate.json"])
    device = Device()
    one = told["signatures"][0]["proof"]
    one["public_key"], one["key_digest"] = device.cose.hex(), sha(device.cose)
    return files | {"certificate.json": json.dumps(told)}


def entry_edited(files):
    return files | {"ledger.jsonl": files["ledger.jsonl"].replace('"sales"', '"sails"', 1)}


def entries_gone(files):
    lines = files["ledger.jsonl"].splitlines()
    left = [line for line in lines if '"kind":"version_signed"' not in line]
    return files | {"ledger.jsonl": "\n".join(left)}


def chain_made_again(files):
    """An entry is edited and every hash after it computed anew, as an insider would."""
    before, made = "", []
    for line in files["ledger.jsonl"].splitlines():
        told = json.loads(line)
        before = before or told["prev"]
        body = line[len('{"entry":') : line.rindex(',"hash":"')].replace(
            '"passkey"', '"identity_provider"'
        )
        own = chain.digest(before, body)
        made.append(f'{{"entry":{body},"hash":"{own}","prev":"{before}"}}')
        before = own
    return files | {"ledger.jsonl": "\n".join(made)}


def head_forged(files):
    lines = files["heads.jsonl"].splitlines()
    last = json.loads(lines[-1]) | {"hash": "0" * 64}
    return files | {"heads.jsonl": "\n".join([*lines[:-1], json.dumps(last)])}


def proved_a_minute_before(files):
    told = json.loads(files["certificate.json"])
    proved = datetime.fromisoformat(told["signatures"][0]["signed_at"]) - timedelta(minutes=1)
    return signature(proved_at=proved.isoformat())(files)


TAMPERED = {
    "the text": (text, "the text was changed"),
    "text and fingerprint together": (text_and_fingerprint, "answered another challenge"),
    "blanks in the text": (
        lambda files: files | {"terms.json": files["terms.json"] + " "},
        "not in canonical form",
    ),
    "a signature left out": (
        certificate(lambda told: told["signatures"].pop()),
        "one signature of each department",
    ),
    "departments swapped": (swapped_departments, "another department"),
    "one person for both": (one_for_both, "one person signed for both"),
    "another name": (signature(name="Somebody Else"), "names somebody else"),
    "a part of the name": (signature(name="Head"), "names somebody else"),
    "another role": (signature(title="Queen of everything"), "another role"),
    "a warning said to be acknowledged": (
        signature(acknowledged=["x"]),
        "another acknowledged",
    ),
    "another moment of proof": (proved_a_minute_before, "proved at another time"),
    "another title over the same text": (
        certificate(lambda told: told.update(title="Outbound leads, version 9")),
        "a version of another name",
    ),
    "another signer": (signature(signer=999), "another signer"),
    "another statement": (
        certificate(
            lambda told: told["signatures"][0].update(
                statement=told["signatures"][0]["statement"].replace(" for ", " for all of ")
            )
        ),
        "other words",
    ),
    "an older revision": (signature(revision=7), "another revision"),
    "an old proof of who signed": (
        signature(proved_at="2026-03-02T08:00:00+00:00"),
        "too old",
    ),
    "another instant": (
        signature(signed_at="2026-03-02T09:00:01+00:00", proved_at="2026-03-02T09:00:01+00:00"),
        "at another time",
    ),
    "a weaker method": (signature(method="password_totp"), "another way"),
    "a passkey said of what was none": (
        certificate(lambda told: told["signatures"][0]["proof"].pop("challenge")),
        "leaves behind is missing",
    ),
    "a challenge rewritten": (other_challenge, "another challenge"),
    "a signature of nothing": (
        proof(signature="MAYCAQECAQE"),
        "signature is false",
    ),
    "another public key": (other_key, "signature is false"),
    "a key never verified": (
        proof(authenticator_data="SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MBAAAAAQ"),
        "had not verified",
    ),
    "an earlier enrolment": (proof(enrolled_seq=2), "another proof"),
    "an entry edited": (entry_edited, "edited"),
    "entries left out": (entries_gone, "no entry version_signed"),
    "the chain made again": (chain_made_again, "rewritten"),
    "a head forged": (head_forged, "rewritten"),
    "a beginning before signing": (
        certificate(
            lambda told: told["version"].update(effective_from="2026-01-01T00:00:00+00:00")
        ),
        "another effective_from",
    ),
}


@pytest.fixture(scope="module")
def genuine(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        return unzipped(bundle.evidence(signed_by("p256", "p256"), b""))


@pytest.fixture
def files(genuine):
    return dict(genuine)


@pytest.mark.parametrize(("tamper", "why"), TAMPERED.values(), ids=list(TAMPERED))
def test_a_tampered_copy_is_refused_with_the_reason(tmp_path, files, tamper, why):
    code, said = verified(tmp_path, tamper(files))

    assert code == 1, said
    assert "FAULT" in said
    assert why in said


def test_what_is_no_evidence_is_said_so(tmp_path):
    code, said = verified(tmp_path, {"certificate.json": "{}"})

    assert code == 2
    assert "cannot be read" in said
