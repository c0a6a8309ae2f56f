# One short verb for each habit. Only Python 3.11+, make and a package index are needed.
PYTHON ?= python3
BIN := .venv/bin
SEED := examples/china-to-hit-back-over-us-tech-blacklist.txt
SHARED ?= ../shared

.PHONY: demo test golden lint format train fuzz bench docs notebooks lock sbom clean

demo: .venv/.runtime
	$(BIN)/kg build $(SEED) --date 2019-10-08
	@$(BIN)/kg export --format all -o exports

test: .venv/.dev
	$(BIN)/python -m pytest

# Rewrites the kept triples of twelve small texts; look at the difference before it is committed.
golden: .venv/.dev
	$(BIN)/python -m tests.golden

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLR0917 .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate -q kg
	$(BIN)/vulture
	@if command -v npx >/dev/null; then npx --yes @biomejs/biome@2.6.8 lint --error-on-warnings; \
	else echo "npx is not here: the explorer's JavaScript and CSS are not linted"; fi

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: .venv/.dev
	$(BIN)/python training/train.py --shared $(SHARED)
	$(BIN)/python -m training.relations --shared $(SHARED)

# Bounded by FUZZ_MINUTES (5).
fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz

bench: .venv/.dev
	$(BIN)/python benchmarks/run.py --page docs/performance.md

docs: .venv/.dev
	$(BIN)/mkdocs build --strict

notebooks: .venv/.dev
	$(BIN)/python notebooks/run.py

# The one step that resolves versions anew; everything else installs exactly what it wrote.
lock: .venv/.runtime
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras --group dev pyproject.toml -o requirements-dev.lock
	printf 'hatchling\neditables\n' | $(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-emit-index-url --no-header -c requirements-dev.lock - -o requirements-build.lock

# What is installed and vendored, with hashes and licences (CycloneDX).
sbom:
	$(PYTHON) supply/sbom.py > sbom.json

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements.lock requirements-build.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf .venv build dist site .pytest_cache .mypy_cache .ruff_cache
