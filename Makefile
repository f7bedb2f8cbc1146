# Every target makes the environment in .venv first, if it is missing or older than the lock.
#
#   make serve PYTHON=python3.13                                        another Python than python3
#   make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu         PyTorch without CUDA (Linux)
#   make serve ADDR=0.0.0.0:9000                                        another address
#   make test JOBS=1                                                    one test at a time
#
# Both PYTHON and TORCH_INDEX count when .venv is made. To change them later: rm -rf .venv

PYTHON ?= python3
TORCH_INDEX ?=
ADDR ?= 127.0.0.1:8000
UV ?= uv
# How many processes test at once: one a core. Each takes 1 to 2 GB of memory.
JOBS ?= auto

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
STAMP := .venv/.installed
FRAMEWORKS := $(BIN)/.frameworks
JUPYTER := $(BIN)/.jupyter
NODE := node_modules/.package-lock.json
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'

# The stamp holds the folder that .venv was made in: a copied or moved .venv still runs the old one's
# scripts. Empty if there is no stamp, if it names another folder, or if .venv's Python is gone.
MADE_HERE := $(shell { [ "$$(cat $(STAMP))" = "$$(pwd -P)" ] && $(BIN)/python -c ''; } 2>/dev/null && echo yes)

# Material for MkDocs prints a page about MkDocs 2 at every start; mkdocs<2 is pinned.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve build test test-all mutations bench audit lint format font picture lock clean FORCE
.DEFAULT_GOAL := help

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(STAMP) ## show the site while you edit it, at http://127.0.0.1:8000
	$(BIN)/python -m tools.preview --address $(ADDR)

build: $(STAMP) ## build the site into site/, with its pictures and notebooks, and check every page
	$(BIN)/python -m tools.build

test: $(STAMP) ## run the quick tests: no browser, no notebooks
	$(BIN)/python -m pytest --numprocesses $(JOBS)

test-all: $(FRAMEWORKS) ## run all tests: slow ones, browser and notebooks, Keras and Flax too
	$(BIN)/python -m pytest --numprocesses $(JOBS) -m ''

mutations: $(STAMP) ## break the lecture in every way of a list, and report what the tests do not notice
	$(BIN)/python -m lecture_code.evidence.mutations

# One part alone: make bench PART=growth (cells, products, pages, jupyter, growth or serve).
ROUNDS ?= 3
PART ?=

bench: $(JUPYTER) ## measure cells against PyTorch's, and the site's build and preview
	$(BIN)/python -m bench.bench --rounds $(ROUNDS) $(PART)

# Where other programs slow the machine down: make audit PERFORMANCE=95 RUNS=5. A page that is too slow is
# then judged again, up to five times, and its best run counts.
PERFORMANCE ?= 98
RUNS ?= 1

audit: build $(NODE) ## measure the site's speed, weight and accessibility (needs Chromium and npm)
	$(BIN)/python -m tools.audit site --performance $(PERFORMANCE) --runs $(RUNS)

lint: $(STAMP) ## check the style, which room may import which, and the types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

format: $(STAMP) ## put the style right
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

font: $(STAMP) ## make the mathematics font again
	$(BIN)/python -m tools.font

picture: build ## take the README's picture again (needs Chromium)
	$(BIN)/python -m tools.picture site

# What PyTorch asks for on Linux only for CUDA. requirements-torch.txt brings it, the lock must not.
CUDA := triton cuda-bindings cuda-toolkit nvidia-cudnn-cu13 nvidia-cusparselt-cu13 nvidia-nccl-cu13 \
	nvidia-nvshmem-cu13

lock: ## pin the dependencies again (needs uv; UPGRADE=--upgrade takes newer versions)
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv (pip install uv); or UV=/path/to/uv' >&2; exit 1; }
	printf '%s\n' $(CUDA) | UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile --quiet \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group dev pyproject.toml --constraints requirements-torch.txt --excludes - \
		--no-emit-package torch $(UPGRADE) --output-file requirements.txt
	printf '%s\n' $(CUDA) | UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile --quiet \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group frameworks --constraints requirements.txt --constraints requirements-torch.txt \
		--excludes - --no-emit-package torch $(UPGRADE) --output-file requirements-frameworks.txt
	printf '%s\n' $(CUDA) | UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile --quiet \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group bench --constraints requirements.txt --constraints requirements-torch.txt \
		--excludes - --no-emit-package torch $(UPGRADE) --output-file requirements-bench.txt

# Keras, Flax and JAX, beside what is pinned.
$(FRAMEWORKS): requirements-frameworks.txt $(STAMP)
	$(PIP) install --quiet --require-hashes -r requirements-frameworks.txt
	@touch $@

# mkdocs-jupyter, which the benchmark compares the build with.
$(JUPYTER): requirements-bench.txt $(STAMP)
	$(PIP) install --quiet --require-hashes -r requirements-bench.txt
	@touch $@

# What looks at the built site in a browser: axe-core and Lighthouse.
$(NODE): package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

clean: ## remove what was built (not .venv, not node_modules)
	rm -rf site .site.* .cache .hypothesis .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# THE ENVIRONMENT. One that was cut off while it was made, or that was moved here, is made afresh. One
# that was made by hand is never removed: it gets what the lock asks for and keeps what else it has.
$(STAMP): requirements.txt requirements-torch.txt pyproject.toml $(if $(MADE_HERE),,FORCE)
	@if [ ! -e .venv ] || [ -e .venv/.unfinished ] || [ -s $(STAMP) -a -z '$(MADE_HERE)' ]; then \
		$(PYTHON) $(IS_NEW_ENOUGH) 2>/dev/null || { \
			echo "'$(PYTHON)' is not Python 3.11 or newer ($$($(PYTHON) --version 2>&1))." >&2; \
			echo 'Install one and name it: make PYTHON=python3.13 ...' >&2; exit 1; }; \
		echo "Making .venv with $$($(PYTHON) --version): a minute or two, this once."; \
		rm -rf .venv && mkdir .venv && touch .venv/.unfinished && $(PYTHON) -m venv .venv; \
	fi
	@$(BIN)/python $(IS_NEW_ENOUGH) && { $(PIP) --version || $(BIN)/python -m ensurepip; } >/dev/null 2>&1 || { \
		echo '.venv has no Python 3.11 or newer with pip. Remove it, and run make again: rm -rf .venv' >&2; \
		exit 1; }
	@echo '1 of 3: the packages of requirements.txt, a dot for each one that is fetched'
	@{ $(PIP) install --require-hashes -r requirements.txt || echo FAILED; } | { bad=0; \
		while read -r word rest; do case $$word in \
			Collecting) printf . ;; \
			Installing) printf '\ninstalling them' ;; \
			FAILED) bad=1 ;; \
		esac; done; echo; exit $$bad; }
	@echo '2 of 3: PyTorch'
	@[ "$$(uname -s)" != Linux ] || [ -n '$(TORCH_INDEX)' ] || echo 'If this fetches gigabytes of CUDA: stop' \
		'it, and see TORCH_INDEX at the top of the Makefile.'
	@$(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) -r requirements-torch.txt
	@echo '3 of 3: this package'
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@rm -f .venv/.unfinished
	@pwd -P >$(STAMP)
