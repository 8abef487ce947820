"""Comments on a clause: by both sides, on what is not signed, anchored and settled."""

import pytest
from django.urls import reverse

from portal import ledger
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.actions import comments, drafting, review
from sla.errors import MayNot, NoSuchClause, NotInThisState, ReasonMissing
from sla.models import Comment
from tests.factories import make_operations, make_signatory, make_terms, make_user
from tests.sla.versions import HOUR, NINE, a_draft, a_proposal, a_signed_version

pytestmark = pytest.mark.django_db
PATH = "obligations/first_attempt"
HTMX = {"HX-Request": "true"}


def say(version, text="Too fast for trials.", *, by=None, path=PATH, at=NINE, **fields):
    by = by or make_signatory("sales")
    return comments.write(version_id=version.pk, path=path, text=text, by=by, at=at, **fields)


def page_of(version, **query):
    address = reverse("sla:comments", args=[version.agreement.key, version.number])
    return f"{address}?clause={query['clause']}" if query else address


def quicker():
    terms = make_terms()
    terms["obligations"][1]["targets"][1]["within"] = "PT2H"
    return terms


def test_both_departments_and_operations_comment_on_drafts_and_proposals():
    draft, proposal = a_draft(), a_proposal()

    for by in (make_signatory("marketing"), make_user(), make_operations()):
        say(draft, by=by)
        say(proposal, by=by)

    assert Comment.objects.open_on(draft).count() == 3
    assert Comment.objects.open_on(proposal).count() == 3


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_an_auditor_and_an_administrator_read_and_do_not_comment(role):
    draft = a_draft()

    with pytest.raises(MayNot):
        say(draft, by=make_user(team=None, role=role))


def test_a_signed_version_is_not_discussed_any_more():
    signed = a_signed_version()

    with pytest.raises(NotInThisState):
        say(signed)


def test_an_empty_comment_and_a_clause_that_is_not_there_are_refused():
    draft = a_draft()

    with pytest.raises(ReasonMissing):
        say(draft, "  \n ")
    with pytest.raises(NoSuchClause):
        say(draft, path="obligations/nothing")


def test_a_comment_stays_with_its_clause_and_says_when_the_text_changed(client):
    draft = a_draft()
    say(draft)
    client.force_login(make_user())
    before = client.get(page_of(draft)).text

    drafting.save(
        version_id=draft.pk, terms=quicker(), by=make_user(), at=NINE + HOUR, seen_save=1
    )
    after = client.get(page_of(draft)).text

    assert "The text changed since" not in before
    assert "The text changed since" in after
    assert "1 hour for trial" in after  # what it said, beside what it says now


def test_a_comment_survives_its_clause(client):
    draft = a_draft()
    say(draft, path="clauses/" + make_terms()["clauses"][0]["key"])
    terms = make_terms(clauses=[])
    drafting.save(version_id=draft.pk, terms=terms, by=make_user(), at=NINE + HOUR, seen_save=1)
    client.force_login(make_user())

    assert "The clause is gone. It said:" in client.get(page_of(draft)).text


def test_a_revision_keeps_the_comments_of_the_one_before():
    proposal = a_proposal()
    say(proposal)

    review.revise(version_id=proposal.pk, by=make_signatory("marketing"), at=NINE + HOUR)

    assert Comment.objects.open_on(proposal).get().revision == 1


def test_a_thread_is_settled_and_opened_again_and_a_reply_opens_it_too():
    draft = a_draft()
    comment, by = say(draft), make_signatory("marketing")

    comments.resolve(comment_id=comment.pk, resolved=True, by=by, at=NINE)
    settled = Comment.objects.open_on(draft).count()
    say(draft, "Not yet.", reply_to=comment.pk, at=NINE + HOUR)

    assert settled == 0
    assert Comment.objects.open_on(draft).get() == comment
    kinds = LedgerEntry.objects.values_list("kind", flat=True)
    assert [kind for kind in kinds if "comment" in kind] == [
        "version_commented", "comment_resolved", "version_commented", "comment_reopened",
    ]  # fmt: skip


