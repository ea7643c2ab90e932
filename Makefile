# run, test, check: everything else is theirs. Settings come from the environment, see docs/reference/settings.md

SHELL := /bin/bash
.DEFAULT_GOAL := help
export PORT ?= 8000
BIN := .venv/bin

.PHONY: help port run test check format requirements bench plans soak clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: port .venv/installed ## serve http://127.0.0.1:$PORT, from nothing if need be
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/gunicorn aigap.wsgi:application --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning --graceful-timeout 1

port:
	@.ci/port

test: .venv/installed-dev ## the whole suite, on SQLite and, where it answers, on PostgreSQL
	@.ci/test $(ARGS)

check: .venv/installed-dev ## format, lint, types, templates, migrations, deployment
	@.ci/check

format: .venv/installed-dev ## put code and templates in order
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

requirements: .venv/installed-dev ## compile the pinned lists from the short ones
	@.ci/requirements

bench: .venv/installed-dev ## measure speed, see docs/performance.md
	@$(BIN)/python -m benchmarks.run $(ARGS)

plans: .venv/installed-dev ## query plans with a million claims, on SQLite
	@AIGAP_PLAN_CLAIMS=1000000 $(BIN)/pytest -q tests/test_query_plans.py $(ARGS)

soak: .venv/installed-dev ## long runs under load
	@$(BIN)/python -m benchmarks.soak $(ARGS)

clean: ## forget caches; leaves var/ and .venv/
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis && find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -r {} +

.venv/bin/python:
	@.ci/venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what aigap needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
