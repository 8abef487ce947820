"""Each figure opens onto exactly the rows that it counts, on the page and in files."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from leads.models import Clock
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.scorecard.rows import Asked, rows
from portal.accounts.models import Role
from tests.factories import make_user
from tests.leads.reports.scenes import LATER, a_month, links, rows_of

pytestmark = pytest.mark.django_db
FAMILIES = {
    "clocks", "cohort", "volume", "commitment", "returns", "speed", "waived", "contributions",
    "after",
}  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"period": "week"},
        {"period": "quarter"},
        {"on": "2026-02-10"},
        {"team": "inside-sales"},
        {"source": "website"},
        {"segment": "trial"},
        {"version": "1"},
        {"version": "2"},
    ],
    ids=str,
)
def test_each_figure_counts_exactly_its_rows(month, query):
    filters = a_month(**query)

    found = lines(scorecard(month.version, filters, LATER))

    assert {one.figure.split(":")[0] for one in found} <= FAMILIES
    asked = Asked(month.version, filters, LATER)
    counted = {one.figure: rows(one.figure, asked).found.count() for one in found}
    assert counted == {one.figure: one.value for one in found}


def test_the_month_has_something_in_every_family(month):
    found = lines(scorecard(month.version, a_month(), LATER))

    assert {one.figure.split(":")[0] for one in found if one.value} == FAMILIES


def test_every_link_of_the_page_says_how_many_rows_it_opens(client, month, reader):
    found = links(client.get(reverse("leads:scorecard")).text)

    assert len(found) > 40
    asked = Asked(month.version, a_month(), LATER)
    counted = {url: rows(figure_of(url), asked).found.count() for url, _ in found}
    assert counted == dict(found)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_link_of_each_family_opens_its_rows(client, month, reader, family):
    found = links(client.get(reverse("leads:scorecard")).text)

    url, number = next(
        (url, n) for url, n in found if figure_of(url).startswith(f"{family}:") and n
    )

    assert rows_of(client, url) == number


def figure_of(url):
    (figure,) = parse_qs(urlsplit(url).query)["figure"]
    return figure


def test_rows_are_paged_without_loss(client, month, reader, monkeypatch):
    monkeypatch.setattr("leads.views.reports.scorecard.PAGE", 2)
    url = f"{reverse('leads:scorecard-rows')}?figure=clocks:sales:accept.all"

    assert rows_of(client, url) == Clock.objects.filter(obligation="accept").count() > 2


def test_each_row_opens_its_lead_its_evidence_and_its_entries(client, month, reader):
    url = f"{reverse('leads:scorecard-rows')}?figure=clocks:sales:accept.met"
    page = client.get(url).text

    for pattern in (r"/leads/\d+/", r"/clocks/\d+/", r"/ledger/\?of=clock-\d+"):
        opened = re.search(rf'href="({pattern})"', page)
        assert opened, pattern
        assert client.get(opened[1]).status_code == 200


def test_the_file_of_a_figure_has_the_same_rows_and_no_formula(client, month, reader):
    Clock.objects.filter(obligation="accept").first().lead.__class__.objects.update(
        name='=HYPERLINK("http://evil")'
    )
    url = f"{reverse('leads:scorecard-rows-csv')}?figure=clocks:sales:accept.all"

    file = _csv(client.get(url))

    assert len(file) == 1 + Clock.objects.filter(obligation="accept").count()
    assert all(row[0].startswith("'=") for row in file[1:])


def test_the_file_of_figures_says_what_the_page_says(client, month, reader):
    card = lines(scorecard(month.version, a_month(), LATER))

    file = _csv(client.get(reverse("leads:scorecard-csv")))

    assert [(row[4], int(row[5])) for row in file[1:]] == [
        (one.name, one.value) for one in card
    ]
    for row in file[1:]:
        assert row[-1].startswith("/scorecard/rows/?")


def test_the_rows_of_a_check_are_the_same_on_the_page_and_in_the_file(client, month, reader):
    query = {"check": "accepted_and_left", "on": "2026-03-01"}
    page = client.get(reverse("leads:integrity-rows"), query).text

    file = _csv(client.get(reverse("leads:integrity-rows-csv"), query))

    assert len(file) - 1 == page.count('<th scope="row"') > 0
    assert [row[0] for row in file[1:]] == re.findall(
        r'<th scope="row"[^>]*><a[^>]*>([^<]*)<', page
    )


def test_a_workbook_and_a_print_leave_too(client, month, reader):
    for name, head in (("xlsx", b"PK"), ("rows-xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(
            reverse(f"leads:scorecard-{name}"), {"figure": "speed:made", "beside": "2026-02-01"}
        )
        body = b"".join(answer) if answer.streaming else answer.content
        assert body.startswith(head), name


def test_a_figure_that_does_not_exist_is_not_there(client, month, reader):
    url = reverse("leads:scorecard-rows")
    unknown = (
        "", "nothing", "volume:nothing", "cohort:nothing", "cohort:comparing_talking:what",
        "clocks", "speed:", "returns:what:no_need", "contributions:", "commitment:nothing",
    )  # fmt: skip

    for figure in unknown:
        assert client.get(url, {"figure": figure}).status_code in {200, 404}, figure
        assert client.get(f"{url}?figure={figure}").text.count('scope="row"') == 0
    for field in ("figure", "team", "source", "segment", "version", "beside", "on"):
        query = {"figure": "returns:campaign:x"} | {field: "returns:source:\x00"}
        assert client.get(url, query).status_code == 200, field
    after = {"figure": "returns:reason:no_need", "after": "9" * 5000}
    assert client.get(url, after).status_code == 200


def test_the_pages_ask_a_bounded_number_of_questions(
    client, month, reader, django_assert_max_num_queries
):
    rows_page = f"{reverse('leads:scorecard-rows')}?figure=clocks:sales:accept.all"
    check = f"{reverse('leads:integrity-rows')}?check=bulk"
    pages = [reverse(f"leads:{name}") for name in ("scorecard", "review", "integrity")]
    for page in (*pages, rows_page, check):
        client.get(page)

        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200


def test_an_administrator_without_a_department_sees_none_of_it(client, month, reader):
    client.force_login(make_user(team=None, role=Role.ADMIN, is_staff=True))
    names = ("scorecard", "scorecard-pdf", "scorecard-csv", "review", "integrity")
    pages = [reverse(f"leads:{name}") for name in names]
    pages += [f"{reverse('leads:scorecard-rows')}?figure=speed:made"]
    pages += [f"{reverse('leads:integrity-rows')}?check=bulk"]

    assert {client.get(url).status_code for url in pages} == {404}
    agreement = client.get(reverse("sla:agreement", args=["inbound"]))
    assert "figure=" not in agreement.text


def _csv(answer):
    return list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
