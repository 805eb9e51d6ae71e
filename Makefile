# Everything a developer or operator does, each in one word. README.md explains them.

PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= .data
SEED ?= demo
STAGE = dev

BIN := .venv/bin
CHECKOV := build/checkov
READY := .venv/.ready
JOBS ?= 2

export PORT DATA_DIR SEED PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test unit e2e check bench drill exhaustive fuzz format package deploy rehearsal lock audit docs browser clean help

help: ## show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(READY) ## the whole desk on this machine
	@exec $(BIN)/python -m infra.local

test: $(READY) browser ## the tests: unit, integration, end to end
	$(BIN)/pytest tests/unit tests/integration -m "not exhaustive" -n $(JOBS) -q
	$(BIN)/pytest tests/e2e -m "not exhaustive" -n $(JOBS) --dist loadfile -q

unit: $(READY) ## only the quick tests
	$(BIN)/pytest tests/unit tests/integration -m "not exhaustive" -n $(JOBS) -q

e2e: $(READY) browser ## only the tests in a browser
	$(BIN)/pytest tests/e2e -m "not exhaustive" -n $(JOBS) --dist loadfile -q

check: $(READY) ## format, lint, types, import contracts, generated pages, templates, the bundle
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint chalicelib/web/templates --profile=jinja --lint --quiet
	$(BIN)/djlint infra/local/templates --profile=jinja --lint --quiet --ignore=J018
	$(BIN)/python -m infra.docs --check
	$(BIN)/pytest tests/packaging -q

format: $(READY) ## put the code into its usual shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## write docs/generated anew
	$(BIN)/python -m infra.docs

package: $(READY) ## the CloudFormation bundle, in build/package
	$(BIN)/python -m infra.packaging build/package --stage $(STAGE)

scan: package $(CHECKOV)/.ready ## what checkov finds in the bundle's template
	$(BIN)/python -m infra.scan build/package $(CHECKOV)/bin/checkov

deploy: package ## show what a deploy to STAGE would change, then deploy
	$(BIN)/python -m infra.deploy build/package --stage $(STAGE)

rehearsal: $(READY) ## deploy the bundle on the local emulator and send a request through it
	$(BIN)/python -m infra.rehearsal

bench: $(READY) ## benchmarks: prints ratios, writes bench/results
	$(BIN)/python -m bench.business_hours
	$(BIN)/python -m bench.sweep
	$(BIN)/python -m bench.assignment
	$(BIN)/python -m bench.alerts

drill: $(READY) ## fault drills: what was injected, and what was lost or doubled
	$(BIN)/python -m bench.drills.clocks
	$(BIN)/python -m bench.drills.staffing

exhaustive: $(READY) browser ## what make test leaves out, since its neighbours are like it; ten minutes
	$(BIN)/pytest tests/integration tests/e2e -m exhaustive -n $(JOBS) -q

fuzz: $(READY) ## the API against its OpenAPI document, with many more made-up calls; takes an hour
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-100} $(BIN)/pytest tests/integration/test_schemathesis.py -n $(JOBS) -q

lock: $(READY) ## pin again what the pinned libraries need
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --allow-unsafe --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --output-file requirements.lock requirements.txt requirements-dev.txt

audit: $(READY) ## known holes in the pinned libraries
	$(BIN)/pip-audit --requirement requirements.lock --no-deps --disable-pip

browser:
	@infra/browser.sh

clean: ## remove what was built; data in DATA_DIR stay
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(READY): requirements.txt requirements-dev.txt requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Tierline needs Python 3.11 or newer; point PYTHON= at one.'; exit 1; }
	@echo 'Setting up the virtual environment (.venv); this takes a minute the first time.'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet -r requirements.txt -r requirements-dev.txt -c requirements.lock
	@touch $@

$(CHECKOV)/.ready: infra/requirements-checkov.txt
	@echo 'Setting up checkov (build/checkov); this takes a minute the first time.'
	@$(PYTHON) -m venv $(CHECKOV)
	@$(CHECKOV)/bin/pip install --quiet --no-deps --no-compile -r infra/requirements-checkov.txt
	@touch $@
