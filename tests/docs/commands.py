"""Every command that a page prints: in blocks, in indented lines, in sentences."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "deploy" / "environment.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
INDENTED = re.compile(r"(?m)^ {4}(\S.*)$")
INLINE = re.compile(r"`([^`\n]+)`")
STARTS = (
    r"(?:[A-Z_]+=\S+ )*(?:nice )?(?:make|manage\.py|python3?|\.venv/bin/\w+|tools/\w+(?:\.py)?)"
)
# In a sentence a command has a word behind its first; `python3` alone is a name.
IN_SENTENCE = re.compile(rf"^{STARTS} \S|^tools/\w+\.py$")
SETTING = re.compile(r"^[A-Z_]+=")


@dataclass(frozen=True)
class Command:
    """One line as it is printed, and where; `shown` where it stands apart from sentences."""

    page: str
    line: str
    shown: bool

    @property
    def words(self) -> list[str]:
        """Without comment, `nice`, and the environment before it."""
        words = shlex.split(self.line, comments=True)
        while words and (SETTING.match(words[0]) or words[0] == "nice"):
            del words[0]
        return words

    @property
    def program(self) -> str:
        """What is called: `make`, `manage.py`, a module, a file; else the first word."""
        words = self.words
        first = words[0].removeprefix(".venv/bin/") if words else ""
        if re.fullmatch(r"python3?", first) and len(words) > 1:
            return (
                "-m" if words[1] == "-m" else "manage.py" if "manage.py" in words else words[1]
            )
        return first

    @property
    def given(self) -> list[str]:
        """What stands behind the program."""
        words = self.words
        for name in ("manage.py", "-m", self.program):
            if name in words:
                return words[words.index(name) + 1 :]
        return words[1:]


def lines(page: Path) -> list[Command]:
    """All lines of one page, parts of `a && b` each for itself. docs/api.md's examples are
    whole programs, run by `tests/leads/api/test_guide.py`, and stand apart."""
    text = re.sub(r"\\\n\s*", " ", page.read_text())
    name = page.relative_to(ROOT).as_posix()
    blocks = [] if name == "docs/api.md" else BLOCK.findall(text)
    shown = [line for kind, block in blocks if kind == "sh" for line in block.splitlines()]
    prose = BLOCK.sub("", text)
    shown += INDENTED.findall(prose)
    found = [Command(name, part.strip(), True) for line in shown for part in line.split(" && ")]
    said = [one for one in INLINE.findall(prose) if IN_SENTENCE.match(one)]
    return found + [Command(name, one, False) for one in said]


EVERY = [command for page in PAGES for command in lines(page)]
