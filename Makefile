# Homeline. `make help` lists everything.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup dev run cluster test coverage check format lock train train-report phrases bench chaos simulate clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Homeline needs Python 3.11 or newer; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.installed ## prepare .venv with everything the product needs

dev: $(VENV)/.installed-dev ## the same, with what tests and checks need

run: setup ## start Homeline with the demo district on http://127.0.0.1:8000
	@HOMELINE_MODE=$${HOMELINE_MODE:-development} HOMELINE_DEMO=$${HOMELINE_DEMO:-1} exec $(BIN)/python server.py

cluster: setup ## start web, worker and clock processes, two of each, on PostgreSQL and one address
	@HOMELINE_MODE=$${HOMELINE_MODE:-development} HOMELINE_DEMO=$${HOMELINE_DEMO:-1} exec $(BIN)/python -m bot.supervision

# What pytest makes of the assertions is kept in __pycache__, also where Python is told to keep nothing: it
# takes each process eight seconds. Three processes for two cores, because some tests wait more than they compute.
test: dev ## run all tests that can run on this machine
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

coverage: dev ## the same, and which lines of bot/ no test runs (slower)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered

check: dev ## lint, types, imports, conventions, and that the model fits its data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/conventions
	$(BIN)/flask --app server flows check
	$(BIN)/python -m bot.understanding.train --check

format: dev ## tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## resolve requirements anew and write the locked files
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/app.in -o requirements.txt
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/dev.in -o requirements/dev.txt
	rm -rf $(VENV)-lock

train: setup ## train the Rasa model from config.yml and nlu_data/ (needs Python 3.10)
	$(BIN)/python -m bot.understanding.train

train-report: dev ## measure what each part of the model is worth: docs/understanding-report.md (20 minutes)
	$(BIN)/python -m bot.understanding.report

phrases: setup ## collect the phrases of flows and console into the catalogues of every language
	$(BIN)/flask --app server phrases update

bench: dev ## measure speed and memory beside floors in the same run
	$(BIN)/python -m bench

chaos: dev ## kill processes, database and network while a broadcast runs; count at the carrier's ledger
	$(BIN)/python -m chaos

simulate: dev ## five million guardians on paper: how long answers and broadcasts wait (two minutes)
	$(BIN)/python -m bench.simulate

clean: ## remove what was built (not var/, where the data is)
	rm -rf $(VENV) .venv-nlu .mypy_cache .ruff_cache .import_linter_cache .coverage
