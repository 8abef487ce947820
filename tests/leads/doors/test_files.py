"""Every list that a person can see leaves as CSV and as XLSX: the walk over all addresses.

A list is a page whose template draws a table, rows or a way to older ones. One without both
files fails, unless it is named below with the reason.
"""

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.template.loader import get_template
from openpyxl import load_workbook

from leads.actions.sweeping import sweep
from portal import wallclock
from tests.authz_actors import ACTORS, NOW, make_company
from tests.kept import kept
from tests.test_questions_of_pages import READ

pytestmark = pytest.mark.django_db
A_LIST = re.compile(r"<table|components/table\.html|class=\"rows\b|components/pager\.html")
INCLUDED = re.compile(r"""{%\s*include\s+"([^"]+)\"""")
OWN, OTHER = re.compile(r"{%\s*files\s*%}"), "components/files.html"

FIGURES = "each of its figures opens the rows it counts, which leave as files"
ONE_LEAD = "one lead, which leaves whole as JSON or CSV from its page of privacy"
AN_ACT = "what an act would do, shown before it is done"
OWN_WAYS = "settings of the reader's own account, no rows of the business"
SET_UP = "what an administrator or operations set up, typed in there"
VERSION = "agreements/<slug:key>/versions/<int:number>/"
NO_FILE = {
    f"{VERSION}backtest/": FIGURES,
    f"{VERSION}backtest/stages/": FIGURES,
    f"{VERSION}backtest/volumes/": FIGURES,
    f"{VERSION}shadow/": FIGURES,
    "coverage/": FIGURES,
    "forecast/": FIGURES,
    "integrity/": FIGURES,
    "review/": FIGURES,
    "clocks/<int:clock_id>/": ONE_LEAD,
    "contributions/<int:contribution_id>/deliver/": ONE_LEAD,
    "handoffs/<int:handoff_id>/": ONE_LEAD,
    "h/<int:handoff_id>/": ONE_LEAD,
    "leads/<int:lead_id>/": ONE_LEAD,
    "leads/<int:lead_id>/contributions/ask/": ONE_LEAD,
    "leads/<int:lead_id>/meetings/": ONE_LEAD,
    "leads/<int:lead_id>/move/": ONE_LEAD,
    "leads/<int:lead_id>/privacy/": ONE_LEAD,
    "leads/<int:lead_id>/seats/": ONE_LEAD,
    "desk/several/": AN_ACT,
    "imports/live/": AN_ACT,
    "imports/files/<int:upload_id>/": AN_ACT,
    "imports/files/<int:upload_id>/check/": AN_ACT,
    "people/<int:user_id>/leaving/": AN_ACT,
    "teams/<slug:key>/rules/": AN_ACT,
    "desk/views/": OWN_WAYS,
    "me/records/": OWN_WAYS,
    "tokens/": OWN_WAYS,
    "help/": "the words of the help",
    "ledger/<int:seq>/": "one entry with its proof; the ledger itself leaves",
    "privacy/rules/": SET_UP,
    "setup/company/": SET_UP,
    "setup/signing/": SET_UP,
    "setup/test/": SET_UP,
}


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """One object of each kind, and everybody who may or may not see it."""
    with kept(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)
        yield make_company()


@pytest.fixture(scope="module")
def drawn(company):
    """What each page is drawn by: the source of its template with all that it includes."""
    return {route: source(company, route) for route in READ}


def source(company, route):
    answer = company.client(READ[route]).get(company.path(route), follow=True)
    names = [one.name for one in answer.templates if one.name]
    return whole(names[0], set()) if names else ""


def whole(name, seen):
    """A template's text and that of what it includes; a component stays a name."""
    if name in seen:
        return ""
    seen.add(name)
    text = get_template(name).template.source
    parts = [one for one in INCLUDED.findall(text) if not one.startswith("components/")]
    return text + "".join(whole(one, seen) for one in parts)


def has_files(text):
    return bool(OWN.search(text)) or OTHER in text


def test_every_list_leaves_as_csv_and_xlsx_or_says_why_not(drawn):
    lists = {route for route, text in drawn.items() if A_LIST.search(text)}
    without = {route for route in lists if not has_files(drawn[route])}

    assert len(lists) > 50
    assert not (missing := sorted(without - set(NO_FILE))), "\n".join(missing)


def test_no_reason_stands_for_a_list_that_leaves_or_is_none(drawn):
    lists = {route for route, text in drawn.items() if A_LIST.search(text)}

    stale = [r for r in NO_FILE if r not in lists or has_files(drawn[r])]
    assert not stale, "\n".join(stale)


@pytest.fixture(scope="module")
def answering(drawn):
    """The pages whose own address answers with the file."""
    return sorted(route for route, text in drawn.items() if OWN.search(text))


def asked(company, route, actor, kind):
    path = company.path(route)
    return company.client(actor).get(f"{path}{'&' if '?' in path else '?'}file={kind}")


def header(answer, kind):
    body = b"".join(answer.streaming_content)
    if kind == "csv":
        return next(csv.reader(StringIO(body.decode("utf-8-sig"), newline="")))
    return list(next(load_workbook(BytesIO(body), read_only=True).active.values))


def test_both_files_of_a_list_have_the_same_columns(company, answering):
    for route in answering:
        answers = {kind: asked(company, route, READ[route], kind) for kind in ("csv", "xlsx")}

        assert [one.status_code for one in answers.values()] == [200, 200], route
        assert all("attachment" in one["Content-Disposition"] for one in answers.values())
        columns = header(answers["csv"], "csv")
        assert columns == header(answers["xlsx"], "xlsx"), route
        assert len(columns) == len(set(columns)) > 1, (route, columns)


def test_who_does_not_get_the_page_does_not_get_its_file(company, answering):
    for route in answering:
        for actor in ACTORS:
            page = company.client(actor).get(company.path(route))
            file = asked(company, route, actor, "csv")

            if page.status_code == 200 and "download" in page.text:
                assert file.streaming, (route, actor)
            elif page.status_code != 200:
                assert file.status_code == page.status_code, (route, actor)
                assert not file.streaming, (route, actor)
