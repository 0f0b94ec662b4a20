# The commands that people and the build call by name; docs/README.md says more.
# A second run of a target whose inputs did not change takes no time.

PYTHON ?= python3
PORT ?= 8000
SIZE ?= 100000
DB ?= postgres

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
BASE := .venv/.base
DEV := .venv/.dev
MO := $(patsubst %.po,%.mo,$(wildcard bihuan/*/locale/*/LC_MESSAGES/django.po))

# What was installed into an environment whose Python has gone, or that was moved, is installed again.
ifneq ($(wildcard $(BASE)),)
ifneq ($(shell $(BIN)/pip --version >/dev/null 2>&1 && echo whole),whole)
$(shell rm -f $(BASE) $(DEV))
endif
endif

.PHONY: install demo test check mutants bench audit lock clean

install: $(BASE) $(MO)

$(BASE): requirements/base.txt pyproject.toml
	tools/venv.sh "$(PYTHON)"
	$(PIP) install --require-hashes --only-binary :all: -r requirements/base.txt
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	touch $@

$(DEV): requirements/dev.txt $(BASE)
	$(PIP) install --require-hashes --only-binary :all: --no-binary three,relaxml -r requirements/dev.txt
	touch $@

%.mo: %.po | $(BASE)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

demo: install
	@PORT="$(PORT)" SMOKE="$(SMOKE)" RESET="$(RESET)" $(BIN)/python -m tools.demo

test:
	tools/needs.sh
	@$(MAKE) --no-print-directory $(DEV) $(MO)
	@$(BIN)/python -m tools.suite full

check: $(DEV) $(MO)
	@$(BIN)/python -m tools.suite quick

# About an hour on two cores, so no part of the tests; COUNT= draws fewer faults, ONLY= some modules.
mutants: $(DEV) $(MO)
	@$(BIN)/python -m tools.mutants $(if $(COUNT),--count $(COUNT)) $(if $(ONLY),--only $(ONLY))

bench: $(DEV) $(MO)
	@$(BIN)/python -m tools.bench --size "$(SIZE)" --db "$(DB)" $(if $(ONLY),--only $(ONLY))

# Asks the vulnerability service of the package index about each locked package; 1 if a fault is known.
audit: $(BASE)
	@$(BIN)/python -m tools.audit

# The lock holds for every platform and for Python 3.11 and later, and names no host. What is locked
# stays as it is unless UPGRADE=1 asks for the newest.
lock: $(BASE)
	$(PIP) install --quiet uv
	for set in base dev peer audit; do \
	  $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $(if $(UPGRADE),--upgrade) \
	    requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find bihuan tests tools -name '*.mo' -delete -o -name '__pycache__' -prune -exec rm -rf {} +
