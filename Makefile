# make run    set up, then train on parallel pairs of the built-in corpus and show all 42 directions
# make test   set up, then lint, type-check and test
# make setup  only set up .venv from requirements.lock; seconds where nothing has changed
# make lock   resolve setup.cfg anew into requirements.lock

PYTHON ?= python3
UV := .venv/bin/uv
BIN := .venv/bin

.PHONY: run test setup lint check lock toolchains clean

run: setup
	$(BIN)/python experiments/run.py --mix parallel

test: lint check

setup: .venv/.complete

# uv comes from the package index too, into the same environment. `uv pip` reads UV_TORCH_BACKEND, see README.md.
# Compiled, since some machines keep Python from writing bytecode: each process would compile torch and lightning anew.
.venv/.complete: requirements.lock setup.cfg pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(UV) || $(BIN)/python -m pip install --quiet uv
	VIRTUAL_ENV=.venv $(UV) pip sync --quiet --compile-bytecode requirements.lock
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --editable .
	touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: setup
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lock:
	VIRTUAL_ENV=.venv $(UV) pip compile --quiet --python-version 3.11 --extra test --extra hf --no-annotate --output-file requirements.lock requirements.in setup.cfg

toolchains: setup
	./data_prep/toolchains.sh

clean:
	rm -rf .venv .toolchains
