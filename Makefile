# The commands that people and the build call by name; `make help` lists them, docs/README.md says more.
# A second run of a target whose inputs did not change takes no time.

PYTHON ?= python3
PORT ?= 8000
SIZE ?= 100000
DB ?= postgres

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
BASE := .venv/.base
DEV := .venv/.dev
PO := $(wildcard bihuan/*/locale/zh_Hans/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)
LOCALISED = $(patsubst bihuan/%/locale/zh_Hans/LC_MESSAGES/django.po,%,$(PO))
TYPED = $(shell git ls-files '*.py' | grep / | grep -v /migrations/)

# What was installed into an environment whose Python has gone, or that was moved, is installed again.
ifneq ($(wildcard $(BASE)),)
ifneq ($(shell $(BIN)/pip --version >/dev/null 2>&1 && echo whole),whole)
$(shell rm -f $(BASE) $(DEV))
endif
endif

.PHONY: install help demo run test check unit fmt lint types messages mutants bench audit lock clean

install: $(BASE) $(MO)  ## what bihuan needs to run, in .venv

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
	  printf '  make %-9s %s\n' "$$name" "$$what"; done

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

demo: install  ## a district with real ledgers; PORT= RESET=1 SMOKE=1
	@PORT="$(PORT)" SMOKE="$(SMOKE)" RESET="$(RESET)" $(BIN)/python -m tools.demo

run: install  ## the demo for development: restarts when code changes, shows faults in full; PORT= RESET=1
	@PORT="$(PORT)" RESET="$(RESET)" RELOAD=1 $(BIN)/python -m tools.demo

test:  ## everything, as the build runs it: both databases, and a browser
	tools/needs.sh
	@$(MAKE) --no-print-directory $(DEV) $(MO)
	@$(BIN)/python -m tools.suite full

check: $(DEV) $(MO)  ## the quick part: lint, types, import rules, migrations, tests
	@$(BIN)/python -m tools.suite quick

unit: $(DEV) $(MO)  ## some tests on SQLite: make unit ARGS="tests/orgs -k name"
	@$(BIN)/python -m pytest $(ARGS)

fmt: $(DEV)  ## format the code, and mend what ruff can mend
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

lint: $(DEV)  ## ruff, and the import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(DEV)  ## mypy, strict
	@$(BIN)/python -m mypy $(TYPED)

messages: $(BASE)  ## add new texts to the catalogues of translations; APP= for one app
	@command -v xgettext >/dev/null || { echo "As root: apt-get install gettext" >&2; exit 1; }
	@for app in $(if $(APP),$(APP),$(LOCALISED)); do \
	  (cd bihuan/$$app && ../../$(BIN)/python ../../manage.py makemessages --locale zh_Hans \
	    --no-obsolete --add-location file) || exit 1; done

# About an hour on two cores, so no part of the tests; COUNT= draws fewer faults, ONLY= some modules.
mutants: $(DEV) $(MO)  ## does a test fail when the code is wrong? COUNT= ONLY=
	@$(BIN)/python -m tools.mutants $(if $(COUNT),--count $(COUNT)) $(if $(ONLY),--only $(ONLY))

bench: $(DEV) $(MO)  ## how fast, and beside what (docs/bench.md); SIZE= DB= ONLY=
	@$(BIN)/python -m tools.bench --size "$(SIZE)" --db "$(DB)" $(if $(ONLY),--only $(ONLY))

# Asks the vulnerability service of the package index about each locked package; 1 if a fault is known.
audit: $(BASE)  ## known faults of the locked packages
	@$(BIN)/python -m tools.audit

# The lock holds for every platform and for Python 3.11 and later, and names no host. What is locked
# stays as it is unless UPGRADE=1 asks for the newest.
lock: $(BASE)  ## lock the packages of requirements/*.in; UPGRADE=1
	$(PIP) install --quiet uv
	for set in base dev peer audit; do \
	  $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $(if $(UPGRADE),--upgrade) \
	    requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

clean:  ## remove what was installed and compiled
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find bihuan tests tools -name '*.mo' -delete -o -name '__pycache__' -prune -exec rm -rf {} +
