#!/bin/sh
# Makes .venv and installs what a file of requirements leads to, as the lock beside it says; does
# nothing when that is done already.
# Usage: sh search_project/setup.sh requirements.txt
set -eu

wanted=$1
lock=${wanted%.txt}.lock
venv=.venv
torch=$(grep '^torch==' requirements.txt)
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

digest() {
    "$venv/bin/python" - "$lock" "$torch" <<'END'
import hashlib, pathlib, sys

text = sys.version + sys.argv[2] + pathlib.Path(sys.argv[1]).read_text()
print(hashlib.sha256(text.encode()).hexdigest())
END
}

# The lock names all that is needed, and pip takes no file whose hash is not in it.
install_locked() {
    "$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$lock"
}

has_torch() {
    "$venv/bin/python" - "$torch" 2>/dev/null <<'END'
import sys, torch

sys.exit("torch==" + torch.__version__.partition("+")[0] != sys.argv[1])
END
}

# A CPU build of torch: elsewhere than on PyTorch's own index the pin may bring gigabytes of CUDA.
# It is not in the lock, since each index has builds, and hashes, of its own.
install_torch() {
    if has_torch; then
        return
    fi
    if "$venv/bin/python" -c \
        "import urllib.request as r; r.urlopen('$torch_index/torch/', timeout=3)" 2>/dev/null; then
        if "$venv/bin/python" -m pip install --quiet --no-deps --index-url "$torch_index" "$torch"
        then
            return
        fi
        echo "PyTorch's own index failed; the package index is asked instead." >&2
    fi
    "$venv/bin/python" -m pip install --quiet "$torch"
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    echo "Making $venv with $python"
    "$python" -m venv --clear "$venv"
fi

stamp=$venv/.installed-$(echo "$wanted" | tr / -)
current=$(digest)
if [ "$(cat "$stamp" 2>/dev/null)" = "$current" ]; then
    exit 0
fi

# The stamp comes last, so that an interrupted installation is taken up again.
echo "Installing the packages of $wanted (minutes, the first time)"
if ! install_locked || ! install_torch; then
    echo "The packages of $wanted cannot be installed: the first time needs a network." >&2
    exit 1
fi
echo "$current" >"$stamp"
