"""The clauses about keeping the agreement: who is told, returns, evidence, governance."""

from collections.abc import Iterator

from sla.core.clauses import words
from sla.core.clauses.layout import Draft
from sla.core.criteria import named
from sla.core.criteria import sentence as criteria_sentence
from sla.core.facts import TOUCH_KINDS
from sla.core.terms.document import Terms
from sla.core.terms.parts import Governance, LadderStep, ReturnReason

_REVIEWED = {
    "past_last_step": "Breaches that went past the last step of their ladder are reviewed.",
    "all": "Every breach is reviewed.",
    "none": "No breach is reviewed.",
}


def ladder_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield a clause for each ladder, a line for each step."""
    for key, steps in terms.ladders.items():
        lines = tuple((f"steps/{step.key}", _step(step)) for step in steps)
        yield Draft(f"ladders/{key}", f"When time runs out: {words.name(key)}", lines)


def return_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield a clause for each reason to return a lead."""
    for reason in terms.return_reasons:
        lines = (
            ("example", f"Example: {reason.example}" if reason.example else ""),
            ("disputes", _disputes(terms, reason)),
            ("after_cadence", _after_cadence(reason)),
        )
        yield Draft(f"return_reasons/{reason.key}", reason.name, lines)


def evidence_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield the rule of whose time counts, then each trusted source."""
    rule = "What happened counts at the time at which the portal learns of it."
    but = " The sources below are the exception." if terms.trusted_sources else ""
    yield Draft("trusted_sources", "Whose time counts", (("rule", rule + but),))
    for source in terms.trusted_sources:
        kinds = words.listed([TOUCH_KINDS[kind].label for kind in source.kinds], "and")
        lag = words.elapsed(source.max_lag)
        text = f"Its own times count for these touches, if they arrive within {lag}: {kinds}."
        yield Draft(f"trusted_sources/{source.source}", source.source, (("lag", text),))


def own_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield the clauses that people wrote."""
    for clause in terms.clauses:
        lines = (("text", clause.text),)
        yield Draft(f"clauses/{clause.key}", clause.heading, lines, prose=True)


def governance_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield how the agreement itself is signed, reviewed and sealed."""
    rules = terms.governance
    yield Draft("governance/signing", "Signing", _signing(rules))
    review = f"Both departments review this agreement by {words.day(rules.review_on)}."
    yield Draft("governance/review", "Review", (("review_on", review),))
    excused = "is excused, if it is no longer than the working time that the outage took"
    counts = excused if rules.outage_excuses else "counts all the same"
    outage = f"A breach that falls into an outage of the portal {counts}."
    yield Draft("governance/outages", "Outages", (("outage_excuses", outage),))
    yield Draft("governance/breaches", "Breaches", _breaches(rules))
    seals = f"At the end of each {rules.seals} every figure is sealed."
    zone = f"Weeks, months and quarters begin at midnight in {rules.zone}."
    yield Draft("governance/seals", "Seals", (("seals", seals), ("zone", zone)))


def _step(step: LadderStep) -> str:
    if step.after is not None:
        when = f"{words.working(step.after)} after it is due"
    elif step.percent == 100:
        when = "when it is due"
    else:
        when = f"when {words.percent(step.percent or 0)} of the time is used"
    return f"Step {step.key}, {when}: {words.told(step.telling)}."


def _disputes(terms: Terms, reason: ReturnReason) -> str:
    if reason.disputes is None:
        return "It disputes no criterion."
    for _, tree in terms.criteria():
        node = named(tree, reason.disputes)
        if node is not None:
            asked = criteria_sentence(node)
            return f"It disputes that {asked} ({words.key(reason.disputes)})."
    return f"It disputes {reason.disputes}."


def _after_cadence(reason: ReturnReason) -> str:
    return "It may be used only after the cadence was kept." if reason.after_cadence else ""


def _signing(rules: Governance) -> tuple[tuple[str, str], ...]:
    signers = [
        f"{'the head' if who == 'head' else 'a signatory'} of {words.party(department)}"
        for department, who in sorted(rules.signed_by.items())
    ]
    signed = words.sentence(f"{words.listed(signers, 'and')} sign, two different persons")
    how = "A passkey is required." if rules.passkey_required else ""
    return (("signed_by", signed), ("passkey_required", how))


def _breaches(rules: Governance) -> tuple[tuple[str, str], ...]:
    cure = ""
    if rules.cure_period is not None:
        cure = f"Their cause is put right within {words.elapsed(rules.cure_period)}."
    return (("review_breaches", _REVIEWED[rules.review_breaches]), ("cure_period", cure))
