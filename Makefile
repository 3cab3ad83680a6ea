# Two commands: `make run` and `make test`. Everything else is listed by `make help`.

# The first Python that is new enough; another one: make PYTHON=/some/python run
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
ENV := .venv/bin/python
# Where it is set, each of many processes compiles all sources again.
unexport PYTHONDONTWRITEBYTECODE
# More for pytest: make test ARGS="-k plan -x"
ARGS ?=

.PHONY: help setup run test test-reverse test-random lint format chaos bench wheel screenshots messages lock clean

help:
	@echo "make run            set up everything and open the running town"
	@echo "make test           set up everything and run all checks          (ARGS= more for pytest)"
	@echo "make test-reverse   the tests from last to first"
	@echo "make test-random    the tests in random order"
	@echo "make chaos          the tests that kill processes, too"
	@echo "make lint           the checks without the tests"
	@echo "make format         put the sources in order"
	@echo "make bench          all benchmarks"
	@echo "make messages       write new messages into the catalogues, for translation"
	@echo "make screenshots    the pictures of the documentation, from a running demo town"
	@echo "make wheel          a package to install elsewhere, in dist/"
	@echo "make lock           choose the versions of all packages anew"
	@echo "make clean          remove what was built and installed; the data in .zhen stays"

setup:
	@$(PYTHON) tools/setup.py run

run: setup
	@exec $(ENV) -m zhen.project.cli up

development:
	@$(PYTHON) tools/setup.py test

test: development
	@$(ENV) tools/check.py --tests -m "not chaos" $(ARGS)

test-reverse: development
	@$(ENV) tools/check.py --only-tests -m "not chaos" -p reverse --reverse $(ARGS)

test-random: development
	@$(ENV) tools/check.py --only-tests -m "not chaos" -p randomly $(ARGS)

chaos: development
	@$(ENV) tools/check.py --only-tests -n 0 -m chaos $(ARGS)

lint: development
	@$(ENV) tools/check.py

format: development
	@$(ENV) -m ruff check --quiet --fix-only . && $(ENV) -m ruff format .

bench: setup
	@$(ENV) -m zhen.project.cli bench all

messages: development
	@$(ENV) -m zhen.project.cli messages --write

screenshots: development
	@$(ENV) tools/screenshots.py $(ARGS)

wheel: development
	@rm -rf dist && $(ENV) -m hatchling build -t wheel -d dist

lock: development
	@$(ENV) tools/lock.py $(ARGS)

clean:
	@$(PYTHON) tools/clean.py
