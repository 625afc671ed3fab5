# Everything a newcomer needs: `make run`. Only python3, make and git are assumed.
PORT ?= 8000
# Processes that share the tests, and which browser journeys are run (yes, no or whole).
TEST_WORKERS ?= 2
JOURNEYS ?= yes
# The sizes that `make bench` looks at: usual, or whole (a million members, five million entries).
BENCH ?= usual
# The part of the full-length proofs that `make drill` takes.
DRILL_SCALE ?= 1
VENV := .venv
PYTHON := $(VENV)/bin/python
VAR_DIR ?= $(CURDIR)/var
export VAR_DIR PORT TEST_WORKERS JOURNEYS

.PHONY: run setup serve dev test check audit bench drill

run: $(VENV)/.base-installed setup serve

$(VENV)/bin/python:
	@command -v python3 >/dev/null || { echo "Meydan needs Python 3.11 or newer: install python3."; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Meydan needs Python 3.11 or newer; this is $$(python3 --version)."; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. Install it and try again; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@python3 -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.base-installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the portal needs (once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev-installed: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.base-installed

setup: $(VENV)/.base-installed
	@$(PYTHON) manage.py prepare

serve:
	@$(PYTHON) manage.py serve --port $(PORT)

dev: $(VENV)/.dev-installed

test: $(VENV)/.dev-installed
	@$(PYTHON) -m scripts.run_tests

check: $(VENV)/.dev-installed
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@imports=$$($(VENV)/bin/lint-imports --no-cache 2>&1) || { echo "$$imports"; exit 1; }
	@types=$$($(VENV)/bin/mypy 2>&1) || { echo "$$types"; exit 1; }
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@$(PYTHON) manage.py translations --check
	@$(PYTHON) manage.py routes --check
	@$(PYTHON) scripts/check_sizes.py
	@$(PYTHON) scripts/check_demo.py
	@$(PYTHON) scripts/check_deploy.py
	@$(PYTHON) scripts/check_advisories.py
	@echo "make check: everything is in order."

audit: $(VENV)/.dev-installed
	@$(PYTHON) scripts/check_advisories.py --needed

bench: $(VENV)/.dev-installed
	@$(PYTHON) benchmarks/run.py $(if $(filter whole,$(BENCH)),--whole)
	@$(PYTHON) benchmarks/limits.py

drill: $(VENV)/.dev-installed
	@$(PYTHON) benchmarks/drill.py --scale $(DRILL_SCALE)
