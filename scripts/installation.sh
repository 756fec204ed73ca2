# What scripts/dev and scripts/test have in common: a virtual environment in .venv with what a lock names.
# Sourced, with $root set. Says what it does on standard error, and does nothing when nothing has changed.
# shellcheck shell=sh

venv=${root:?is set by the script that sources this}/.venv

say() {
    echo "$*" >&2
}

die() {
    echo "Roost: $*" >&2
    exit 1
}

new_enough() {  # PYTHON
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed and was not found: install it, or set PYTHON to where it is"
}

apt_install() {  # PACKAGE… (as root)
    say "Installing $* by apt-get"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } >/dev/null
}

is_root_with_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Debian has `python3 -m venv` in a package of its own.
make_venv() {  # PYTHON
    say "Making a virtual environment in .venv"
    "$1" -m venv "$venv" >/dev/null 2>&1 && return
    rm -rf "$venv"
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if command -v uv >/dev/null && uv venv --quiet --seed --python "$1" "$venv"; then
        return
    fi
    is_root_with_apt || die "Python's venv module is missing: install it (on Debian and Ubuntu: sudo apt install $package)"
    apt_install "$package" || die "could not install $package"
    "$1" -m venv "$venv" || die "could not make a virtual environment in $venv"
}

ensure_venv() {
    if [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python"; then
        return
    fi
    [ ! -e "$venv" ] || [ -e "$venv/pyvenv.cfg" ] || die "$venv is in the way: it is no virtual environment"
    rm -rf "$venv"
    python=$(find_python)
    make_venv "$python"
}

fingerprint() {  # LOCK
    cksum <"$root/requirements/$1.txt"
}

is_installed() {  # LOCK
    [ "$(cat "$venv/.roost-$1" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

pip_install() {  # LOCK
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null || return 1
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        -r "$root/requirements/$1.txt"
}

uv_install() {  # LOCK
    UV_HTTP_TIMEOUT=${UV_HTTP_TIMEOUT:-180} "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" \
        --require-hashes -r "$root/requirements/$1.txt"
}

# uv is many times quicker; pip, which knows this machine's mirrors and certificates, is the way when it cannot.
install_lock() {  # LOCK MESSAGE
    ensure_venv
    is_installed "$1" && return
    say "$2"
    if ! is_installed installer && pip_install installer; then
        fingerprint installer >"$venv/.roost-installer"
    fi
    uv_install "$1" || pip_install "$1" || die "could not install requirements/$1.txt: see the lines above"
    fingerprint "$1" >"$venv/.roost-$1"
}

has_node() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'process.exit(process.versions.node.split(".")[0] < 22)' 2>/dev/null
}

install_node() {
    has_node || install_lock node "Installing Node.js into .venv"
}
