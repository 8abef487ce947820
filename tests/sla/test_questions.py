"""Five questions first: the answers write the agreement, on the page and as a draft."""

import pytest
from django.urls import reverse

from portal.accounts.models import Role
from sla.forms.questions import QuestionsForm, first_answers
from sla.models import Agreement, Version
from tests.factories import make_operations, make_team, make_user
from tests.sla.versions import an_agreement

LIVE = {"HX-Request": "true"}


def as_posted(**changes):
    """What a browser sends of the form as it stands, but for `changes`; None: not ticked."""
    form = QuestionsForm(teams=[("demand-generation", "Demand generation")])
    data = {}
    for name, value in (first_answers() | changes).items():
        field = form.fields[name]
        if hasattr(field, "compress"):
            number, unit = field.widget.decompress(value)
            data |= {f"{name}_0": number, f"{name}_1": unit}
        elif value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = value
    return data


# --- the page


@pytest.fixture
def marketer(client):
    person = make_user(team="demand-generation")
    client.force_login(person)
    return person


@pytest.mark.django_db
def test_the_draft_is_made_from_the_answers_and_can_be_read(client, marketer):
    agreement = an_agreement()
    url = reverse("sla:questions", args=[agreement.key])

    answer = client.post(url, as_posted(trial="PT2H", has_partner=None) | {"do": "start"})

    version = Version.objects.get()
    assert answer.url == reverse("sla:version", args=[agreement.key, 1])
    assert version.created_by == marketer
    targets = version.parsed.obligation("first_attempt").targets
    assert [t.segment for t in targets] == ["demo_request", "trial", "event", "content", None]
    assert version.parsed.title == agreement.name


@pytest.mark.django_db
def test_advanced_makes_the_draft_and_opens_the_editor(client, marketer):
    agreement = an_agreement()

    answer = client.post(
        reverse("sla:questions", args=[agreement.key]), as_posted() | {"do": "advanced"}
    )

    assert answer.url == reverse("sla:draft-edit", args=[agreement.key, 1])


@pytest.mark.django_db
def test_updating_the_text_without_script_writes_nothing(client, marketer):
    url = reverse("sla:questions", args=[an_agreement().key])

    page = client.post(url, as_posted(answer_within="PT7H") | {"do": "text"})

    assert page.status_code == 200
    assert "7 hours" in page.text
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_the_text_changes_live_as_a_part_of_the_page(client, marketer):
    url = reverse("sla:questions", args=[an_agreement().key])
    part = client.post(url, as_posted(monthly=777) | {"do": "text"}, headers=LIVE)

    assert part.status_code == 200
    assert "777 leads a month" in part.text
    assert "<html" not in part.text
    assert "1 clause is not as the template has it" in part.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"attempts": "many"}, "whole number"),
        ({"attempts": 0}, "greater than or equal to 1"),
        ({"model": "other"}, "Select a valid choice"),
        ({"answering": "no-such-team"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_is_none_is_said_beside_the_text(client, marketer, changes, said):
    url = reverse("sla:agreement-new")
    part = client.post(url, as_posted() | changes | {"do": "text"}, headers=LIVE)

    assert part.status_code == 200
    assert said in part.text


@pytest.mark.django_db
def test_a_kind_of_lead_needs_its_time(client, marketer):
    data = as_posted() | {"trial_0": ""}
    url = reverse("sla:questions", args=[an_agreement().key])

    page = client.post(url, data | {"do": "start"})

    assert page.status_code == 422
    assert "Say how fast" in page.text
    assert not Version.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "person",
    [lambda: make_user(), lambda: make_user(team="demand-generation"), make_operations],
    ids=["sales", "marketing", "operations"],
)
def test_both_departments_and_operations_begin_a_new_agreement(client, person):
    make_team("demand-generation")
    client.force_login(person())
    named = {"name": "Partner leads", "key": "partners", "do": "start"}

    answer = client.post(reverse("sla:agreement-new"), as_posted() | named)

    agreement = Agreement.objects.get(key="partners")
    assert answer.url == reverse("sla:version", args=["partners", 1])
    assert agreement.versions.get().terms["title"] == "Partner leads"
    assert agreement.is_default


@pytest.mark.django_db
def test_a_second_agreement_is_not_the_default(client, marketer):
    an_agreement()

    client.post(
        reverse("sla:agreement-new"),
        as_posted() | {"name": "Partners", "key": "partners", "do": "start"},
    )

    assert not Agreement.objects.get(key="partners").is_default


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["inbound", "new", "questions", "no key"])
def test_a_short_name_that_is_taken_or_none_is_refused(client, marketer, key):
    an_agreement()

    page = client.post(
        reverse("sla:agreement-new"), as_posted() | {"name": "X", "key": key, "do": "start"}
    )

    assert page.status_code == 422
    assert Agreement.objects.count() == 1


@pytest.mark.django_db
def test_a_name_that_cannot_stand_in_the_terms_is_refused_with_the_reason(client, marketer):
    named = {"name": "Lead\u202es", "key": "leads-x", "do": "text"}

    page = client.post(reverse("sla:agreement-new"), as_posted() | named)

    assert page.status_code == 422
    assert "cannot be seen" in page.text


@pytest.mark.django_db
def test_who_may_not_write_finds_no_page(client):
    client.force_login(make_user(team=None, role=Role.AUDITOR))

    assert client.get(reverse("sla:agreement-new")).status_code == 404


@pytest.mark.django_db
def test_an_empty_agreement_leads_to_the_questions(client, marketer):
    agreement = an_agreement()

    page = client.get(reverse("sla:agreement", args=[agreement.key]))

    assert reverse("sla:questions", args=[agreement.key]) in page.text
