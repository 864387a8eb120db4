# Every target does its own set-up, and is quick the second time. `make help` lists them.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

UV := .venv/uv/bin/uv
RASA := .venv/rasa/bin/rasa
RASA_PYTHON := .venv/rasa/bin/python
PYTHON := .venv/app/bin/python
IN_RASA := $(RASA_PYTHON) -m pytest tests/assistant -q -c tests/assistant/pytest.ini --rootdir . --confcutdir tests/assistant -o pythonpath=.
MODEL := models/assistant.tar.gz

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export OMP_NUM_THREADS ?= 1
export VAR ?= var
export ACTIONS_PORT ?= 5055
export ACTION_DEADLINE_S ?= 5
export PYTHONHASHSEED := 0

# Folders too: a topic that is deleted must leave the model.
MODEL_INPUTS := config.yml domain.yml data $(wildcard data/*) $(wildcard data/*/*.yml) $(wildcard assistant/nlu/*.py assistant/nlu/*.csv) \
	knowledge/provinces.csv

# tests that wait more than they work, each folder with programs of its own
AT_ONCE := channels e2e fakes hotline

.PHONY: help run fakes test prove train bench check pictures parse evaluate forget zalo-tokens environments lock audit

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: environments $(MODEL) ## start everything and print the chat's address; Ctrl-C stops it
	@exec $(PYTHON) deploy/run.py

fakes: .venv/app/.done ## fake Messenger and Zalo with a page to chat through each; prints what our channels need; Ctrl-C stops both
	@exec $(PYTHON) -m tests.fakes

test: environments $(MODEL) ## all tests; skips with a reason what the machine lacks
	$(IN_RASA)
	@echo "Story tests"
	@mkdir -p var
	@$(RASA_PYTHON) -W ignore -m rasa test core --stories tests/stories --out var/stories --model $(MODEL) \
		--fail-on-prediction-errors --no-plot >var/stories.log 2>&1 || { tail -n 40 var/stories.log; exit 1; }
	@grep -E "Correct: +[0-9]+ / [0-9]+" var/stories.log | head -n 1
	$(PYTHON) -m pytest tests/backend -q -n auto
	@# each worker attacks programs and a database of its own; what is left measures waits of tenths of a second
	$(PYTHON) -m pytest tests/security -q -n auto --dist loadfile --no-loadscope-reorder
	$(PYTHON) -m pytest $(addprefix tests/,$(AT_ONCE)) -q -n auto --dist loadfile --no-loadscope-reorder
	$(PYTHON) -m pytest tests -q $(foreach folder,assistant backend security $(AT_ONCE),--ignore=tests/$(folder))

prove: environments $(MODEL) ## the slow proofs: every failure, every topic, mutants, long random conversations
	$(IN_RASA) -m prove
	BACKEND_TESTS_ON=postgresql $(PYTHON) -m pytest tests/backend -q -n auto
	$(PYTHON) -m pytest tests -q --ignore=tests/assistant -m prove

train: environments ## train the model when it is older than its inputs
	@$(MAKE) --no-print-directory $(MODEL)

check: environments audit ## lint, types, `rasa data validate`, known vulnerabilities
	.venv/app/bin/ruff check .
	.venv/app/bin/ruff format --check .
	.venv/app/bin/mypy
	.venv/app/bin/mypy -p tests.fakes -p tests.hotline
	.venv/app/bin/yamllint -s .
	@# which responses are used, tests/assistant/test_data.py knows better: actions say most of them
	@set -o pipefail; $(RASA) data validate --data data --domain domain.yml 2>&1 | grep -v "is not used in any story or rule"

bench: environments $(MODEL) ## PROGRAM=assistant (beside `rasa init`, 12 min), backend (a million people, 15 min) or nlu (beside three engines, 40 min); BENCH=--quick, --publish
	@for program in $(or $(PROGRAM),assistant backend); do $(PYTHON) -m bench.$$program $(BENCH) || exit 1; done

pictures: environments $(MODEL) ## screenshots of every task's main moment into docs/images; PICTURES="reset register" takes only these
	@$(PYTHON) -m tests.browser.pictures $(PICTURES)

parse: environments $(MODEL) ## IN=lines.txt OUT=parsed.jsonl: one utterance a line in, one JSON a line out
	@$(RASA_PYTHON) -W ignore -m assistant parse $(MODEL) "$(IN)" "$(OUT)"

evaluate: environments $(MODEL) ## FILE=set.yml OUT=dir: scores a labelled file or folder; LIMITS=limits.yml makes it a gate
	@$(RASA_PYTHON) -W ignore -m assistant evaluate $(MODEL) "$(or $(FILE),tests/nlu/evaluation)" "$(or $(OUT),$(VAR)/evaluation)" \
		$(if $(LIMITS),--limits "$(LIMITS)")

forget: environments ## CONVERSATION=web:...: delete everything the assistant stores of one conversation
	@$(RASA_PYTHON) -W ignore -m assistant forget "$(CONVERSATION)"

zalo-tokens: environments ## ask for Zalo's first pair of tokens, as the API Explorer shows it, and keep it
	@$(RASA_PYTHON) -W ignore -m assistant zalo-tokens "$(VAR)/zalo_tokens.json"

audit: environments
	$(PYTHON) deploy/audit.py

environments: .venv/rasa/.done .venv/app/.done ## both Python environments

lock: $(UV) ## compile the locks anew from requirements/*.in
	$(UV) pip compile -q --upgrade --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements/rasa.in -o requirements/rasa.txt
	$(UV) pip compile -q --upgrade --python-version 3.12 --generate-hashes --no-emit-index-url --no-header requirements/app.in -o requirements/app.txt

$(UV):
	@echo "Setting up uv"
	@python3 -m venv .venv/uv && .venv/uv/bin/pip install -q uv

.venv/rasa/.done: requirements/rasa.txt | $(UV)
	@echo "Setting up Rasa's environment (Python 3.10)"
	@$(UV) venv -q --allow-existing --python 3.10 .venv/rasa
	@$(UV) pip sync -q --python $(RASA_PYTHON) --require-hashes requirements/rasa.txt
	@touch $@

.venv/app/.done: requirements/app.txt | $(UV)
	@echo "Setting up the environment of action server and backend (Python 3.12)"
	@$(UV) venv -q --allow-existing --python 3.12 .venv/app
	@$(UV) pip sync -q --python $(PYTHON) --require-hashes requirements/app.txt
	@touch $@

$(MODEL): $(MODEL_INPUTS) | .venv/rasa/.done
	@echo "Training the model (under a minute)"
	@mkdir -p models var
	@# --force: Rasa's cache knows a component's class, not the modules and tables that it uses
	@# --skip-validation: `make check` validates; here it would read everything once more
	@$(RASA_PYTHON) -m assistant train --force --skip-validation --domain domain.yml --data data --config config.yml --fixed-model-name assistant --out models >models/train.log 2>&1 \
		|| { tail -n 30 models/train.log; exit 1; }
	@touch $(MODEL)
