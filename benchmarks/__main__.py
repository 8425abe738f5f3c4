"""`script/bench [name…]`: a throw-away database, then every benchmark here, or the ones named."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from claimtrack import env
from claimtrack.embedded import cluster
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home

MODULES = [path for path in sorted(Path(__file__).parent.glob("*.py")) if not path.name.startswith("_")]
NAMES = [path.stem for path in MODULES if "\ndef main(" in path.read_text()]


def main(names: list[str]) -> int:
    if unknown := sorted(set(names) - set(NAMES)):
        print(f"No benchmark is called {', '.join(unknown)}; there are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    os.chdir(env.ROOT)
    folder = Path(tempfile.mkdtemp(prefix="claimtrack-bench-"))
    # PostgreSQL's account, when we are root, must pass through it.
    folder.chmod(0o711)
    environment = os.environ | {"CLAIMTRACK_DATA_DIR": str(folder / "var"), "CLAIMTRACK_DEMO": "0", "DATABASE_URL": ""}
    try:
        with cluster.running(Home(folder / "var"), may_create=True):
            return max(
                subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], env=environment, check=False).returncode
                for name in names or NAMES
            )
    except Failure as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
