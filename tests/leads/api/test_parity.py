"""Whatever the browser can do to a lead or handoff, the API can, signatures excepted."""

import ast
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from portal.api import description
from tests.authz_actors import DECLARED, addresses, classes

ROOT = Path(__file__).parent.parent.parent.parent
VIEWS = ROOT / "leads" / "views"
API = ROOT / "leads" / "api"
ABOUT = (
    "leads/", "handoffs/", "h/", "clocks/", "alerts/", "contributions/", "meetings/", "desk/",
    "waivers/",
)  # fmt: skip

# Where a person acts, and the calls that do the same.
SAME = {
    "leads:lead-new": ["bring_lead", "bring_leads"],
    "leads:lead-merge": ["merge_lead"],
    "leads:lead-unmerge": ["unmerge_lead"],
    "leads:touch-log": ["log_touch"],
    "leads:attest": ["attest"],
    "leads:attest-withdraw": ["withdraw_attestation"],
    "leads:lead-move": ["move_lead"],
    "leads:seats": ["give_seat"],
    "leads:handoff-offer": ["offer_lead"],
    "leads:handoff-accept": ["accept_handoff"],
    "leads:handoff-return": ["return_handoff"],
    "leads:handoff-answer": ["fix_handoff", "dispute_handoff", "answer_recycle_handoff"],
    "leads:handoff-decide": ["decide_handoff"],
    "leads:handoff-outcome": [
        "complete_handoff", "still_talking", "close_handoff", "recycle_handoff",
    ],
    "leads:handoff-package": ["complete_package"],
    "leads:handoff-withdraw": ["withdraw_handoff"],
    "leads:handoff-reassign": ["reassign_handoff"],
    "leads:handoff-undo": ["undo_handoff"],
    "leads:meetings": ["book_meeting"],
    "leads:meeting-missed": ["meeting_missed"],
    "leads:clock-pause": ["pause_clock"],
    "leads:clock-act": ["log_touch", "accept_handoff", "resume_clock"],
    "leads:alerts-read": ["read_alerts"],
    "leads:alert-acknowledge": ["acknowledge_alert"],
    "leads:alert-snooze": ["snooze_alert"],
    "leads:contribution-ask": ["ask_contribution"],
    "leads:contribution-deliver": ["deliver_contribution"],
    "leads:contribution-used": ["contribution_used"],
    "leads:contribution-cancel": ["cancel_contribution"],
    "leads:desk-bulk": ["move_handoffs", "log_touch"],
    "leads:desk-take-back": ["take_touch_back"],
    "leads:desk-used": ["contribution_used"],
    "leads:desk-undo": ["undo_handoff"],
    "leads:waiver-ask": ["ask_waiver"],
    "leads:waiver-refuse": ["refuse_waiver", "offer_lead"],
    "leads:lead-consent": ["state_consent"],
    "leads:lead-privacy-asked": ["privacy_asked"],
    "leads:lead-privacy-export": ["export_person"],
    "leads:lead-privacy-erase": ["erase_person"],
    "leads:brief": [
        "accept_handoff", "return_handoff", "log_touch", "ask_contribution",
        "contribution_used",
    ],
}  # fmt: skip
# Actions of the pages that are no deed on a lead or handoff, each with what they are.
OTHER = {
    "leads:desk-views": "a reader's own views of the desk",
    "leads:desk-view": "a reader's own views of the desk",
}
ELSEWHERE = {
    "leads.actions.imports": "files come in by their own screens, with a preview and a report",
    "leads.actions.library": "the library is no lead and no handoff",
    "leads.actions.owning.rules": "rules of a team are drafted, tried and published by people",
    "leads.actions.owning.leaving": "somebody's leaving is about an account",
    "leads.actions.owning.seeing_off": "somebody's leaving is about an account",
    "leads.actions.moving": "who is in which team is about people, and done by hand",
    "leads.actions.reviewing": "notes and answers stand beside figures, not leads",
    "leads.actions.privacy.retention": "rules of retention are no lead and no handoff",
    "leads.actions.setup": "a company is set up by people, once",
    "leads.actions.events": "sources of events are set up by operations",
}


def acting():
    """The addresses about leads and handoffs at which somebody may act, by name."""
    declared = classes()
    for route, name in addresses().items():
        if route.startswith(ABOUT) and name.startswith("leads:"):
            (kind,) = declared[route]
            says = set(map(str, DECLARED["class"][kind]["POST"].values()))
            if says - {"login", "405", "404"}:
                yield name


def test_every_act_of_the_pages_has_its_call():
    calls = {
        call["operationId"]
        for methods in description()["paths"].values()
        for call in methods.values()
    }

    without = [name for name in acting() if name not in SAME | OTHER]
    gone = {one for wanted in SAME.values() for one in wanted} - calls

    assert without == [], "give each of them a call of the API, or say here why not"
    assert gone == set()


def test_nothing_is_said_of_an_act_that_is_not_there():
    assert set(SAME | OTHER) - set(acting()) == set()


@cache
def deeds(folder):
    """Every action that the files below `folder` name and that somebody does: `by` and `at`."""
    return frozenset(_deeds(folder))


def _deeds(folder):
    for path in folder.rglob("*.py"):
        text = path.read_text()
        if "leads.actions" not in text:
            continue
        nodes = list(ast.walk(ast.parse(text)))
        modules = {}
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "leads.actions"
            ):
                for alias in node.names:
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                where = modules.get(node.value.id)
                if where is not None and is_a_deed(where, node.attr):
                    yield f"{where}.{node.attr}"


def is_a_deed(where, name):
    try:
        found = getattr(import_module(where), name, None)
    except ImportError:
        return False
    if not inspect.isfunction(found):
        return False
    return {"by", "at"} <= set(inspect.signature(found).parameters) and is_recorded(found)


def is_recorded(function):
    """Whether it is an action: a durable transaction of its own, or what receives."""
    return hasattr(function, "__wrapped__") or function.__name__ == "receive"


@pytest.mark.parametrize("deed", sorted(deeds(VIEWS)))
def test_the_api_calls_the_action_that_the_page_calls(deed):
    elsewhere = any(deed.startswith(f"{room}.") for room in ELSEWHERE)

    assert elsewhere or deed in deeds(API), deed


def test_no_call_signs():
    words = {word for path in description()["paths"] for word in path.split("/")}

    assert words & {"sign", "decline", "sign-off", "signature"} == set()
