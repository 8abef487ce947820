"""Which packages lag behind the newest release that fits, and what was last found."""

import re
from pathlib import Path

from tools.newest import behind, locked, loosened

ROOT = Path(__file__).parents[2]
OURS = """a==1.0 \\
    --hash=sha256:00
b==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:01
c[more]==3.1 \\
    --hash=sha256:02
"""


def test_a_pin_may_rise_and_never_fall():
    assert loosened('"celery[redis]==5.7.0",\n"x>=1"') == '"celery[redis]>=5.7.0",\n"x>=1"'


def test_who_is_behind_is_named_with_both_releases():
    newest = "a==1.1\nb==2.0 ; python_full_version < '3.12'\nb==2.5\nc==3.1\nd==9\n"

    assert behind(OURS, newest) == [("a", "1.0", "1.1")]
    assert behind(OURS, OURS) == []


def test_when_it_was_last_asked_nothing_that_ships_was_behind():
    said = (ROOT / "docs/results/packages.md").read_text()
    count = len(locked((ROOT / "requirements.txt").read_text()))

    assert count > 50
    assert re.search(rf"\d{{4}}: of {count} packages that ship, 0 are behind", said)
