"""Mappings to begin with, for the systems that are known."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def presets() -> dict[str, dict[str, Any]]:
    """Kind of source -> {"name", "system", "mapping"}."""
    found: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_name("presets.json").read_text(encoding="utf-8")
    )
    return found
