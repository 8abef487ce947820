from django.urls import path

from leads.views.reports import integrity, printing, review, scorecard, sheets
from leads.views.reports.backtest import pages as backtest
from leads.views.reports.backtest import whole
from leads.views.reports.breaches import pages as breaches
from leads.views.reports.cohort import pages as cohort
from leads.views.reports.coverage import pages as coverage
from leads.views.reports.forecast import pages as forecast
from leads.views.reports.seals import files as proof
from leads.views.reports.seals import pages as seals

CSV, XLSX = {"kind": "csv"}, {"kind": "xlsx"}
VERSION = "agreements/<slug:key>/versions/<int:number>/backtest"

urlpatterns = [
    path("review/", review.show, name="review"),
    path("review/notes/", review.note, name="review-note"),
    path("breaches/", breaches.show, name="breaches"),
    path("breaches/rows/", breaches.rows, name="breach-rows"),
    path("breaches/say/", breaches.say, name="breach-say"),
    path("breaches/change/", breaches.change, name="breach-change"),
    path("forecast/", forecast.show, name="forecast"),
    path("forecast/rows/", forecast.rows, name="forecast-rows"),
    path("forecast/rows.csv", forecast.file, CSV, name="forecast-csv"),
    path("forecast/rows.xlsx", forecast.file, XLSX, name="forecast-xlsx"),
    path("coverage/", coverage.show, name="coverage"),
    path("coverage/say/", coverage.say, name="coverage-say"),
    path("coverage/rows/", coverage.rows, name="coverage-rows"),
    path("coverage/rows.csv", coverage.file, CSV, name="coverage-rows-csv"),
    path("coverage/rows.xlsx", coverage.file, XLSX, name="coverage-rows-xlsx"),
    path("integrity/", integrity.show, name="integrity"),
    path("integrity/rows/", integrity.rows, name="integrity-rows"),
    path("integrity/rows.csv", integrity.file, CSV, name="integrity-rows-csv"),
    path("integrity/rows.xlsx", integrity.file, XLSX, name="integrity-rows-xlsx"),
    path("integrity/answers/", integrity.answer, name="integrity-answer"),
    path("scorecard/", scorecard.show, name="scorecard"),
    path("scorecard/rows/", scorecard.rows, name="scorecard-rows"),
    path("scorecard/scorecard.pdf", printing.scorecard, name="scorecard-pdf"),
    path("scorecard/figures.csv", sheets.figures, CSV, name="scorecard-csv"),
    path("scorecard/figures.xlsx", sheets.figures, XLSX, name="scorecard-xlsx"),
    path("scorecard/rows.csv", sheets.rows, CSV, name="scorecard-rows-csv"),
    path("scorecard/rows.xlsx", sheets.rows, XLSX, name="scorecard-rows-xlsx"),
    path("cohort/", cohort.show, name="cohort"),
    path("cohort/rows/", cohort.rows, name="cohort-rows"),
    path("cohort/rows.csv", cohort.file, CSV, name="cohort-rows-csv"),
    path("cohort/rows.xlsx", cohort.file, XLSX, name="cohort-rows-xlsx"),
    path("cohort/figures.csv", cohort.figures, CSV, name="cohort-csv"),
    path("cohort/figures.xlsx", cohort.figures, XLSX, name="cohort-xlsx"),
    path("seals/", seals.index, name="seals"),
    path("seals/<int:seal_id>/", seals.show, name="seal"),
    path("seals/<int:seal_id>/figures.csv", seals.file, CSV, name="seal-csv"),
    path("seals/<int:seal_id>/figures.xlsx", seals.file, XLSX, name="seal-xlsx"),
    path("seals/<int:seal_id>/seal.json", proof.seal, name="seal-json"),
    path("proof/", seals.proof, name="proof"),
    path("proof/ledger.jsonl", proof.ledger, name="proof-ledger"),
    path("proof/heads.jsonl", proof.heads, name="proof-heads"),
    path("proof/<slug:name>.py", proof.program, name="proof-program"),
    path(f"{VERSION}/", backtest.show, name="backtest"),
    path(f"{VERSION}/whole/", whole.ask, name="backtest-whole"),
    path(f"{VERSION}/stages/", backtest.leads, name="backtest-leads"),
    path(f"{VERSION}/volumes/", backtest.volumes, name="backtest-volumes"),
    path(f"{VERSION}/clauses/", backtest.clauses, name="backtest-clauses"),
    path(f"{VERSION}/rows/", backtest.rows, name="backtest-rows"),
    path(f"{VERSION}/rows.csv", backtest.file, CSV, name="backtest-csv"),
    path(f"{VERSION}/rows.xlsx", backtest.file, XLSX, name="backtest-xlsx"),
]