def test_a_reply_to_a_reply_joins_the_thread():
    draft = a_draft()
    first = say(draft)
    second = say(draft, "Why?", reply_to=first.pk)

    third = say(draft, "Because.", reply_to=second.pk)

    assert third.parent == first


def test_who_takes_part_and_who_wrote_the_version_are_told_but_not_who_speaks():
    author, first, second = make_signatory("marketing"), make_user(), make_user()
    draft = a_draft(by=author)
    comment = say(draft, by=first)
    reply = say(draft, by=second, reply_to=comment.pk)

    told = Delivery.objects.filter(channel="in_app", about=f"comment:{reply.pk}")

    assert set(told.values_list("recipient", flat=True)) == {author.pk, first.pk}


def test_the_ledger_commits_to_the_words_and_shows_none_of_them():
    say(a_draft(), "Between ourselves")
    entry = LedgerEntry.objects.get(kind=ledger.Kind.VERSION_COMMENTED)

    assert "Between ourselves" not in entry.body
    assert PATH in entry.body


def test_without_javascript_a_comment_leads_back_to_its_clause(client):
    draft = a_draft()
    client.force_login(make_user())

    answer = client.post(page_of(draft), {"clause": PATH, "text": "Too fast."})

    comment = Comment.objects.get()
    assert answer.status_code == 302
    assert answer.url.endswith(f"#c{comment.pk}")
    assert "Too fast." in client.get(answer.url).text


def test_htmx_gets_the_clause_alone_and_the_margin_counts_it(client):
    draft = a_draft()
    client.force_login(make_user())

    fragment = client.post(page_of(draft), {"clause": PATH, "text": "Too fast."}, headers=HTMX)
    document = client.get(reverse("sla:version", args=[draft.agreement.key, draft.number]))

    assert "Too fast." in fragment.text
    assert "<html" not in fragment.text
    assert "1 open comment" in document.text


def test_settling_on_the_page_of_all_comments_counts_anew_what_is_open(client):
    draft = a_draft()
    said = say(draft)
    client.force_login(make_user())
    settle = reverse("sla:comment-resolve", args=[draft.agreement.key, draft.number, said.pk])
    seen_from = {"HX-Current-URL": f"http://testserver{page_of(draft)}"}

    there = client.post(settle, headers=HTMX | seen_from).text
    elsewhere = client.post(settle, headers=HTMX).text

    assert 'id="comments-open" hx-swap-oob="true">0 comments are open.' in there
    assert "comments-open" not in elsewhere


def test_an_empty_comment_is_422_and_a_refused_one_409(client):
    draft = a_draft()
    client.force_login(make_user())

    empty = client.post(page_of(draft), {"clause": PATH, "text": " "}, headers=HTMX)
    review.propose(version_id=draft.pk, by=draft.created_by, at=NINE)
    review.withdraw(version_id=draft.pk, by=draft.created_by, at=NINE)
    refused = client.post(page_of(draft), {"clause": PATH, "text": "Late"}, headers=HTMX)

    assert (empty.status_code, refused.status_code) == (422, 409)
    assert "not discussed any more" in refused.text


def test_markup_in_a_comment_is_text(client):
    draft = a_draft()
    say(draft, "<script>alert(1)</script>")
    client.force_login(make_user())

    page = client.get(page_of(draft)).text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_auditor_sees_the_words_and_no_form(client):
    draft = a_draft()
    say(draft)
    client.force_login(make_user(team=None, role=Role.AUDITOR))

    page = client.get(page_of(draft)).text

    assert "Too fast for trials." in page
    assert "<textarea" not in page
    assert client.post(page_of(draft), {"clause": PATH, "text": "x"}).status_code == 404
