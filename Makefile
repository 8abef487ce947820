# Concord. `make demo` shows the portal, `make test` checks it, `make help` lists the rest.
# Respected: PORT, DATA_DIR, DATABASE_URL, REDIS_URL, PYTHON (which python3 makes .venv).

.DEFAULT_GOAL := help
.PHONY: help setup demo start demo-reset messages test check test-thorough test-postgres test-real \
        test-browser test-chaos full chaos-full bench lock backup restore \
        doctor sbom docs mutation flakes release

# Each lane reads what the one before it compiled, also where the caller forbids to write it.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
WORKERS ?= 2
FAST := not source and not browser and not postgres and not chaos and not slow and not thorough
THOROUGH := (thorough or hypothesis) and not source and not slow and not browser and not chaos
# Where no test of the two lanes on SQLite stands, and what none of them asks for.
BESIDE := -p no:playwright --ignore=tests/test_architecture.py --ignore=tests/browser --ignore=tests/chaos
REAL := tests/flows/test_olist.py tests/flows/test_xeducation.py tests/flows/test_brought_files.py \
	tests/flows/test_demo_company.py

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## make .venv with everything for development, and nothing else
	@tools/setup dev

demo: ## the portal with a demo company, on http://localhost:8000
	@tools/setup runtime
	@$(PY) manage.py demo

start: ## the same with an empty company and a one-time set-up link
	@tools/setup runtime
	@DATA_DIR="$${DATA_DIR:-company}" $(PY) manage.py start

demo-reset: ## throw the demo company away; the next `make demo` makes a new one
	@tools/setup runtime
	@$(PY) manage.py demo_reset

test: ## the fast suite, on SQLite (`make check` has the architecture)
	@tools/setup dev
	$(PYTEST) -n $(WORKERS) -m "$(FAST)" $(BESIDE)

check: ## lint, format, types, templates, migrations, deployment, architecture, licences
	@tools/setup dev
	@tools/check

test-thorough: ## the properties with many examples, and the races, on SQLite
	@tools/setup dev
	$(PYTEST) -n $(WORKERS) --maxschedchunk=4 --hypothesis-profile=many -m "$(THOROUGH)" \
		$(BESIDE) tests

test-postgres: ## what knows a database, on PostgreSQL: DATABASE_URL, or a private cluster
	@tools/setup dev
	$(PY) tools/postgres_lane.py -q -n $(WORKERS) --only-with-database \
		-m "not browser and not chaos and not slow"

test-real: ## real data, all of it (CONCORD_DATA names its folder), and the demo company whole
	@tools/setup dev
	$(PYTEST) -n $(WORKERS) --whole $(REAL)

test-browser: ## the pages in Chromium
	@tools/setup dev
	$(PYTEST) -m "browser and not slow" tests/browser

test-chaos: ## real processes, killed
	@tools/setup dev
	$(PYTEST) -n $(WORKERS) --dist loadgroup -m "chaos and not slow" \
		tests/chaos $$(grep -rl --include='test_*.py' 'mark\.chaos' tests)

full: ## the large counts and all of the real data; figures go to docs/results
	@tools/setup bench
	$(PYTEST) -n $(WORKERS) -p tools.results --results docs/results/full.md -m slow tests
	$(PYTEST) -n $(WORKERS) -p tools.results --results docs/results/real.md --whole $(REAL)
	@for database in sqlite postgresql; do for seed in 1 2 3; do \
		$(MAKE) chaos-full DATABASE=$$database SEED=$$seed || exit 1; done; done

chaos-full: ## one run of it: 10,000 handoffs, 200 kills (DATABASE=postgresql SEED=1)
	@tools/setup dev
	$(PY) -m tests.chaos --handoffs 10000 --kills 200 --seeds $(SEED) --databases $(DATABASE) \
		--results docs/results/chaos-full-$(DATABASE)-$(SEED).json
	$(PY) -m tests.chaos.table docs/results/chaos-full-*-*.json > docs/results/chaos-full.md

chaos-full: SEED := 1
chaos-full: DATABASE := postgresql

bench: ## ours beside the peers and beside the limit: one line per goal
	@tools/setup bench
	@for file in benchmarks/[a-z]*.py; do $(PY) "$$file" || exit 1; done

backup: ## the database and uploads into one file, while the portal runs (TO=FOLDER)
	@$(PY) manage.py backup $(if $(TO),--to "$(TO)")

restore: ## FILE=... comes back, held until `manage.py clock confirm` (HEADS=, LEDGER=, REPLACE=1)
	@$(PY) manage.py restore "$(FILE)" $(if $(HEADS),--heads $(HEADS)) \
		$(if $(LEDGER),--ledger "$(LEDGER)") $(if $(REPLACE),--replace)

doctor: ## is the portal well, in words, and what to do where it is not
	@$(PY) manage.py doctor

messages: ## gather the texts into locale/ and compile them (needs GNU gettext)
	@tools/setup dev
	$(PY) tools/messages.py

sbom: ## what ships, as CycloneDX (OUT=FILE; default sbom.json)
	@$(PY) tools/sbom.py "$(or $(OUT),sbom.json)"

docs: ## the documentation as pages in site/, every link checked
	@tools/setup dev
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict --quiet
	@$(PY) -m tools.docs.check site

mutation: ## break the code in one place at a time: how much do its tests notice? (PART=working-time)
	@tools/setup dev
	@$(PY) -m tools.mutate $(PART)

flakes: ## the fast suite RUNS times; which test does not always end the same?
	@tools/setup dev
	@WORKERS=$(WORKERS) tools/flakes $(or $(RUNS),50)

release: ## dist/VERSION and its tag: source, bill of materials, documentation; tried, not published
	@tools/setup dev
	@TAG=$(or $(TAG),yes) tools/release "$(VERSION)"

lock: ## write requirements*.txt from the pins in pyproject.toml
	@tools/setup dev
	@tools/lock
