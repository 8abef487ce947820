"""Fetch what Concord vendors, copy the named files, build the icon sprite, write the sums.

Run from the root of the repository: `python tools/vendor/refresh.py`. It needs npm, which
only downloads the packages of package.json (`npm pack`); nothing of them is run. Commit
what changed. `python tools/vendor/refresh.py --sums` only writes the sums again.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tools/vendor"
SUMS = ROOT / "static/vendor/SHA256SUMS"
SPRITE = ROOT / "static/portal/icons.svg"
PROPS = ROOT / "static/vendor/open-props/props.css"
AXE = ROOT / "tests/browser/axe"


def fetch(name: str, version: str, into: Path) -> Path:
    """Download and unpack one package; return the folder that holds its files."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(into)]
    archive = subprocess.run(command, check=True, capture_output=True, text=True)
    with tarfile.open(into / archive.stdout.strip()) as tar:
        tar.extractall(into / name, filter="data")
    return into / name / "package"


def copy(source: Path, files: dict[str, str]) -> None:
    for theirs, ours in files.items():
        target = ROOT / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((source / theirs).read_bytes())


def symbol(icons: Path, name: str) -> str:
    """One Tabler icon as a symbol: its strokes, without the attributes the stylesheet sets."""
    drawing = (icons / f"{name}.svg").read_text()
    strokes = re.findall(r'<path d="([^"]+)"', drawing)
    paths = "".join(f'<path d="{stroke}"/>' for stroke in strokes)
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>'


def sprite(icons: Path, names: list[str]) -> str:
    """The brand and every icon named in package.json, one symbol a line."""
    brand = re.findall(r"<symbol .*?</symbol>", (HERE / "brand.svg").read_text())
    symbols = [*brand, *(symbol(icons, name) for name in names)]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]) + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_sums() -> None:
    """SHA-256 of every vendored file, in the form that `sha256sum --check` reads."""
    vendored = [*SUMS.parent.rglob("*"), *AXE.rglob("*"), SPRITE]
    files = sorted(path for path in vendored if path.is_file() and path != SUMS)
    lines = [f"{_sha256(path)}  {path.relative_to(ROOT).as_posix()}\n" for path in files]
    SUMS.write_text("".join(lines))


def refresh() -> None:
    plan = json.loads((HERE / "package.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        for name, version in plan["dependencies"].items():
            source = fetch(name, version, Path(folder))
            copy(source, plan["copies"][name])
            if name == "@tabler/icons":
                SPRITE.write_text(sprite(source / "icons/outline", plan["icons"]))
            if name == "open-props":
                modules = [
                    (source / f"{module}.min.css").read_text() for module in plan["props"]
                ]
                PROPS.write_text("".join(modules))


if __name__ == "__main__":
    if "--sums" not in sys.argv:
        refresh()
    write_sums()
