"""The lines that are run as they are printed, in this order, and what stands in for names.

Each runs by a shell in a folder that holds a small demo company, as somebody would who read
the page: with `.venv`, `manage.py`, the Makefile, and the files that the page speaks of.
"""

# Names that a page makes up -> what they are called here; `{}` is the folder.
NAMES = {
    # The link of the first administrator is for an empty company: beside the demo one.
    ".venv/bin/python manage.py setup_link": "export DATA_DIR={}/empty;"
    " .venv/bin/python manage.py migrate -v0; .venv/bin/python manage.py setup_link",
    "manage.py seed_demo": "manage.py seed_demo --leads 120",
    "seed_demo --leads 120 --print-logins": "seed_demo --print-logins",
    "/mnt/elsewhere": "{}/elsewhere",
    "you@example.org": "olga.petrova@halden.example",
    "boss@example.com": "olga.petrova@halden.example",
    "seal-2026-10-01.json": "seal.json",
    "your-heads.jsonl": "heads.jsonl",
}
RUN = (
    ".venv/bin/python manage.py migrate",
    ".venv/bin/python manage.py collectstatic --noinput",
    ".venv/bin/python manage.py setup_link",
    ".venv/bin/python manage.py seed_demo",
    ".venv/bin/python manage.py import_leads olist_marketing_qualified_leads_dataset.csv"
    "  --mapping docs/mappings/olist-leads.json",
    ".venv/bin/python manage.py import_leads olist_closed_deals_dataset.csv"
    "  --mapping docs/mappings/olist-deals.json",
    ".venv/bin/python manage.py import_leads leads.csv --mapping mapping.json",
    ".venv/bin/python manage.py go_live --since 2026-03-01 --limit 40 --as boss@example.com",
    ".venv/bin/python manage.py doctor",
    ".venv/bin/python manage.py doctor --quiet",
    "python manage.py forecast_calibration --svg forecast.svg",
    "python manage.py noise --days 30 --svg noise.svg",
    ".venv/bin/python manage.py clock confirm --by you@example.org",
    ".venv/bin/python manage.py export_ledger ledger.jsonl",
    "python3 verify_chain.py ledger.jsonl heads.jsonl",
    "python3 verify_figures.py seal.json ledger.jsonl heads.jsonl",
    "python3 verify_figures.py seal-2026-10-01.json ledger.jsonl heads.jsonl",
    "python3 verify_agreement.py evidence.zip heads.jsonl",
    "python3 verify_agreement.py evidence.zip your-heads.jsonl",
)
# Said in sentences, and run all the same.
ALSO = (
    ".venv/bin/python manage.py demo_clock advance 2h",
    ".venv/bin/python manage.py demo_clock show",
    ".venv/bin/python manage.py seed_demo --print-logins",
    ".venv/bin/python manage.py clock show",
    ".venv/bin/python manage.py sweep",
    ".venv/bin/python manage.py audit",
    ".venv/bin/python manage.py verify_ledger",
    ".venv/bin/python manage.py publish_head",
    ".venv/bin/python manage.py seal",
    ".venv/bin/python manage.py erase_again ledger.jsonl",
    "make doctor",
    "make sbom",
    "make backup",
    "make backup TO=/mnt/elsewhere",
    "make help",
)
