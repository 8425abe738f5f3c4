# Shared by script/server, script/test and script/bench; POSIX sh, sourced from the project's folder.
# Finds a Python and hands over to script/bootstrap.py, which makes .venv and runs the module named in $1.

bootstrap() {
    # Paths and output are UTF-8 whatever the caller's locale says.
    PYTHONUTF8=1
    export PYTHONUTF8
    for candidate in python3.11 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            exec "$candidate" script/bootstrap.py "$@"
        fi
    done
    echo "claimtrack: Python 3.11 or newer is needed, and no python3.11 or python3 in PATH is one." >&2
    exit 1
}
