#!/bin/sh
# Writes the lock beside each file of requirements: every package that it leads to, with the hashes
# of the package index; [tool.uv.pip] in pyproject.toml says how. What is locked stays as it is
# unless a file asks for another version; --upgrade renews the rest.
set -eu

uv=.venv/bin/uv
"$uv" pip compile --quiet "$@" requirements.txt --output-file requirements.lock
for file in tests/requirements-fast tests/requirements retrieval/training/requirements; do
    "$uv" pip compile --quiet "$@" --constraints requirements.lock \
        "$file.txt" --output-file "$file.lock"
done
