"""Where each screen is explained: the name of its address, the page and section of the help."""

from django.urls import reverse

_PLACES: dict[str, tuple[str, ...]] = {
    "desk#rows": ("leads:desk", "leads:brief", "leads:desk-news"),
    "desk#several": ("leads:desk-bulk",),
    "desk#views": ("leads:desk-views", "leads:desk-view"),
    "desk#team": ("leads:desk-team",),
    "lead#list": ("leads:lead-list",),
    "lead#new": ("leads:lead-new",),
    "lead#page": ("leads:lead", "leads:lead-company", "leads:lead-changes"),
    "lead#touch": ("leads:touch-log", "leads:meetings"),
    "lead#same": ("leads:lead-duplicates",),
    "lead#move": ("leads:lead-move",),
    "lead#owners": ("leads:seats", "leads:would-get"),
    "lead#privacy": ("leads:lead-privacy", "leads:lead-privacy-erase"),
    "handoff#clocks": ("leads:handoff",),
    "handoff#offer": ("leads:handoff-offer", "leads:waiver-ask", "leads:waiver-refuse"),
    "handoff#accept": ("leads:handoff-accept",),
    "handoff#after": ("leads:handoff-outcome",),
    "handoff#package": ("leads:handoff-package",),
    "handoff#reassign": ("leads:handoff-reassign",),
    "returns#return": ("leads:handoff-return",),
    "returns#answer": ("leads:handoff-answer",),
    "returns#dispute": ("leads:handoff-decide",),
    "returns#groups": ("leads:returns", "leads:returns-group"),
    "returns#nurture": ("leads:nurture",),
    "material#ask": (
        "leads:contribution-ask", "leads:contribution-deliver", "leads:contributions",
    ),
    "material#library": (
        "leads:library", "leads:content", "leads:content-new", "leads:content-edit",
    ),
    "material#plan": ("leads:library-plan",),
    "agreement#read": ("sla:agreement", "sla:version"),
    "agreement#governs": (
        "sla:agreement-list", "sla:in-force", "sla:which", "sla:order", "sla:scope",
    ),
    "agreement#split": ("sla:split",),
    "agreement#begin": ("sla:agreement-new", "sla:questions"),
    "agreement#edit": ("sla:draft-edit", "sla:draft-part", "sla:draft-import"),
    "agreement#changes": ("sla:version-diff",),
    "agreement#comments": ("sla:comments",),
    "agreement#next-year": ("sla:next-year",),
    "agreement#shadow": ("sla:shadow",),
    "agreement#backtest": (
        "leads:backtest", "leads:backtest-leads", "leads:backtest-clauses",
        "leads:backtest-rows", "leads:backtest-volumes", "leads:backtest-whole",
    ),
    "signing#propose": ("sla:version-propose",),
    "signing#sign": ("sla:version-sign",),
    "signing#decline": ("sla:version-decline", "sla:version-withdraw"),
    "signing#proof": ("leads:proof",),
    "clocks#why": ("leads:clock",),
    "clocks#pause": ("leads:clock-pause",),
    "alerts#seen": ("leads:alerts",),
    "alerts#ways": ("my-notifications",),
    "alerts#undelivered": ("undelivered",),
    "reports#scorecard": ("leads:scorecard",),
    "reports#rows": (
        "leads:scorecard-rows", "leads:integrity-rows", "leads:cohort-rows",
        "leads:breach-rows", "leads:forecast-rows",
    ),
    "reports#review": ("leads:review",),
    "reports#forecast": ("leads:forecast",),
    "reports#breaches": ("leads:breaches",),
    "reports#cohort": ("leads:cohort",),
    "reports#integrity": ("leads:integrity",),
    "reports#coverage": ("leads:coverage", "leads:coverage-rows"),
    "reports#seals": ("leads:seals", "leads:seal"),
    "reports#ledger": ("ledger", "ledger-entry"),
    "setup#steps": ("leads:setup", "leads:setup-company", "leads:setup-teams"),
    "setup#people": ("leads:setup-people", "leads:setup-invitations"),
    "setup#signing": ("leads:setup-parties", "leads:setup-signing"),
    "setup#live": ("leads:setup-live", "leads:setup-test"),
    "imports#file": ("leads:imports", "leads:import"),
    "imports#map": ("leads:import-map",),
    "imports#check": ("leads:import-check",),
    "imports#live": ("leads:import-live",),
    "imports#systems": (
        "leads:source-list", "leads:source-new", "leads:source", "leads:source-edit",
        "leads:source-mapping", "leads:source-quarantine", "leads:event-item",
        "leads:source-rotate",
    ),
    "imports#told": (
        "leads:subscription-list", "leads:subscription-new", "leads:subscription",
        "leads:subscription-edit", "leads:subscription-rotate", "leads:outgoing",
    ),
    "imports#words": ("leads:old-words",),
    "imports#job": ("job",),
    "account#hours": ("profile", "person-hours"),
    "account#sign-in": (
        "mfa_index", "passkeys", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_generate_recovery_codes", "account_change_password",
        "account_reauthenticate", "mfa_reauthenticate", "company-prove",
        "sign-ins",
    ),
    "account#tokens": ("tokens",),
    "account#teams": ("leads:teams", "leads:team-rules"),
    "account#leaving": ("leads:person-leaving",),
    "account#moving": ("leads:person-team", "leads:setup-team"),
    "privacy#leads": ("leads:privacy", "leads:retention", "leads:retention-due"),
    "privacy#you": ("leads:my-records",),
}  # fmt: skip
"""Section of a page of the help, and the screens that it explains."""

PLACES = {view: place for place, views in _PLACES.items() for view in views}


def address(view: str) -> str:
    """Where the screen of this name is explained; empty where nothing is said of it."""
    place = PLACES.get(view)
    if place is None:
        return ""
    page, _hash, section = place.partition("#")
    return f"{reverse('leads:help-guide', args=[page])}#{section}"
