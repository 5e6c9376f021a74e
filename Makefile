# Clarion's commands for people: each works on its own, and makes what it needs in .venv/, .judge/ and .bench/ by itself.

VENV := .venv
BIN := $(VENV)/bin
SITE := $(VENV)/clarion-site
TEST := $(VENV)/clarion-test
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first of these that is Python 3.11 or newer and can make a virtual environment; PYTHON=… puts another first.
PYTHON ?=
CANDIDATES := $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python

# make bench: how many articles, how many runs of each, SCALE=1 for ten times as many too, ONLY=clarion,hugo for some.
N ?= 10000
RUNS ?= 5
SCALE ?=
ONLY ?=
COMMA := ,

.PHONY: help site test check judge shots pictures bench clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:
	@echo "make site    build content/ into output/"
	@echo "make test    run the checks, then the tests"
	@echo "make check   format, lint, types and import layers"
	@echo "make judge   the outside judges: Nu, axe-core, feeds, sitemap, structured data, links, pictures"
	@echo "make shots   pictures of every kind of page, into .judge/shots/, to look through"
	@echo "make pictures  docs/images/ anew, of the examples in docs/writing.md (ONLY=appeal,look for some)"
	@echo "make bench   measure Clarion beside its peers (minutes to an hour; N=1000 RUNS=3 is quicker)"
	@echo "make clean   remove everything that these made"

site: $(SITE)
	@$(BIN)/clarion build

test: check
	@$(BIN)/python -m pytest

check: $(TEST)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

judge: $(TEST)
	@$(BIN)/python -m tests.judge
	@$(BIN)/python -m pytest tests/judge

# ONLY="dark 360" takes only those whose names hold these words.
shots: $(TEST)
	@$(BIN)/python -m tests.judge
	@$(BIN)/python -m tests.judge.shots $(ONLY)

pictures: $(TEST)
	@$(BIN)/python -m tests.judge
	@$(BIN)/python -m tests.pictures $(subst $(COMMA), ,$(ONLY))

bench: $(TEST)
	@$(BIN)/python -m tests.bench --posts $(N) --runs $(RUNS) $(if $(SCALE),--scale) $(if $(ONLY),--only $(ONLY))

# What a build wrote is removed only where its own list says that a build wrote it.
clean:
	rm -rf $(VENV) .judge .bench .clarion build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@if [ -e output/.clarion-output ]; then rm -rf output/* output/.clarion-output; fi
	@find generator tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@old=; bare=; chosen=; \
	for candidate in $(CANDIDATES); do \
	  "$$candidate" -c 'import sys' >/dev/null 2>&1 || continue; \
	  old=$$candidate; \
	  "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
	  bare=$$candidate; \
	  "$$candidate" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	  chosen=$$candidate; break; \
	done; \
	if [ -n "$$chosen" ]; then "$$chosen" -m venv --clear $(VENV); exit; fi; \
	if [ -n "$$bare" ]; then \
	  echo "$$bare cannot make a virtual environment: install python3-venv (Debian: apt install python3-venv)." >&2; \
	elif [ -n "$$old" ]; then \
	  echo "Python 3.11 or newer is needed, and $$old is $$("$$old" --version 2>&1): install one, or name it with make PYTHON=…" >&2; \
	else \
	  echo "Python 3.11 or newer is needed, and none is here: install it, or name it with make PYTHON=…" >&2; \
	fi; \
	exit 1

$(SITE): $(BIN)/python pyproject.toml
	@echo "Installing Clarion into $(VENV)/"
	@$(PIP) install --editable .
	@touch $@

$(TEST): $(BIN)/python pyproject.toml
	@echo "Installing Clarion and what its tests need into $(VENV)/"
	@$(PIP) install --editable '.[test,check]'
	@touch $@ $(SITE)
