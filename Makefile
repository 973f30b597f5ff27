# `make demo` and `make test` need python3, git and make; everything else is set up on the way.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PYTHON ?= python3
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet --quiet
# pip does so for what it copies, not for a checkout: where Python writes no byte code, each start would compile.
COMPILE := .venv/bin/python -m compileall -q advisor
export PYTHON

# A stamp is newer than pyproject.toml when what that asks for is installed. The one for development serves
# the demo too.
RUN_STAMP := $(if $(wildcard .venv/installed-dev),.venv/installed-dev,.venv/installed)
DEV_STAMP := .venv/installed-dev

.PHONY: help demo test check lint types imports generated docs coverage oracle fuzz bench bench-check bench-patterns bench-predictions bench-replay lab sanitize test-host golden catalogue wheel clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
		while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

demo: $(RUN_STAMP) ## the main job on an example: findings and patch
	@.ci/demo

# In order of collection: what plays loads waits more than it computes, and begins.
test: $(DEV_STAMP) ## every test
	.venv/bin/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

# The tests hold the generated files to their sources too: `make generated` is the quick way to ask them alone.
check: lint types imports test ## everything that CI does

lint: $(DEV_STAMP) ## ruff: habits and format
	.venv/bin/ruff check --quiet
	.venv/bin/ruff format --check --quiet

types: $(DEV_STAMP) ## mypy --strict, tests too
	.venv/bin/mypy --no-error-summary

imports: $(DEV_STAMP) ## data flows one way
	@echo .venv/bin/lint-imports
	@.venv/bin/lint-imports --no-logo >.venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

# Every module under tests/generated compares one kind of generated file with its source.
generated: $(DEV_STAMP) ## generated files are up to date
	@if [ -d tests/generated ]; then set -x; .venv/bin/python -m pytest -q tests/generated; fi

# The tests build it too, and follow each link in it.
docs: $(DEV_STAMP) ## the documentation as a site, in build/site
	@echo .venv/bin/python -m mkdocs build --strict
	@NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --strict >.venv/mkdocs.log 2>&1 || \
		{ cat .venv/mkdocs.log; exit 1; }
	@ls build/site/index.html

# Apart from `check`: it takes half as long again as the tests alone. Commands that a test starts as processes
# of their own are not counted, so each is run within the tests' process too.
coverage: $(DEV_STAMP) ## how much of advisor the tests reach, branches too; fails under 95 %
	@.venv/bin/python -m coverage erase
	.venv/bin/python -m coverage run -m pytest -q
	@.venv/bin/python -m coverage combine --quiet
	@.venv/bin/python -m coverage report

N ?= 10000
oracle: $(DEV_STAMP) ## N=100000 configurations and questions, to advisor and to the real postconf
	.venv/bin/python -m tests.oracle.campaign $(N)

fuzz: $(DEV_STAMP) ## N=1000000 damaged lines through the scan: no error, no line lost
	.venv/bin/python -m tests.logs.fuzz $(N)

# The peers are installed for this alone; a smaller or larger log: N=10000000.
bench: N = 1000000
bench: $(DEV_STAMP) ## advisor metrics beside its peers, N lines; the table goes into README.md
	@.ci/bench-host
	.venv/bin/python -m benchmarks.compare $(N)

# Without a log: all rules, no numpy. CONFIGURATIONS=folder takes your own.
bench-check: N = 1000
bench-check: $(DEV_STAMP) ## N checks in one process, and one alone; fails above 20 ms and 0.5 s
	.venv/bin/python -m benchmarks.check_many $(N) $(CONFIGURATIONS)

bench-patterns: $(DEV_STAMP) ## advisor checks on 5,000 patterns and a million lines; fails above 30 s
	.venv/bin/python -m benchmarks.check_patterns 5000 1000000

bench-predictions: $(DEV_STAMP) ## what predictions add to a check of a million lines; fails above 20 %
	.venv/bin/python -m benchmarks.check_predictions 1000000

bench-replay: $(DEV_STAMP) ## a million sessions replayed; fails below 500,000 a second
	.venv/bin/python -m benchmarks.replay 1000000

lab: $(DEV_STAMP) ## as root: advice is followed on a real Postfix, with many loads; writes docs/lab.md; LOOP=slow-policy: these alone
	.venv/bin/python -m tests.lab.campaign $(if $(LOOP),"$(LOOP)")

test-host: ## install the real Postfix for the tests (as root; never replaces an MTA)
	@ASKED=1 .ci/test-host

golden: $(DEV_STAMP) ## write the expected outputs anew; read the diff before you commit
	UPDATE_GOLDENS=1 .venv/bin/python -m pytest -q

catalogue: $(DEV_STAMP) ## a new Postfix release: PARAMETERS=file SERVICES=file
	@test -n "$(PARAMETERS)" && test -n "$(SERVICES)" || \
		{ echo "catalogue: say make catalogue PARAMETERS=parameters.json SERVICES=services.json" >&2; exit 2; }
	.venv/bin/python -m advisor.settings.refresh "$(PARAMETERS)" "$(SERVICES)"

# A copy of the package, so that the sanitized library is never the one in use. Its block ends where its memory
# ends, so that a read beyond the padding is seen.
SANITIZED := .venv/sanitized
CC ?= cc
sanitize: $(DEV_STAMP) ## the compiled loop under the address and undefined-behaviour sanitizers of gcc
	@rm -rf $(SANITIZED) && mkdir -p $(SANITIZED) && cp -r advisor $(SANITIZED)/
	$(CC) -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -shared -fPIC \
		-o $(SANITIZED)/advisor/logs/libcolumns.so $(wildcard advisor/logs/*.c)
	@echo .venv/bin/pytest tests/logs, with the sanitized library
	@SANITIZED=1 PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0 \
		LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
		.venv/bin/pytest -q -s -p no:cacheprovider -o pythonpath="$(SANITIZED) ." \
		tests/logs/test_columns.py tests/logs/test_pieces.py tests/logs/test_histogram.py tests/logs/test_usual_lines.py tests/logs/test_merge_law.py

wheel: $(DEV_STAMP) ## the wheel, in dist/
	.venv/bin/python -m build --wheel >.venv/wheel.log 2>&1 || { cat .venv/wheel.log; exit 1; }
	@ls dist/*.whl

clean: ## remove everything that was made here
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage
	find advisor tests -name __pycache__ -type d -exec rm -rf {} +

.venv/installed: pyproject.toml $(wildcard advisor/logs/*.c)
	@.ci/venv
	@echo "Installing advisor and what it needs into .venv"
	@$(PIP) -e .
	@$(COMPILE)
	@touch $@

.venv/installed-dev: pyproject.toml $(wildcard advisor/logs/*.c)
	@.ci/venv
	@echo "Installing advisor, what it needs and the tools for its tests into .venv"
	@$(PIP) -e '.[dev]'
	@$(COMPILE)
	@touch $@
