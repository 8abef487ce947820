"""What the text leaves open: criteria, benchmarks, reasons, and old words."""

import re
from collections.abc import Iterator

from sla.core.saying import Say
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.warnings.company import Caution, Directory

_OLD_WORD = re.compile(r"\b(MALs?|MQLs?|SALs?|SQLs?|SQOs?|SAOs?)\b")


def stages_without_criteria(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each stage that nothing can check."""
    for stage in terms.journey:
        if stage.criteria is None:
            yield Caution(
                code=f"stage_without_criteria:{stage.key}",
                grave=False,
                fact=say(_("A stage without executable criteria: {name}.")).format(
                    name=stage.name
                ),
                why=say(_("Whether a lead is in it stays a matter of opinion.")),
                path=f"journey/{stage.key}",
            )


def unconfirmed_benchmarks(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each benchmark that nobody has confirmed."""
    for benchmark in terms.benchmarks:
        if not benchmark.confirmed:
            stages = (benchmark.from_stage, benchmark.to_stage)
            before, after = (terms.stage(key).name for key in stages)
            rate = say(_("{before} to {after}, {percent}")).format(
                before=before, after=after, percent=f"{benchmark.percent}\u00a0%"
            )
            yield Caution(
                code=f"unconfirmed_benchmark:{benchmark.key}",
                grave=False,
                fact=say(_("A benchmark nobody confirmed: {name}.")).format(name=rate),
                why=say(_("It gives no verdict until somebody confirms or changes it.")),
                path=f"benchmarks/{benchmark.key}",
            )


def idle_reasons(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each reason to return that disputes no criterion."""
    for reason in terms.return_reasons:
        if reason.disputes is None:
            yield Caution(
                code=f"reason_disputes_nothing:{reason.key}",
                grave=False,
                fact=say(_("A reason that disputes no criterion: {name}.")).format(
                    name=reason.name
                ),
                why=say(_("Marketing cannot tell from it what to change.")),
                path=f"return_reasons/{reason.key}",
            )


def unmapped_words(terms: Terms, directory: Directory, say: Say) -> Iterator[Caution]:
    """One for each old word that is used, in the text or by a system, and is no stage's."""
    labels = [stage.legacy for stage in terms.journey if stage.legacy]
    mapped = {word.casefold() for label in labels for word in [label, *_words(label)]}
    mapped |= {name.casefold() for stage in terms.journey for name in (stage.key, stage.name)}
    used = {_singular(word): path for path, text in _texts(terms) for word in _old_words(text)}
    used |= dict.fromkeys(directory.legacy_words, "journey")
    for word, path in sorted(used.items()):
        if word.casefold() not in mapped:
            yield Caution(
                code=f"unmapped_word:{word}",
                grave=False,
                fact=say(_("An old word that no stage maps: {name}.")).format(name=word),
                why=say(_("Readers and systems that say it cannot tell which stage is meant.")),
                path=path,
            )


def _words(label: str) -> list[str]:
    return re.findall(r"\w+", label)


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _old_words(text: str) -> list[str]:
    return _OLD_WORD.findall(text)


def _texts(terms: Terms) -> Iterator[tuple[str, str]]:
    """Everything that people wrote, with the path of its clause."""
    yield "preamble", terms.preamble
    yield "title", terms.title
    for clause in terms.clauses:
        yield f"clauses/{clause.key}", f"{clause.heading} {clause.text}"
    for stage in terms.journey:
        text = f"{stage.definition} {stage.marketing} {stage.sales}"
        yield f"journey/{stage.key}", text
    for handoff in terms.handoffs:
        yield f"handoffs/{handoff.key}", handoff.name
    for owed in terms.obligations:
        yield f"obligations/{owed.key}", owed.name
    for volume in terms.commitments:
        yield f"commitments/{volume.key}", volume.name
    for reason in terms.return_reasons:
        yield f"return_reasons/{reason.key}", f"{reason.name} {reason.example}"
