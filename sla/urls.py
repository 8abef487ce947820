from django.urls import path

from sla.views import (
    agreements,
    certificates,
    changes,
    comments,
    drafts,
    editor,
    exchange,
    governing,
    questions,
    shadow,
    signing,
)
from sla.views.years import pages as years

app_name = "sla"

urlpatterns = [
    path("", agreements.index, name="agreement-list"),
    path("new/", questions.begin, name="agreement-new"),
    path("terms.schema.json", exchange.schema, name="terms-schema"),
    path("all/in-force/", governing.in_force, name="in-force"),
    path("all/which/", governing.which, name="which"),
    path("all/order/<slug:key>/", governing.order, name="order"),
    path("all/scope/<slug:key>/", governing.scope, name="scope"),
    path("all/split/<slug:key>/", governing.split, name="split"),
    path("<slug:key>/questions/", questions.ask, name="questions"),
    path("<slug:key>/", agreements.in_force, name="agreement"),
    path("<slug:key>/next-year/", years.next_year, name="next-year"),
    path("<slug:key>/drafts/new/", drafts.new, name="draft-new"),
    path("<slug:key>/versions/<int:number>/", agreements.version, name="version"),
    path("<slug:key>/versions/<int:number>/terms.json", exchange.export, name="version-terms"),
    path("<slug:key>/versions/<int:number>/import/", exchange.load, name="draft-import"),
    path("<slug:key>/versions/<int:number>/edit/", editor.overview, name="draft-edit"),
    path("<slug:key>/versions/<int:number>/edit/<slug:part>/", editor.part, name="draft-part"),
    path("<slug:key>/versions/<int:number>/changes/", changes.changes, name="version-diff"),
    path("<slug:key>/versions/<int:number>/comments/", comments.comments, name="comments"),
    path(
        "<slug:key>/versions/<int:number>/comments/<int:comment_id>/resolve/",
        comments.resolve,
        name="comment-resolve",
    ),
    path("<slug:key>/versions/<int:number>/shadow/", shadow.shadow, name="shadow"),
    path("<slug:key>/versions/<int:number>/propose/", drafts.propose, name="version-propose"),
    path("<slug:key>/versions/<int:number>/revise/", drafts.revise, name="version-revise"),
    path("<slug:key>/versions/<int:number>/sign/", signing.sign, name="version-sign"),
    path(
        "<slug:key>/versions/<int:number>/sign/challenge/",
        signing.challenge,
        name="version-challenge",
    ),
    path(
        "<slug:key>/versions/<int:number>/agreement.pdf",
        certificates.document,
        name="version-document",
    ),
    path(
        "<slug:key>/versions/<int:number>/evidence.zip",
        certificates.evidence,
        name="version-evidence",
    ),
    path("<slug:key>/versions/<int:number>/decline/", signing.decline, name="version-decline"),
    path(
        "<slug:key>/versions/<int:number>/withdraw/", drafts.withdraw, name="version-withdraw"
    ),
]
