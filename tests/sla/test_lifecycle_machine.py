"""The life of versions against a model: any person, any step, any order, any instant.

After every step the rows say what the model says, and two laws hold. A signed version has
exactly two signatures that count, of two people of the two departments, over the text that
is stored; one version at most is in force at an instant. And every clock names the version
that was in force when its handoff was offered, which never changes again.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from leads.models import Clock
from portal.accounts.models import Role
from portal.errors import DomainError
from sla.actions import drafting, review
from sla.core import terms as core
from sla.models import Signature, Version
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_operations,
    make_signatory,
    make_terms,
    make_user,
)
from tests.machines import run_machine
from tests.sla.versions import a_company, an_agreement, sign

DEPARTMENTS = {
    "marketing head": "marketing",
    "marketing deputy": "marketing",
    "sales head": "sales",
    "marketer": "marketing",
    "seller": "sales",
}
SIGNATORIES = {"marketing head", "marketing deputy", "sales head"}
EDITORS = {*DEPARTMENTS, "operations"}
# Those who may sign are asked oftener, or hardly a version would ever be signed.
WHO = st.sampled_from([*sorted(EDITORS), *sorted(SIGNATORIES) * 3, "auditor", "administrator"])
WHICH = st.integers(0, 3)
PASSES = st.sampled_from(
    [timedelta(0), timedelta(minutes=1), timedelta(hours=3), timedelta(days=2)]
)
LATER = st.sampled_from([None, timedelta(days=-1), timedelta(hours=1), timedelta(days=3)])
AGES = st.sampled_from([timedelta(0), timedelta(minutes=4), timedelta(minutes=6)])


@dataclass
class Known:
    """What the specification says of one version."""

    author: str
    state: str = "draft"
    revision: int = 1
    text: str = ""
    saves: int = 1
    proposer: str = ""
    requested: datetime | None = None
    signed: dict[str, str] = field(default_factory=dict)
    concluded: datetime | None = None
    begins: datetime | None = None


class Living(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.before = transaction.savepoint()
        a_company()
        self.now, self.texts = MONDAY_NINE, 0
        self.agreement = an_agreement()
        home = make_signatory("marketing").department
        self.people = {
            "marketing head": make_signatory("marketing"),
            "marketing deputy": make_user(
                team=None, department=home, role=Role.MANAGER, is_signatory=True
            ),
            "sales head": make_signatory("sales"),
            "marketer": make_user(team="demand-generation"),
            "seller": make_user(team="inside-sales"),
            "operations": make_operations(),
            "auditor": make_user(team=None, role=Role.AUDITOR),
            "administrator": make_user(team=None, role=Role.ADMIN, is_staff=True),
        }
        self.rows, self.known = [], []
        self.frozen, self.pinned = {}, {}

    def teardown(self):
        """The next order begins in an empty portal too."""
        if hasattr(self, "before"):
            transaction.savepoint_rollback(self.before)

    def attempt(self, act, *, by, passes, legal):
        """Do it after some time; it succeeds exactly when the model says so."""
        self.now += passes
        try:
            made = act(by=self.people[by], at=self.now)
        except DomainError as refusal:
            assert not legal, f"{by} was refused: {refusal}"
            return None
        assert legal, f"{by} should have been refused"
        return made

    def chosen(self, which):
        """One of the newest versions, so that most steps meet one that lives."""
        index = max(0, len(self.rows) - 1 - which)
        row = Version.objects.prefetch_related("signatures").get(pk=self.rows[index].pk)
        return row, self.known[index]

    @rule(by=WHO, passes=PASSES)
    @precondition(lambda self: len(self.rows) < 8)
    def draft(self, by, passes):
        def act(**how):
            terms = make_terms(title=self._text())
            return drafting.draft(agreement_id=self.agreement.pk, terms=terms, **how)

        made = self.attempt(act, by=by, passes=passes, legal=by in EDITORS)
        if made is not None:
            self.rows.append(made)
            self.known.append(Known(author=by, text=made.terms["title"]))

    @rule(by=WHO, passes=PASSES, which=WHICH, stale=st.booleans())
    @precondition(lambda self: self.rows)
    def save(self, by, passes, which, stale):
        """A stale save changes the same title, and so is refused if there was another one."""
        row, known = self.chosen(which)
        terms = row.terms | {"title": self._text()}
        seen = max(1, known.saves - stale)
        fresh = seen == known.saves

        def act(**how):
            return drafting.save(version_id=row.pk, terms=terms, seen_save=seen, **how)

        # Between a proposal and the save before it the text is the same: that is no conflict.
        same = self._text_of(row, seen) == known.text
        legal = by in EDITORS and known.state == "draft" and (fresh or same)
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.text, known.saves = terms["title"], known.saves + 1

    @rule(by=WHO, passes=PASSES, which=WHICH, later=LATER)
    @precondition(lambda self: self.rows)
    def propose(self, by, passes, which, later):
        row, known = self.chosen(which)
        wanted = None if later is None else self.now + later

        def act(**how):
            return review.propose(version_id=row.pk, effective_from=wanted, **how)

        legal = by in EDITORS and known.state == "draft"
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.state, known.proposer, known.requested = "proposed", by, wanted
            known.saves += 1

    @rule(by=WHO, passes=PASSES, which=WHICH)
    @precondition(lambda self: self.rows)
    def revise(self, by, passes, which):
        row, known = self.chosen(which)

        def act(**how):
            return review.revise(version_id=row.pk, **how)

        legal = by in EDITORS and known.state in {"proposed", "declined"}
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.state, known.revision, known.signed = "draft", known.revision + 1, {}
            known.proposer, known.requested = "", None

    @rule(
        by=WHO, passes=PASSES, which=WHICH, age=AGES,
        read=st.sampled_from(["now", "now", "now", "before", "nothing"]),
    )  # fmt: skip
    @precondition(lambda self: self.rows)
    def sign(self, by, passes, which, age, read):
        """With the digest of the text as it stands, as it once stood, or of none."""
        row, known = self.chosen(which)
        first = core.digest(row.saves.order_by("number").first().terms)
        digest = {"now": row.digest, "before": first, "nothing": "0" * 64}[read]
        home = DEPARTMENTS.get(by)

        def act(at, **how):
            return sign(row, home or "sales", at=at, digest=digest, authenticated_at=at - age,
                        **how)  # fmt: skip

        legal = (
            by in SIGNATORIES
            and known.state == "proposed"
            and digest == row.digest
            and age <= timedelta(minutes=5)
            and home not in known.signed
        )
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.signed[home] = by
            if len(known.signed) == 2:
                known.state, known.concluded = "signed", self.now
                known.begins = max(known.requested or self.now, self.now)

    @rule(by=WHO, passes=PASSES, which=WHICH, reason=st.sampled_from(["No.", "No.", " "]))
    @precondition(lambda self: self.rows)
    def decline(self, by, passes, which, reason):
        row, known = self.chosen(which)

        def act(**how):
            return review.decline(version_id=row.pk, reason=reason, **how)

        legal = by in SIGNATORIES and known.state == "proposed" and bool(reason.strip())
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.state = "declined"

    @rule(by=WHO, passes=PASSES, which=WHICH)
    @precondition(lambda self: self.rows)
    def withdraw(self, by, passes, which):
        row, known = self.chosen(which)

        def act(**how):
            return review.withdraw(version_id=row.pk, **how)

        theirs = by in {known.author, known.proposer, "operations"}
        legal = theirs and known.state in {"draft", "proposed"}
        if self.attempt(act, by=by, passes=passes, legal=legal):
            known.state = "withdrawn"

    @rule(passes=PASSES)
    @precondition(lambda self: self._expected(self.now) is not None and len(self.pinned) < 12)
    def offer(self, passes):
        self.now += passes
        handoff = make_handoff(
            at=self.now, agreement=self.agreement, receiver=self.people["seller"]
        )
        governing = self._expected(self.now)
        assert handoff.version_id == self.rows[governing].pk
        for clock in handoff.clocks.all():
            self.pinned[clock.pk] = (clock.version_id, clock.calendar, clock.due_at)
            assert clock.version_id == handoff.version_id

    # what every step must leave behind

    @invariant()
    def the_rows_say_what_the_model_says(self):
        for row, known in self._pairs():
            assert (row.state, row.revision) == (known.state, known.revision)
            assert row.terms["title"] == known.text
            assert row.saves.count() == known.saves
            assert (row.signed_at, row.effective_from) == (known.concluded, known.begins)

    @invariant()
    def signed_means_two_people_of_two_departments_over_the_stored_text(self):
        for row, known in self._pairs():
            counting = [s for s in row.signatures.all() if s.revision == row.revision]
            assert {s.department_id for s in counting} == set(known.signed)
            assert {s.signer for s in counting} == {
                self.people[name] for name in known.signed.values()
            }
            assert {s.digest for s in counting} <= {core.digest(row.terms)}
            if row.state == Version.State.SIGNED:
                assert len(counting) == len({s.signer_id for s in counting}) == 2
                assert row.digest == core.digest(row.terms)
                last = max(s.signed_at for s in counting)
                assert row.effective_from >= row.signed_at == last
            else:
                assert len(counting) < 2

    @invariant()
    def one_version_at_most_is_in_force_at_an_instant(self):
        if not hasattr(self, "rows"):
            return
        begins = [known.begins for known in self.known if known.begins]
        for at in {self.now, *begins, *(b - timedelta(microseconds=1) for b in begins)}:
            found = Version.objects.in_force(self.agreement.pk, at)
            index = self._expected(at)
            expected = None if index is None else self.rows[index].pk
            assert (found and found.pk) == expected

    @invariant()
    def what_was_signed_never_changes_again(self):
        for row, known in self._pairs():
            if known.state != "signed":
                continue
            facts = {
                "terms": row.terms, "digest": row.digest, "begins": row.effective_from,
                "signatures": list(row.signatures.order_by("pk").values()),
            }  # fmt: skip
            assert self.frozen.setdefault(row.pk, deepcopy(facts)) == facts

    @invariant()
    def every_clock_keeps_the_version_and_the_instant_it_began_with(self):
        if getattr(self, "pinned", None):
            rows = Clock.objects.in_bulk(list(self.pinned))
            for pk, pinned in self.pinned.items():
                clock = rows[pk]
                assert (clock.version_id, clock.calendar, clock.due_at) == pinned

    @invariant()
    def no_signature_is_ever_lost(self):
        if hasattr(self, "rows"):
            made = Signature.objects.count()
            assert made >= getattr(self, "most", 0)
            self.most = made

    def _pairs(self):
        if not hasattr(self, "rows"):
            return []
        rows = Version.objects.prefetch_related("signatures__signer")
        found = rows.in_bulk([row.pk for row in self.rows])
        return [
            (found[row.pk], known) for row, known in zip(self.rows, self.known, strict=True)
        ]

    def _expected(self, at):
        """The index of the version that governs what is first offered at `at`."""
        begun = [
            (known.begins, known.concluded, index)
            for index, known in enumerate(self.known)
            if known.begins and known.begins <= at
        ]
        return max(begun)[2] if begun else None

    def _text(self):
        self.texts += 1
        return f"Text {self.texts}"

    def _text_of(self, row, number):
        return row.saves.get(number=number).terms["title"]


def run(examples, steps):
    run_machine(Living, examples, steps)


@pytest.mark.django_db
def test_versions_live_as_the_specification_says_in_any_order():
    run(examples=5, steps=30)


@pytest.mark.slow
@pytest.mark.django_db
def test_versions_live_as_the_specification_says_in_very_many_orders():
    run(examples=200, steps=60)
