# Every target sets up what it needs; the second time that is quick.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
OUT ?= demo-out

.PHONY: help setup demo test test-all check format bench clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(STAMPS)/apt $(STAMPS)/venv $(STAMPS)/ecm ## Packages, .venv, the embedded ECM

# the packages of a list, where some are not there yet; a command that came from elsewhere will do as well
define install-packages
@mkdir -p $(STAMPS)
@packages=$$(for name in $$(sed 's/#.*//' $<); do command -v $$name >/dev/null || echo $$name; done | xargs); \
if ! dpkg-query -W -f='$${db:Status-Status}\n' $$packages 2>/dev/null | grep -qv '^installed$$' \
  && dpkg -s $$packages >/dev/null 2>&1; then echo "Debian packages of $<: all there"; \
else echo "Debian packages of $<: installing"; export DEBIAN_FRONTEND=noninteractive; \
  apt-get update -qq; apt-get install -y -qq --no-install-recommends $$packages >build/apt.log 2>&1 \
  || { tail -n 20 build/apt.log; exit 1; }; fi
@touch $@
endef

$(STAMPS)/apt: apt-packages.txt
	$(install-packages)

$(STAMPS)/apt-slow: apt-packages-slow.txt | $(STAMPS)/apt
	$(install-packages)

$(STAMPS)/venv-slow: requirements-slow.lock | $(STAMPS)/apt-slow $(STAMPS)/venv
	@echo "Python packages: installing from requirements-slow.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-slow.lock
	@touch $@

$(STAMPS)/venv: requirements.lock setup.cfg pyproject.toml | $(STAMPS)/apt
	@echo "Python packages: installing from requirements.lock"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/ecm: connector/demo/ecm.py $(wildcard connector/demo/ecm_war/* connector/demo/ecm_war/*/*) | $(STAMPS)/venv
	@echo "Embedded ECM: fetching and packing"
	@$(BIN)/python -m connector.demo.ecm --build
	@touch $@

demo: setup ## The whole way of a dossier, from deposit to the portal
	@$(BIN)/sohoa demo --out $(OUT)

test: setup ## Unit, contract, integration and acceptance tests
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: setup $(STAMPS)/venv-slow ## Also the slow ones
	@$(BIN)/python -m pytest

check: setup ## Format, lint, types, import rules, fast tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 tests/unit

format: setup ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## Comparisons with peers
	@for bench in bench/*.py; do PYTHONPATH=. $(BIN)/python $$bench; done

clean: ## Remove what was built
	rm -rf build $(VENV) demo-out
