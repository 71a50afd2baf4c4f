# `make help` says what there is. Everything here sets up what it needs by itself.
#
#   PORT=9000        the demo's port (8080)
#   ARGS="-k vault"  more arguments for pytest, tests.bench or tests.soak
#   PYTHON=…         a Python ≥ 3.11 for the bot, NLU_PYTHON=… a Python 3.10 for Rasa

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo preview install test check format bench pictures soak docs sbom audit containers-lint \
	images-check guide-check versions-check lock clean bot-demo bot-dev tools nlu

ifdef PORT
export BOT_PORT = $(PORT)
endif
export PYTHON NLU_PYTHON

PY := .venv/bin/python

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: bot-demo nlu ## Set up and start the whole bot on this machine: chat and console on one page
	@exec .venv/bin/sidelight demo

preview: bot-demo ## Set up and show every message as a phone does, while you write (ARGS=ar)
	@exec .venv/bin/sidelight responses preview $(ARGS)

install: bot-demo nlu ## What a server needs: both environments and the trained model
	@.venv/bin/sidelight nlu train

test: bot-dev nlu ## Set up and run all checks and all tests
	@printf '[3/4] Checks\n'
	@.ci/check
	@printf '[4/4] Tests\n'
	@.ci/test $(ARGS)

check: bot-dev ## Lint, format, types, layers
	@.ci/check

format: bot-dev ## Bring the code into shape
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: bot-dev nlu ## Measure, and write down the figures
	@exec $(PY) -m tests.bench $(ARGS)

pictures: bot-dev ## Draw the advocates' guide anew, from a walk through the pages
	@rm -rf build/pictures docs/advocates && mkdir -p build/pictures docs/advocates
	@ADVOCATE_PICTURES=build/pictures $(PY) -m pytest -q tests/browser/test_first_night.py
	@for each in $$(grep -o '[a-z0-9-]*\.webp' docs/advocates.md); do cp build/pictures/$$each docs/advocates/; done

soak: bot-dev nlu ## Run under load and faults for long
	@exec $(PY) -m tests.soak $(ARGS)

docs: bot-demo tools ## Build the documentation as a site with search, in build/site (ARGS=serve shows it)
	@.venv/bin/sidelight responses leaflet --into docs/survivors >/dev/null
	@NO_MKDOCS_2_WARNING=1 .tools/bin/mkdocs $(or $(ARGS),build --quiet) --strict

sbom: tools ## Write what is shipped, with versions, licences and hashes: build/*.cdx.json
	@exec .ci/supply sbom

audit: tools ## Ask an advisory service for known holes in what is shipped (needs the network)
	@exec .ci/supply audit

containers-lint: bot-dev ## hadolint and the compose specification's schema (from PyPI)
	@exec $(PY) -m tests.deploy lint

images-check: bot-dev ## As root: build and start the containers in clean Debian roots, without an engine
	@exec $(PY) -m tests.deploy images $(ARGS)

guide-check: bot-dev ## As root: carry out docs/administering.md in a clean Debian root
	@exec $(PY) -m tests.deploy guide $(ARGS)

versions-check: bot-dev ## From the version before to this one and back, while people write (ARGS="--before REF")
	@exec $(PY) -m tests.deploy versions $(ARGS)

lock: ## Resolve all dependencies anew and pin them with hashes
	@.ci/lock

clean: ## Remove environments, caches, the demo's data and the trained model
	@rm -rf .venv nlu/.venv .tools .demo nlu/models nlu/.rasa build dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find bot tests nlu -name __pycache__ -type d -prune -exec rm -rf {} +

bot-demo:
	@printf '[1/4] Bot environment: '
	@.ci/environment bot demo

bot-dev:
	@printf '[1/4] Bot environment: '
	@.ci/environment bot dev

tools:
	@.ci/environment tools

nlu:
	@printf '[2/4] Understanding environment: '
	@.ci/environment nlu
