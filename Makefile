# crm-agent: two commands matter, `make run` and `make test`; `make help` lists the rest.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --override requirements-override.txt --group build

# What an installation is made from; the folder is in it because scripts and the editable install name it.
stamp = .venv/$(1)-$(shell (pwd; cat pyproject.toml $(2)) | cksum | tr ' \t' '--')
RUNTIME := $(call stamp,runtime,requirements.lock)
DEVELOPMENT := $(call stamp,development,requirements-dev.lock)

.PHONY: help install run test lint format coverage bench prove screenshots lock

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) ## Install into .venv what running needs

run: $(RUNTIME) ## Install, start the database, load the demo company once, and serve everything
	@exec $(BIN)/crm-agent serve --prepare

test: $(DEVELOPMENT) ## Install what testing needs and run the tests (ARGS="-k name" chooses)
	@$(BIN)/pytest $(ARGS)

lint: $(DEVELOPMENT) ## Check format, rules, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

format: $(DEVELOPMENT) ## Rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

coverage: $(DEVELOPMENT) ## Run the tests and list the lines and branches they miss
	$(BIN)/pytest --cov --cov-report=term-missing $(ARGS)

bench: $(DEVELOPMENT) ## Print the ratios the design promises, measured side by side (PGLAST=PYTHON, one that has pglast: its parser too)
	@$(BIN)/python -m benchmarks $(ARGS)

prove: $(DEVELOPMENT) ## Run the long proofs: the same tests with thousands of kills, calls and fuzz rounds
	@$(BIN)/pytest --prove $(ARGS)

screenshots: $(DEVELOPMENT) ## Take the pictures of the pages into docs/screenshots (needs Chromium)
	@$(BIN)/python -m tests.web.screenshots

lock: $(DEVELOPMENT) ## Resolve the dependencies anew into both lock files (hashes, no addresses)
	$(UV_COMPILE) --output-file requirements.lock
	$(UV_COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

$(RUNTIME) $(DEVELOPMENT): kind = $(if $(findstring runtime-,$@),runtime,development)
$(RUNTIME) $(DEVELOPMENT): lock = $(if $(findstring runtime-,$@),requirements.lock,requirements-dev.lock)
$(RUNTIME) $(DEVELOPMENT):
	@sh .ci/venv
	@echo "Installing $(lock) into .venv ..." >&2
	@$(PIP) install --quiet --no-deps --require-hashes -r $(lock)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@rm -f .venv/$(kind)-*
	@touch $@
