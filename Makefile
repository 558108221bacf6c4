# Layer Lab. `make run` needs Python 3.10 to 3.13 and nothing else; everything it installs goes to .venv.

PYTHON ?= python3
# Left empty, Streamlit takes 8501, or the next port that is free.
PORT ?=
# Left empty, only this machine is let in; 0.0.0.0 lets in everybody in its networks.
HOST ?=

VENV := .venv
BIN := $(VENV)/bin
# pip is asked again only when these are older than the requirements they stand for.
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run classroom test format words bench clean
# Two pips in one environment would trip over each other under `make -j`.
.NOTPARALLEL:

help: ## Show these targets
	@echo "make TARGET [PYTHON=python3.12] [PORT=8501]   (to change PYTHON, make clean first)"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' Makefile

run: $(READY) ## Install what is missing, start the dashboard and print its address
	@$(BIN)/streamlit run dashboard.py $(if $(PORT),--server.port $(PORT)) $(if $(HOST),--server.address $(HOST))

classroom: $(READY) ## The same for a class: one process a core behind a proxy, open to the network; prints a QR code
	@$(if $(PORT),PORT=$(PORT)) $(BIN)/python -m classroom

test: $(READY_DEV) ## Lint, check the format, run the tests (the types are one of them)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@# Two for two cores, since a browser, a server or a training works beside each: what a third imports and starts
	@# anew takes longer than the two wait.
	@# Where the environment forbids caches, each server and job of a test would compile all sources anew.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist worksteal

format: $(READY_DEV) ## Fix what the linter can fix, and format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

words: $(READY_DEV) ## Bring the translations up to date with the code, and list what is missing
	@$(BIN)/python -m words

# Files without a main block only help the others.
bench: $(READY_DEV) ## Run every measurement in bench/
	@for script in $$(grep -ls '^if __name__ ==' bench/*.py); do \
		name=$$(basename "$$script" .py); \
		echo "== bench.$$name"; \
		$(BIN)/python -m "bench.$$name" || exit 1; \
	done

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The checks come before anything is created, so that a wrong Python costs one sentence and no download.
# An environment that works is kept; a half-made one (interrupted, or its Python is gone) is made anew.
define MAKE_VENV
@supported='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))'; \
if $(BIN)/python -c "import pip; $$supported" >/dev/null 2>&1; then exit 0; fi; \
if ! $(PYTHON) -c "$$supported" >/dev/null 2>&1; then \
	found=$$($(PYTHON) --version 2>&1) || found="not there"; \
	echo "Layer Lab needs Python 3.10 to 3.13, but $(PYTHON) is $$found: name another one, e.g. make $(or $(MAKECMDGOALS),run) PYTHON=python3.12" >&2; \
	exit 1; \
fi; \
if ! $(PYTHON) -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	echo "$(PYTHON) cannot make a virtual environment because its venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv) and try again." >&2; \
	exit 1; \
fi; \
echo "Making $(VENV) with $$($(PYTHON) --version)."; \
$(PYTHON) -m venv --clear $(VENV)
endef

$(READY): requirements.txt
	$(MAKE_VENV)
	@echo "Installing the dashboard's packages (several hundred MB, only this once)."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(READY_DEV): requirements.txt requirements-dev.txt requirements-postgres.txt requirements-cluster.txt
	$(MAKE_VENV)
	@echo "Installing the packages for the dashboard and its tests (several hundred MB, only this once)."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $(READY) $@
