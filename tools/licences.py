"""List the licence of every locked package; fail on one that nobody has allowed.

What ships (requirements.txt, and requirements-telemetry.txt where traces are wanted) may be
permissive, MPL or LGPL. Tools that only check the code (requirements-dev.txt) may be GPL too:
they are neither imported nor shipped.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHIPPED = {
    "0BSD", "3-Clause BSD License", "Apache Software License", "Apache-2.0", "BSD License",
    "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC License (ISCL)", "LGPL-3.0-only",
    "MIT", "MIT License", "MIT-0", "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License",
    "Zlib",
}  # fmt: skip
TOOLS = SHIPPED | {"CNRI-Python", "GPL-3.0-or-later"}
# Named one by one, each with what its own licence file says.
READ_BY_HAND = {
    "qrcode": "BSD; the second classifier is the trademark note on the words QR Code",
    "text-unidecode": "Artistic or GPL; a tool of a tool, not shipped",
}


def locked(name: str) -> set[str]:
    """The packages of one lock file that this machine installs."""
    lines = (ROOT / name).read_text().splitlines()
    return {line.partition("==")[0].lower() for line in lines if "==" in line}


def installed() -> list[dict[str, str]]:
    """Name, Version and License of every package in this environment."""
    command = [str(Path(sys.executable).with_name("pip-licenses")), "--format=json"]
    rows: list[dict[str, str]] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return rows


def refused(row: dict[str, str], allowed: set[str]) -> bool:
    parts = re.split(r"; | AND | OR ", row["License"])
    return row["Name"].lower() not in READ_BY_HAND and not allowed.issuperset(parts)


def main() -> int:
    shipped, tools = locked("requirements-telemetry.txt"), locked("requirements-dev.txt")
    rows = [row for row in installed() if row["Name"].lower().replace("_", "-") in tools]
    bad = []
    for row in rows:
        ships = row["Name"].lower().replace("_", "-") in shipped
        wrong = refused(row, SHIPPED if ships else TOOLS)
        bad += [row["Name"]] if wrong else []
        mark = "NOT ALLOWED" if wrong else "ships" if ships else "tool"
        print(f"{row['Name']:<28}{row['Version']:<18}{mark:<12}{row['License']}")
    if bad:
        print(f"licences nobody allowed: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
