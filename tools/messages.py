"""Gather the texts of the portal into locale/ and compile them: `make messages`.

Needs GNU gettext's xgettext, msguniq and msgmerge. A text that changed loses its
translation: a guess that nobody read is worse than the English. What lacks one is listed.
"""

import os
import sys
from pathlib import Path

import django
import polib
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parent.parent
IGNORED = [".venv", "tests", "benchmarks", "tools", "docs", "static"]


class Gather(makemessages.Command):
    """Django's own, which knows Phrase (portal/language.py) too."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=Phrase"]


def gather() -> None:
    """Write locale/*/LC_MESSAGES/django.po anew from the code and the templates."""
    command = Gather()
    command.run_from_argv(
        ["manage.py", "makemessages", "--all", "--no-obsolete", "--add-location=file"]
        + [f"--ignore={folder}" for folder in IGNORED]
    )


def settle(path: Path) -> list[str]:
    """Drop guesses, compile; return the texts that are not translated."""
    catalogue = polib.pofile(str(path), wrapwidth=96)
    for entry in catalogue.fuzzy_entries():
        entry.flags.remove("fuzzy")
        entry.msgstr = ""
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
        entry.previous_msgid = entry.previous_msgid_plural = None
    catalogue.metadata.pop("POT-Creation-Date", None)
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def main() -> int:
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    sys.path.insert(0, str(ROOT))
    django.setup()
    gather()
    missing = {
        path: settle(path) for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    }
    for path, texts in missing.items():
        print(f"{path.relative_to(ROOT)}: {len(texts)} without a translation")
        print(*(f"  {text!r}" for text in texts), sep="\n")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
