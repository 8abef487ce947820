"""What is asked of a person without a clock: a signature, a word, a waiver, an answer."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.models import Assignment, Contribution, Handoff
from leads.models.marks import WaiverRequest
from portal.accounts.models import Absence, User
from sla.models import Comment, Signature, Version

MOST = 10
DISCUSSED = (Version.State.DRAFT, Version.State.PROPOSED)


@dataclass(frozen=True)
class Asked:
    """One thing asked: what, by whom and since when, and where it is done.

    `answer` is the address at which a plain yes or no is given, `""` where there is none.
    """

    icon: str
    title: str
    who: str
    since: datetime | None
    url: str
    link: str
    answer: str = ""


def asked(
    user: User, *, texts: bool, waivers: bool, material: bool, at: datetime
) -> list[Asked]:
    """Everything of the kind, signatures first. What is known not to be there is not read."""
    found = _texts(user) if texts else []
    found += _waivers(user, at) if waivers else []
    return [*found, *(_material(user) if material else [])]


def texts_for(user: User) -> QuerySet[Version]:
    """Proposals that miss a signature of `user`, and texts with a thread that waits for a
    word of theirs, with what it is: `to_sign`, `waiting`, `said_at`."""
    signs = user.is_signatory and user.department_id is not None
    rows = Version.objects.filter(state__in=DISCUSSED).annotate(
        to_sign=_unsigned(user), waiting=Exists(threads(user))
    )
    wanted = Q(to_sign=True) | Q(waiting=True) if signs else Q(waiting=True)
    return rows.filter(wanted)


def _texts(user: User) -> list[Asked]:
    signs = user.is_signatory and user.department_id is not None
    rows = (
        texts_for(user)
        .defer("terms", "backtest")
        .select_related("agreement", "proposed_by", "created_by")
        .annotate(said_at=Subquery(threads(user).values("written_at")[:1]))
        .order_by("proposed_at", "pk")[:MOST]
    )
    found = []
    for version in rows:
        if signs and getattr(version, "to_sign", False):
            found.append(_to_sign(version))
        if getattr(version, "waiting", False):
            found.append(_to_answer(version))
    return found


def _unsigned(user: User) -> Q:
    """Whether neither the department of `user` nor `user` signed this revision yet."""
    given = Signature.objects.filter(version=OuterRef("pk"), revision=OuterRef("revision"))
    ours = given.filter(Q(department=user.department_id) | Q(signer=user))
    return Exists(
        Version.objects.filter(pk=OuterRef("pk"), state=Version.State.PROPOSED)
    ) & ~Exists(ours)


def threads(user: User) -> QuerySet[Comment]:
    """Open threads of a version whose last word is another's, and `user` is asked: who wrote
    the text, and who took part."""
    replies = Comment.objects.filter(parent=OuterRef("pk"))
    last = Subquery(replies.order_by("-written_at", "-pk").values("author")[:1])
    mine = Q(author=user) | Q(version__created_by=user) | Q(Exists(replies.filter(author=user)))
    open_ones = Comment.objects.filter(version=OuterRef("pk"), parent=None, resolved_at=None)
    waiting = open_ones.annotate(last=last).filter(mine)
    others = Q(last=None) & ~Q(author=user) | Q(last__isnull=False) & ~Q(last=user.pk)
    return waiting.filter(others).order_by("written_at", "pk")


def _to_sign(version: Version) -> Asked:
    return Asked(
        "writing-sign",
        _("%(version)s waits for your signature") % {"version": version},
        _("Proposed by %(who)s,") % {"who": version.proposed_by},
        version.proposed_at,
        reverse("sla:version-sign", args=[version.agreement.key, version.number]),
        _("Read it and sign"),
    )


def _to_answer(version: Version) -> Asked:
    return Asked(
        "message",
        _("%(version)s: a comment waits for your word") % {"version": version},
        _("Written"),
        getattr(version, "said_at", None),
        reverse("sla:comments", args=[version.agreement.key, version.number]),
        _("Read and answer"),
    )


def waivers_for(user: User, at: datetime) -> QuerySet[WaiverRequest]:
    """Waivers that the giving side asked for and `user` may give: of the receiving seat, for
    who is away, of its pool; inside one department and for a team's manager, by them.
    """
    if user.department_id is None:
        return WaiverRequest.objects.none()
    seat = Assignment.objects.filter(
        lead=OuterRef("lead"), until=None, department=OuterRef("team__department")
    )
    away = Absence.objects.covering(at).filter(deputy=user).values("user")
    held = Exists(seat.filter(Q(member=user) | Q(member__in=away)))
    pool = Q(Exists(seat.filter(member=None, team=user.team_id)))
    across = ~Q(asked_by__department=F("team__department")) & (Q(held) | pool)
    answers = Q(team__manager=user) | Q(team__department__head=user) | across
    steward = Q(team__steward=user) & ~Q(asked_by__department=F("team__department"))
    offered = Handoff.objects.open().filter(
        lead=OuterRef("lead"), kind=OuterRef("handoff_kind")
    )
    waiting = WaiverRequest.objects.waiting().filter(lead__merged_into=None)
    return waiting.filter(answers | steward, lead__closed_at=None).exclude(Exists(offered))


def _waivers(user: User, at: datetime) -> list[Asked]:
    rows = waivers_for(user, at).select_related("lead", "asked_by")
    return [
        Asked(
            "shield-check",
            _("%(lead)s: waive what is not met? %(what)s")
            % {"lead": one.lead, "what": "; ".join(one.unmet)},
            _("“%(why)s” %(who)s,") % {"why": one.why, "who": one.asked_by},
            one.asked_at,
            f"{reverse('leads:handoff-offer', args=[one.lead_id])}?kind={one.handoff_kind}",
            _("See the evidence, waive it or not"),
        )
        for one in rows.order_by("asked_at", "pk")[:MOST]
    ]


def material_of(user: User) -> QuerySet[Contribution]:
    """Delivered material of leads that were won or lost since: was it used? Asked once, of
    who asked for it or has the Sales seat."""
    seat = Assignment.objects.filter(
        lead=OuterRef("lead"), member=user, department="sales", until=None
    )
    ended = Handoff.objects.filter(lead=OuterRef("lead"), outcome__in=["won", "lost"])
    delivered = Contribution.objects.filter(
        used=None, cancelled_at=None, delivered_at__isnull=False
    )
    return delivered.filter(Q(asked_by=user) | Exists(seat)).filter(Exists(ended))


def _material(user: User) -> list[Asked]:
    rows = material_of(user).select_related("lead", "delivered_by")
    return [
        Asked(
            "books",
            _("%(lead)s: was it used? %(what)s") % {"lead": one.lead, "what": one},
            _("Delivered by %(who)s,") % {"who": one.delivered_by},
            one.delivered_at,
            reverse("leads:lead", args=[one.lead_id]),
            _("Open the lead"),
            reverse("leads:desk-used", args=[one.pk]),
        )
        for one in rows.order_by("delivered_at", "pk")[:MOST]
    ]
