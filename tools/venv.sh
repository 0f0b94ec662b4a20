#!/bin/sh
# Makes .venv with the Python given, or says what the machine lacks.
set -eu

python=$1
version='import sys; sys.exit(sys.version_info < (3, 11))'

if ! command -v "$python" >/dev/null 2>&1; then
    echo "bihuan needs Python 3.11 or newer, and $python is not here: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c "$version"; then
    echo "bihuan needs Python 3.11 or newer; $python is $("$python" -V). Name another: make PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "Python's venv module is missing. As root: apt-get install python3-venv" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install --yes --no-install-recommends python3-venv
fi
# A virtual environment of a Python that has gone, or was upgraded, is of no use.
# In a folder that was moved, its commands still name the Python of the old place.
if ! .venv/bin/python -c "$version" >/dev/null 2>&1 || ! .venv/bin/pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv
fi
