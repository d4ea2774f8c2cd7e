# Everything runs in .venv, which each target sets up where it is missing.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint format coverage train bench lock clean

help:  ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.run  ## Run the bot on Telegram if a token is set, else talk with it in the terminal
	@if [ -n "$$TELEGRAM_BOT_TOKEN" ] || grep -qs '^TELEGRAM_BOT_TOKEN=.' .env; \
	then $(BIN)/footnote run; else $(BIN)/footnote chat; fi

test: .venv/.dev  ## Run the tests, several at a time: most of them wait for a bot to pace itself
	$(BIN)/python -m pytest -n 3 --dist loadfile

lint: .venv/.dev  ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev  ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

coverage: .venv/.dev  ## Run the tests and show which lines they leave out
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

train: .venv/.dev  ## Learn the matcher's weights anew from the questions
	$(BIN)/python -m tests.training --write

bench: .venv/.dev  ## Run the benchmarks one after the other (DOCUMENTS=folder QUESTIONS=file); fails where one does
	@failed=0; \
	for what in "answers $(DOCUMENTS) $(QUESTIONS)" "typos $(QUESTIONS)" longest growth reviewing; do \
		echo "== $$what"; $(BIN)/python -m tests.benchmarks.$$what || failed=1; \
	done; exit $$failed

lock: ## Write requirements.lock anew from the newest versions that pyproject.toml allows
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q -e '.[dev]'
	{ echo "# Versions that are known to work together; used as constraints. Made by 'make lock'."; \
	  .venv-lock/bin/pip freeze --exclude-editable; } > requirements.lock
	rm -rf .venv-lock

clean: ## Remove the environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

.venv/.run: pyproject.toml requirements.lock
	@test -x $(BIN)/python || { echo "Setting up .venv, once …"; $(PYTHON) -m venv .venv; }
	$(BIN)/pip install -q -c requirements.lock -e .
	@touch $@

.venv/.dev: .venv/.run
	$(BIN)/pip install -q -c requirements.lock -e '.[dev]'
	@touch $@
