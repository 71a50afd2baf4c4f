# `make help` says what there is. Everything here sets up what it needs by itself.
#
#   PORT=9000        the demo's port (8080)
#   ARGS="-k vault"  more arguments for pytest, tests.bench or tests.soak
#   PYTHON=…         a Python ≥ 3.11 for the bot, NLU_PYTHON=… a Python 3.10 for Rasa

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo preview test check format bench soak lock clean bot-demo bot-dev nlu

ifdef PORT
export BOT_PORT = $(PORT)
endif
export PYTHON NLU_PYTHON

PY := .venv/bin/python

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: bot-demo nlu ## Set up and start the whole bot on this machine: chat and console on one page
	@exec .venv/bin/sidelight demo

preview: bot-demo ## Set up and show every message as a phone does, while you write (ARGS=ar)
	@exec .venv/bin/sidelight responses preview $(ARGS)

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

soak: bot-dev nlu ## Run under load and faults for long
	@exec $(PY) -m tests.soak $(ARGS)

lock: ## Resolve all dependencies anew and pin them with hashes
	@.ci/lock

clean: ## Remove environments, caches, the demo's data and the trained model
	@rm -rf .venv nlu/.venv .demo nlu/models nlu/.rasa build dist
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find bot tests nlu -name __pycache__ -type d -prune -exec rm -rf {} +

bot-demo:
	@printf '[1/4] Bot environment: '
	@.ci/environment bot demo

bot-dev:
	@printf '[1/4] Bot environment: '
	@.ci/environment bot dev

nlu:
	@printf '[2/4] Understanding environment: '
	@.ci/environment nlu
