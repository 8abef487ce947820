"""What all tests share: lanes by folder, Hypothesis without chance."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent
LANES = ("browser", "chaos")

settings.register_profile(
    "lane", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lane")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test belongs to the lane whose folder it lives in."""
    for item in items:
        lane = item.path.relative_to(ROOT).parts[0]
        if lane in LANES:
            item.add_marker(lane)
