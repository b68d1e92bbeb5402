#!/usr/bin/env bash
# Makes .cache/python, a virtual environment with the unmodified Python client, unless it is there. Prints nothing when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=tools/python-requirements.txt
venv=.cache/python
if ! cmp -s "$requirements" "$venv/installed.txt"; then
  echo 'Installing the Python client into .cache/python …'
  rm -rf "$venv"
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$venv/installed.txt"
fi
