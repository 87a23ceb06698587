PYTHON := .venv/bin/python
BENCH_DATA ?= ../shared/data
export BENCH_DATA
ADVISORIES := https://pypi.org/pypi/django/5.2/json

.PHONY: setup run test test-fast check bench pictures tools training lock audit

setup: ## The virtual environment; quick when it is there already
	@sh search_project/setup.sh requirements.txt

run: setup ## Everything, until Ctrl-C
	@exec $(PYTHON) manage.py up

training: setup ## What `manage.py train_reranker` needs beyond the product
	@sh search_project/setup.sh retrieval/training/requirements.txt

tools: setup
	@sh search_project/setup.sh tests/requirements.txt

test: tools ## All tests, also those in a real browser
	@sh tests/chromium.sh
	$(PYTHON) -m pytest --cov --cov-report= $(PYTEST)
	@echo "Lines and branches reached: $$($(PYTHON) -m coverage report --format=total) %"

test-fast: setup ## Without a model, a browser or processes: under a minute
	@sh search_project/setup.sh tests/requirements-fast.txt
	$(PYTHON) -m pytest --fast -n 2 $(PYTEST)

check: tools ## Format, lint, types, imports, settings, migrations, licences, known holes
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	@var=$$(mktemp -d) && trap 'rm -rf "$$var"' EXIT && export VAR_DIR="$$var" && \
	HTTPS=on DEBUG=off ALLOWED_HOSTS=search.example.org \
		$(PYTHON) manage.py check --deploy --fail-level WARNING && \
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON) -m tests.licences
	@if $(PYTHON) -c "import urllib.request as r; r.urlopen('$(ADVISORIES)', timeout=5)" 2>/dev/null; \
	then $(MAKE) --no-print-directory audit; \
	else echo "pip-audit is left out: the advisories of PyPI cannot be reached."; fi

audit: tools ## Known holes in the packages of the lock
	.venv/bin/pip-audit --strict --disable-pip --no-deps --require-hashes -r requirements.lock

lock: tools ## What each file of requirements leads to, with hashes; renewed by LOCK=--upgrade
	@sh search_project/lock.sh $(LOCK)

pictures: tools ## Renew docs/images, or with FOLDER=... every page, in both themes and two widths
	$(PYTHON) -m tests.browser.screenshots $(FOLDER)

bench: tools ## What docs/ says was measured, measured again here
	@$(PYTHON) -m tests.benchmarks
