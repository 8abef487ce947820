"""Write docs/glossary.md from the portal's own glossary, the one behind `/help/`.

`python -m tools.docs.glossary` writes it; with `--check` it only says whether that would
change anything.
"""

import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
HEAD = """# Words

What the words of the portal mean. *What do these words mean?* at the foot of every screen opens
the same list, with the words of that screen first and with the clause of your agreement that
rules each. Stages, kinds of lead and reasons have your own names, those of the agreement.

Written by `python -m tools.docs.glossary` from the words of the portal.
"""


def page() -> str:
    """The page as the portal's glossary says it, in English."""
    from django.utils.translation import override

    from leads.views.help.terms import GROUPS

    lines = [HEAD]
    with override("en"):
        for _key, title, terms in GROUPS:
            lines += [f"## {title}", "", "| word | means | also known as |", "|---|---|---|"]
            lines += [f"| **{one.word}** | {one.means} | {one.other or '–'} |" for one in terms]
            lines.append("")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    made = page()
    if "--check" in arguments:
        print("as the portal says" if PAGE.read_text() == made else "stale")
        return int(PAGE.read_text() != made)
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
