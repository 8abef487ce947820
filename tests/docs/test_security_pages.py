"""The pages on keys, data, limits and logs say what the code does."""

import ast
import re
from pathlib import Path

import pytest

from leads.actions.events.incoming import taking
from leads.actions.imports.files import uploads, workbooks
from leads.api.lead import arriving
from leads.desk.several import preview
from portal.accounts.actions import passkeys, tokens
from portal.middleware import REFUSED
from portal.rest import pages as rest
from portal.settings import base
from portal.spreadsheet import quota
from tools.environment import WORDS, read

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "security"
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|_KEY")


def page(name):
    return (FOLDER / f"{name}.md").read_text()


def test_every_secret_of_the_environment_has_its_row_among_the_keys():
    secrets = {name for name in WORDS if SECRET.search(name)} - {"SECRET_KEY_FALLBACKS"}

    assert len(secrets) >= 4
    assert [name for name in sorted(secrets) if f"`{name}`" not in page("keys")] == []


def test_every_algorithm_that_the_code_names_stands_on_the_page():
    named = {
        "AESGCM": "AES-256-GCM", "HKDF": "HKDF-SHA-256", "Fernet": "Fernet", "rsa": "RSA",
        "sha256": "SHA-256", "hmac": "HMAC-SHA-256", "ECDSA_SHA_256": "ECDSA on P-256",
        "EDDSA": "Ed25519",
    }  # fmt: skip
    said = page("keys")

    assert {name for name in _words() if name in named} == set(named)
    assert [name for name in named.values() if name not in said] == []


def _words():
    found = set()
    for app in ("portal", "sla", "leads"):
        for path in (ROOT / app).rglob("*.py"):
            found |= set(re.findall(r"\w+", path.read_text()))
    return found


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (passkeys.MOST, "passkeys of one person | {} |"),
        (tokens.MOST, "tokens of one person | {} |"),
        (tokens.CALLS, "calls of one token | {} a minute |"),
        (rest.MOST_ROWS, "rows of one answer | {} |"),
        (arriving.MOST, "leads in one call | {} |"),
        (preview.MOST, "moved at once from the desk | {} |"),
        (taking.MOST_BYTES >> 10, "one message of events | {} KB |"),
        (quota.MOST >> 20, "an uploaded file | {} MB |"),
        (uploads.MOST >> 20, "an uploaded file | {} MB |"),
        (uploads.KEPT.days, "files are kept | {} days |"),
        (workbooks.MOST_UNPACKED >> 20, "unpacked | {} MB"),
        (workbooks.MOST_ROWS, " {} rows"),
        (workbooks.MOST_CELLS, " {} cells"),
        (base.SESSION_COOKIE_AGE // 3600, "a session | {} hours"),
        (base.SESSION_LONGEST // 3600, "without a request, {} in all"),
        (base.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60, "what signs in | {} minutes old"),
        (base.DATA_UPLOAD_MAX_NUMBER_FIELDS, "without a file | {};"),
    ],
)
def test_a_limit_is_the_one_of_the_code(limit, said):
    assert said.format(f"{limit:,}") in page("limits")


@pytest.mark.parametrize("name", ["PAGES_A_MINUTE", "FILES_A_MINUTE"])
def test_a_pace_is_the_one_that_the_environment_has_for_a_default(name):
    default = read()[name].default.strip("`").replace("_", "")

    assert f"{int(default):,} a minute (`{name}`)" in page("limits")


def test_every_event_of_signing_in_stands_in_the_list():
    told = {
        words
        for path in [*(ROOT / "portal/accounts").rglob("*.py"), ROOT / "portal/adapter.py",
                     ROOT / "portal/middleware.py", ROOT / "portal/operations/refusing.py"]
        for words in _logged(path)
    }  # fmt: skip
    told -= {"clocks could not be checked: the database did not answer"}

    assert {"signed in", "refused", "proof refused"} <= told
    assert [words for words in sorted(told) if f"| `{words}` |" not in page("logs")] == []
    assert ", ".join(map(str, sorted(REFUSED))) in page("logs")


def _logged(path):
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="logger")),
                args=[ast.Constant(value=said), *_],
            ):
                yield said


@pytest.mark.parametrize("level", ["secret", "personal", "internal", "public"])
def test_each_level_says_who_reads_it_where_it_lies_and_how_long(level):
    said = page("data")
    rows = re.findall(
        r"(?m)^\| (who reads it|at rest|on its way|in an address|in the log|kept) \|(.*)\|$",
        said,
    )

    assert f"| **{level}** |" in said
    assert len(rows) == 6
    place = ["secret", "personal", "internal", "public"].index(level)
    assert all(row.split("|")[place].strip() for _, row in rows)
