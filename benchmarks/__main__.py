"""`script/bench [name…] [--option…]`: every benchmark here, or the ones named, each with a throw-away database.

Options go to every benchmark that runs.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from itertools import dropwhile
from pathlib import Path
from types import FrameType

from claimtrack import env
from claimtrack.embedded import cluster
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home

MODULES = [path for path in sorted(Path(__file__).parent.glob("*.py")) if not path.name.startswith("_")]
NAMES = [path.stem for path in MODULES if "\ndef main(" in path.read_text()]


def main(arguments: list[str]) -> int:
    options = list(dropwhile(lambda word: not word.startswith("-"), arguments))
    names = arguments[: len(arguments) - len(options)]
    if unknown := sorted(set(names) - set(NAMES)):
        print(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    os.chdir(env.ROOT)
    return max(_run(name, options) for name in names or NAMES)


def _run(name: str, options: list[str]) -> int:
    """One benchmark in an empty cluster of its own; its exit status."""
    folder = Path(tempfile.mkdtemp(prefix="claimtrack-bench-"))
    # PostgreSQL's account, when we are root, must pass through it.
    folder.chmod(0o711)
    (folder / "tmp").mkdir()
    environment = os.environ | {
        "CLAIMTRACK_DATA_DIR": str(folder / "var"),
        "CLAIMTRACK_DEMO": "0",
        "DATABASE_URL": "",
        # What a benchmark that is killed leaves lying goes with our folder.
        "TMPDIR": str(folder / "tmp"),
    }
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    try:
        with cluster.running(Home(folder / "var"), may_create=True):
            return subprocess.run(command, env=environment, check=False).returncode
    except Failure as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stop(_: int, __: FrameType | None) -> None:
    sys.exit(1)


if __name__ == "__main__":
    # As Ctrl-C does: everything is stopped and removed on the way out.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main(sys.argv[1:]))
