"""Write what ships as a CycloneDX 1.6 bill of materials: every package of the lock.

`tools/sbom.py FILE` reads requirements-telemetry.txt: name, version and the hashes that may
be installed; what requirements.txt does not have is optional. Licences are added for the
packages that are installed here. The same lock gives the same file.
"""

import json
import re
import sys
import tomllib
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements-telemetry.txt"
ALWAYS = ROOT / "requirements.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def locked(text: str) -> list[tuple[str, str, list[str]]]:
    """Name, version and hashes of each package of a lock file."""
    found: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        if pin := PIN.match(line):
            found.append((pin[1].lower(), pin[2], []))
        if found:
            found[-1][2].extend(HASH.findall(line))
    return found


def licence(name: str) -> str:
    """What the installed package says of its licence; empty where it is not installed."""
    try:
        said: dict[str, Any] = metadata(name).json
    except PackageNotFoundError:
        return ""
    if expression := said.get("license_expression"):
        return str(expression)
    named = [one for one in said.get("classifier", []) if one.startswith("License ::")]
    short = named[0].rpartition(" :: ")[2] if named else str(said.get("license", ""))
    return short.splitlines()[0][:80] if short else ""


def component(name: str, version: str, hashes: list[str], scope: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    made: dict[str, Any] = {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "scope": scope,
    }  # fmt: skip
    if said := licence(name):
        made["licenses"] = [{"license": {"name": said}}]
    # One for each wheel and archive that the lock allows.
    made["properties"] = [{"name": "lock:sha256", "value": one} for one in sorted(hashes)]
    return made


def bill(text: str) -> dict[str, Any]:
    """The bill of materials of a lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    own = f"pkg:generic/{project['name']}@{project['version']}"
    always = {name for name, _version, _hashes in locked(ALWAYS.read_text())}
    parts = [
        component(*one, "required" if one[0] in always else "optional") for one in locked(text)
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own + text)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": own, "purl": own,
                "name": project["name"], "version": project["version"],
            },
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [one["bom-ref"] for one in parts]}],
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: tools/sbom.py FILE", file=sys.stderr)
        return 2
    made = bill(LOCK.read_text())
    Path(arguments[0]).write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    print(f"{arguments[0]}: {len(made['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
