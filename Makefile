# One command each: `make assess` publishes the newest year, `make test` runs the checks. Both set everything up first.
# Needs Python 3.11 or newer, make and git; on Windows run it in Git Bash. Other settings: make assess YEAR=2017-18 AUDIENCE=internal

PYTHON   ?=
YEAR     ?=
AUDIENCE ?=
VENV     ?= .venv

ifeq ($(OS),Windows_NT)
  BIN_NAME := Scripts
else
  BIN_NAME := bin
endif

BIN   := $(VENV)/$(BIN_NAME)
STAMP := $(VENV)/.installed
PIP   := "$(BIN)/python" -m pip -qq --disable-pip-version-check
SWP   := "$(BIN)/python" -m swp_analysis

# Prints the command of the first Python that is new enough: PYTHON alone if it is given.
FIND_PYTHON = for found in $(or $(PYTHON),python3 python python3.14 python3.13 python3.12 python3.11 py); do \
		"$$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; found=; \
	done; \
	[ -n "$$found" ] || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	"$$found" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
NO_PYTHON = $(if $(PYTHON),PYTHON=$(PYTHON) is not Python 3.11 or newer.,No Python 3.11 or newer was found.) \
	Install one, or name it: make setup PYTHON=python3.12
NO_VENV = This Python cannot make a virtual environment: on Debian or Ubuntu run 'sudo apt install python3-venv' first.

# A project folder that was moved or copied must not run the code of its old place: the stamp holds the path.
ifneq ($(CURDIR),$(shell cat "$(STAMP)" 2>/dev/null))
.PHONY: $(STAMP)
endif

.DEFAULT_GOAL := help
.PHONY: help setup build assess lab pictures test test-all bench lint types format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## the project's own Python environment in .venv, from requirements.lock

# The stamp is written last, so an interrupted install leaves none; without one the environment is made anew, for
# pip takes a half-copied package for an installed one. With a fresh stamp nothing runs, and no network is needed.
$(STAMP): requirements.lock pyproject.toml
	@if [ ! -f "$@" ] || ! "$(BIN)/python" -c '' 2>/dev/null; then \
		$(FIND_PYTHON); \
		echo "Making the Python environment in $(VENV): once, a few minutes."; \
		"$$found" -m venv --clear "$(VENV)"; \
	fi
	@rm -f "$@"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@"$(BIN)/python" -m compileall -q swp_analysis
	@echo "$(CURDIR)" > "$@"

build: $(STAMP) ## data/raw -> data/processed (YEAR=2017-18 for one that is not the newest)
	@$(SWP) build $(YEAR)

assess: $(STAMP) ## the main job: build, run every notebook, publish to reports/ (YEAR=, AUDIENCE=internal|partners|public)
	@$(SWP) assess $(YEAR) $(if $(AUDIENCE),--audience $(AUDIENCE))

lab: $(STAMP) ## JupyterLab, opened on notebooks/
	@$(SWP) lab

pictures: $(STAMP) ## the pictures of docs/explore.md, drawn again from its lines
	@PICTURES=write "$(BIN)/python" -m pytest -q tests/explore/test_documented.py tests/explore/test_lab.py

# Tests start many processes, so what Python compiles is kept, even where the shell says otherwise.
test test-all: export PYTHONDONTWRITEBYTECODE =

test: lint types ## ruff, mypy, then every test, three rooms at a time
	@"$(BIN)/python" -m pytest -n 3 --dist loadscope --no-loadscope-reorder

test-all: lint types ## the same, with every notebook rendered three ways and every page at every width (25 minutes)
	@SWP_TEST_ALL=1 "$(BIN)/python" -m pytest -n 3 --dist loadscope --no-loadscope-reorder

bench: $(STAMP) ## how long an edition takes, side by side with the shell loop of papermill and nbconvert (20 minutes)
	@"$(BIN)/python" -m benchmarks.read_tables
	@"$(BIN)/python" -m benchmarks.run_edition

lint: $(STAMP) ## ruff: rules and format, nothing is changed
	@"$(BIN)/python" -m ruff check
	@"$(BIN)/python" -m ruff format --check

types: $(STAMP) ## mypy on the library
	@"$(BIN)/python" -m mypy

format: $(STAMP) ## ruff: mend what can be mended
	@"$(BIN)/python" -m ruff check --fix
	@"$(BIN)/python" -m ruff format

# Keeps what is locked and adds or drops what pyproject.toml asks for; delete requirements.lock first to renew every version.
# One version for all Pythons (fewest), so that a figure does not depend on who ran it.
lock: ## requirements.lock anew from pyproject.toml (needs the network)
	@$(FIND_PYTHON); \
	place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && \
	"$$found" -m venv "$$place" && \
	"$$place/$(BIN_NAME)/python" -m pip -qq --disable-pip-version-check install uv && \
	"$$place/$(BIN_NAME)/uv" pip compile --quiet pyproject.toml --extra dev --output-file requirements.lock \
		--universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links

clean: ## remove the environment and the tools' caches; data and reports stay
	@rm -rf "$(VENV)" *.egg-info build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
