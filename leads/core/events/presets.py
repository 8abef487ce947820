"""Mappings to begin with, for the systems that are known."""

import json
from functools import cache
from pathlib import Path
from typing import Any


def presets() -> dict[str, dict[str, Any]]:
    """Kind of source -> {"name", "system", "mapping"}; each time one's own, to be changed."""
    found: dict[str, dict[str, Any]] = json.loads(_text())
    return found


@cache
def _text() -> str:
    return Path(__file__).with_name("presets.json").read_text(encoding="utf-8")
