"""The pages of the help, and what the words mean: all, by search, or those of one screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leads.core import text
from leads.core.words.stages import plain
from leads.desk.words import ruling
from leads.views.help.guides import BY_KEY, GUIDES, Guide
from leads.views.help.places import PLACES
from leads.views.help.terms import EVERY, GROUPS, SCREENS, Term
from portal import wallclock
from portal.http import PortalRequest
from sla.core import clauses
from sla.core.clauses import Clause
from sla.core.terms import Stage, Terms

LONGEST = 60
MOST_RULES = 6


@dataclass(frozen=True)
class Told:
    """A term with the section of the agreement in force that rules it, and its clauses.

    `rules` are those about this very thing; a term of a whole section has none.
    """

    term: Term
    section: int = 0
    title: str = ""
    rules: Sequence[Clause] = ()

    def fits(self, q: str) -> bool:
        return plain(q) in plain(f"{self.term.word} {self.term.other} {self.term.means}")


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """The glossary; `screen` puts the words of that screen first, `q` looks for one."""
    terms = ruling(wallclock.now()).default
    told = _told(terms)
    q = text.line(request.GET.get("q", ""), LONGEST)
    stages = [one for one in (terms.journey if terms else ()) if _means(one, q)]
    groups = [
        (key, title, [told[one.key] for one in words if told[one.key].fits(q)])
        for key, title, words in GROUPS
    ]
    context = {
        "q": q,
        "guides": [guide for guide in GUIDES if _about(guide, q)],
        "here": [told[key] for key in words_of(request.GET.get("screen", ""))],
        "groups": [group for group in groups if group[2]],
        "stages": stages,
    }
    return render(request, "portal/help/help.html", context)


def words_of(screen: str) -> Sequence[str]:
    """Those that stand on a screen; else those of the section that explains it."""
    page, _hash, section = PLACES.get(screen, "").partition("#")
    sections = BY_KEY[page].sections if page else ()
    return SCREENS.get(screen) or [
        word for one in sections if one.key == section for word in one.words
    ]


def _about(guide: Guide, q: str) -> bool:
    """Whether a page of the help speaks of a word, in a title or in its text."""
    said = (f"{one.title} {' '.join(str(text) for text in one.text)}" for one in guide.sections)
    return plain(q) in plain(" ".join((str(guide.title), str(guide.about), *said)))


def _means(stage: Stage, q: str) -> bool:
    """Whether a stage is what a word means: its name, its old label, or its definition."""
    return plain(q) in plain(f"{stage.name} {stage.legacy or ''} {stage.definition}")


def _told(terms: Terms | None) -> dict[str, Told]:
    """Every term, with its place in the agreement in force if there is one."""
    if terms is None:
        return {key: Told(term) for key, term in EVERY.items()}
    sections = {section.number: section for section in clauses.render(terms)}
    kinds: set[str] = {one.kind for one in terms.obligations}
    owed = {kind: _clauses_of(kind, terms) for kind in kinds}
    return {key: _placed(term, sections, owed) for key, term in EVERY.items()}


def _clauses_of(kind: str, terms: Terms) -> set[str]:
    return {f"obligations/{one.key}" for one in terms.obligations if one.kind == kind}


def _placed(
    term: Term, sections: dict[int, clauses.Section], owed: dict[str, set[str]]
) -> Told:
    section = sections.get(term.section)
    if section is None:
        return Told(term)
    paths = {path for kind in term.kinds for path in owed.get(kind, ())}
    rules = [clause for clause in section.clauses if clause.path in paths]
    return Told(term, section.number, section.title, rules[:MOST_RULES])
