#!/bin/bash
# Sees that the tests find PostgreSQL, Chromium and a Chinese font: root installs, others are told.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
# The browser without windows does the same for half the processor's time.
command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null ||
    missing+=(chromium-headless-shell)
compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk)

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "The tests need more than is installed. As root: apt-get install ${missing[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "${missing[@]}"
