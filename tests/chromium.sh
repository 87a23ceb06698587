#!/bin/sh
# Makes sure that the browser tests have a Chromium, from the system's package manager.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo -n"
fi
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installing chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi

echo "The browser tests need Chromium: install your system's package chromium." >&2
if [ -n "${CI:-}" ]; then
    exit 1
fi
