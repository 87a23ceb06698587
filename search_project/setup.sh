#!/bin/sh
# Makes .venv and installs a file of requirements into it; does nothing when that is done already.
# Usage: sh search_project/setup.sh requirements.txt
set -eu

wanted=$1
venv=.venv
torch_index=https://download.pytorch.org/whl/cpu
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "Lantern needs Python 3.11 or newer with venv (on Debian and Ubuntu:" \
        "apt install python3-venv), and found none on this machine." >&2
    return 1
}

# Of the file and of those that it includes by "-r".
digest() {
    "$venv/bin/python" - "$1" <<'END'
import hashlib, pathlib, sys

def text(path):
    included = [line.split()[1] for line in path.read_text().splitlines() if line[:3] == "-r "]
    return path.read_text() + "".join(text(path.parent / name) for name in included)

print(hashlib.sha256((sys.version + text(pathlib.Path(sys.argv[1]))).encode()).hexdigest())
END
}

# A CPU build of torch: elsewhere than on PyTorch's own index the pin may bring gigabytes of CUDA.
install_torch() {
    "$venv/bin/python" -c 'import torch' 2>/dev/null && return
    pin=$(grep '^torch==' requirements.txt)
    if "$venv/bin/python" -c \
        "import urllib.request as r; r.urlopen('$torch_index/torch/', timeout=3)" 2>/dev/null; then
        "$venv/bin/python" -m pip install --quiet --no-deps --index-url "$torch_index" "$pin" ||
            echo "PyTorch's own index failed; the package index is asked instead." >&2
    fi
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making $venv with $python"
    "$python" -m venv --clear "$venv"
fi

stamp=$venv/.installed-$(echo "$wanted" | tr / -)
current=$(digest "$wanted")
if [ "$(cat "$stamp" 2>/dev/null)" = "$current" ]; then
    exit 0
fi

# The stamp comes last, so that an interrupted installation is taken up again.
echo "Installing the packages of $wanted (minutes, the first time)"
install_torch
if ! "$venv/bin/python" -m pip install --quiet -r "$wanted"; then
    echo "The packages of $wanted cannot be installed: the first time needs a network." >&2
    exit 1
fi
echo "$current" >"$stamp"
