import json
from pathlib import Path
from typing import Any

MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"


def mapping(name: str) -> Any:
    """One of the mappings that the README names: what is shown is what is tested."""
    return json.loads((MAPPINGS / f"{name}.json").read_text())
