"""Where the seals are shown, and what an auditor takes away from there."""

import json

import pytest
from django.urls import reverse

from leads.actions import sealing
from leads.models import Clock
from portal import wallclock
from portal.accounts.models import Role
from tests.factories import make_user
from tests.leads.reports.seals.conftest import CLOSED, HOUR
from tools import verify_figures


@pytest.fixture
def reader(sealed, client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: CLOSED + HOUR)
    client.force_login(make_user(team=None, role=Role.AUDITOR))
    return client


MARCH = {"on": "2026-03-01"}


def test_the_scorecard_says_that_its_period_is_sealed_and_unchanged(reader, sealed):
    sealing.look_again(at=CLOSED + HOUR)

    page = reader.get(reverse("leads:scorecard"), MARCH).text

    assert "unchanged" in page
    assert reverse("leads:seal", args=[sealed.pk]) in page
    assert reverse("leads:seals") in page


def test_the_scorecard_says_how_many_figures_are_restated_and_the_seal_which(reader, sealed):
    late = Clock.objects.filter(outcome="late").first()
    Clock.objects.filter(pk=late.pk).update(outcome="met")
    sealing.look_again(at=CLOSED + HOUR)

    assert "restated: " in reader.get(reverse("leads:scorecard"), MARCH).text
    page = reader.get(reverse("leads:seal", args=[sealed.pk])).text
    assert "unexplained" in page
    assert f"{late.obligation}.met" in page


def test_a_period_that_is_still_open_is_not_called_sealed(reader):
    assert "unchanged" not in reader.get(reverse("leads:scorecard")).text


def test_a_stranger_verifies_with_what_the_pages_offer(reader, sealed, tmp_path):
    names = {
        "seal.json": reverse("leads:seal-json", args=[sealed.pk]),
        "ledger.jsonl": reverse("leads:proof-ledger"),
        "heads.jsonl": reverse("leads:proof-heads"),
    }
    for name, url in names.items():
        answer = reader.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        assert answer["Content-Disposition"].startswith("attachment")
        (tmp_path / name).write_bytes(body)

    number, faults = verify_figures.verify(
        *(str(tmp_path / name) for name in ("seal.json", "ledger.jsonl")),
        [str(tmp_path / "heads.jsonl")],
    )

    assert faults == []
    assert number == len(json.loads(sealed.document)["figures"])


def test_the_page_of_proof_offers_both_programs_and_says_what_cannot_be_found(reader):
    page = reader.get(reverse("leads:proof")).text

    assert "What cannot be found" in page
    for name in ("verify_chain", "verify_figures"):
        url = reverse("leads:proof-program", args=[name])
        assert url in page
        assert reader.get(url).text.startswith("#!/usr/bin/env python3")
    assert reader.get(reverse("leads:proof-program", args=["other"])).status_code == 404


def test_the_seal_leaves_as_a_table(reader, sealed):
    answer = reader.get(reverse("leads:seal-csv", args=[sealed.pk]))

    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert len(lines) - 1 == len(json.loads(sealed.document)["figures"])


def test_the_pages_ask_few_questions(reader, sealed, django_assert_max_num_queries):
    pages = [
        reverse("leads:seals"), reverse("leads:seal", args=[sealed.pk]),
        reverse("leads:proof"), f"{reverse('leads:scorecard')}?on=2026-03-01",
    ]  # fmt: skip
    for page in pages:
        reader.get(page)
        with django_assert_max_num_queries(12):
            assert reader.get(page).status_code == 200, page
