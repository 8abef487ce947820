"""What is signed, read and compared does not change by accident."""

import hashlib
import json

import pytest

from sla.core import terms
from tests.core.agreements import classic
from tests.core.golden_files import FILES, FOLDER


@pytest.mark.parametrize("name", FILES)
def test_the_output_is_the_agreed_one(name):
    assert FILES[name]() == (FOLDER / name).read_text(encoding="utf-8")


def test_the_digest_is_sha256_over_sorted_json_without_spaces():
    document = classic()

    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert terms.canonical(document) == plain.encode()
    assert terms.digest(document) == hashlib.sha256(plain.encode()).hexdigest()


def test_the_order_of_names_and_the_spaces_of_a_file_do_not_change_the_digest():
    document = classic()
    turned = json.loads(json.dumps(dict(reversed(document.items())), indent=4))

    assert terms.digest(turned) == terms.digest(document)


def test_names_are_sorted_by_utf_16_as_rfc_8785_says():
    hebrew, emoji = "\ufb33", "\U0001f600"
    document = {hebrew: 1, emoji: 2, "a": 3}

    assert terms.canonical(document).decode() == f'{{"a":3,"{emoji}":2,"{hebrew}":1}}'
