"""The guide to the API is true: every example on its page is run against a real portal."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leads.models import Handoff, Lead, Touch
from portal import wallclock
from tests.factories import make_agreement, make_handoff, make_signatory, make_team, make_user
from tests.leads.api.programs import ALL
from tests.sla.programs import DAY, a_token

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text()


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, flags=re.S)


def run(command, text, **environment):
    done = subprocess.run(
        command, input=text, env=os.environ | environment, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, (text, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture
def here(live_server):
    """A rep with a token, somebody of marketing, and a handoff that waits for the rep."""
    now = wallclock.now()
    make_signatory("marketing"), make_agreement(), make_team("demand-generation")
    rep = make_user(team="inside-sales")
    handoff = make_handoff(at=now, receiver=rep)
    _, secret = a_token(rep, *ALL, at=now - DAY, ends=now + DAY)
    return {"PORTAL": live_server.url, "TOKEN": secret, "HANDOFF": str(handoff.pk)}


def test_every_example_of_the_guide_works_in_its_order(here):
    for text in blocks("sh"):
        told = run(["bash", "-e"], text, **here)
        assert told.startswith("{"), text
    said = run([sys.executable, "-"], "\n\n".join(blocks("python")), **here)

    assert Lead.objects.filter(name__in=["Ana Lima", "Ben Roth"]).count() == 2
    assert Handoff.objects.get(pk=here["HANDOFF"]).state == "accepted"
    assert Touch.objects.filter(external_id="c-812", is_attempt=True).count() == 1
    assert "first_attempt" in said


def test_the_guide_has_examples_of_both_kinds():
    assert len(blocks("sh")) >= 6
    assert len(blocks("python")) >= 5
    assert set(re.findall(r"```(\w+)", GUIDE)) == {"sh", "python"}
