"""Makes .venv, installs what a requirements file names, then becomes `python -m MODULE` inside it.

Standard library only: this runs before anything is installed. usage: bootstrap.py REQUIREMENTS MODULE [ARGUMENT…]
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Present while an install is under way; found at a start, it means that the install was cut short.
UNFINISHED = VENV / "claimtrack-unfinished"


def main(requirements: str, module: str, *arguments: str) -> None:
    # One install at a time: the lock is on the project's folder itself, and goes with this process.
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another start is installing; waiting for it.")
        fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        make(ROOT / requirements, folder)
    except OSError as error:
        sys.exit(f"claimtrack: cannot write {VENV} ({error.strerror or error}). Mend the owner or mode of {ROOT}.")
    os.close(folder)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


def make(requirements: Path, folder: int) -> None:
    """Bring .venv up to `requirements`. Does nothing, quickly, when it is."""
    wanted = fingerprint(requirements)
    stamp = VENV / f"claimtrack-{requirements.stem}"
    if stamp.exists() and stamp.read_text() == wanted and not UNFINISHED.exists() and works():
        return
    if UNFINISHED.exists() or (VENV.exists() and not works()):
        say("Removing a .venv that is unfinished or no longer works")
        remove(VENV)
    if not VENV.exists():
        say("Making .venv (first start only; about a minute)")
        VENV.mkdir()
        UNFINISHED.touch()
        make_venv(folder)
    UNFINISHED.touch()
    say(f"Installing {requirements.name}")
    install(requirements, folder)
    stamp.write_text(wanted)
    UNFINISHED.unlink()


def install(requirements: Path, folder: int) -> None:
    """pip with the caller's own configuration; one line per package, and everything when it fails."""
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "-r", requirements]
    said = []
    with running([str(part) for part in command], folder) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith("Collecting "):
                say("  " + line.split()[1])
            elif line.startswith("Installing collected"):
                say(f"  installing {line.count(',') + 1} packages")
        status = process.wait()
    if status != 0:
        print("\n".join(said[-40:]), file=sys.stderr)
        sys.exit(f"claimtrack: pip could not install {requirements.name}; its last lines are above.")


def fingerprint(requirements: Path) -> str:
    """Changes with the Python and with any file that says what to install, as one includes the other."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted({requirements, ROOT / "requirements.txt", ROOT / "constraints.txt"}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def works() -> bool:
    """Is there a Python in .venv that starts? (Not after its system Python was upgraded away.)"""
    try:
        return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv(folder: int) -> None:
    with running([sys.executable, "-m", "venv", str(VENV)], folder) as process:
        said, _ = process.communicate()
    if process.returncode != 0:
        print(said.strip(), file=sys.stderr)
        sys.exit("claimtrack: the virtual environment cannot be made (Debian: apt install python3-venv).")


@contextlib.contextmanager
def running(command: list[str], folder: int) -> Iterator[subprocess.Popen[str]]:
    """`command`, its output in one pipe. However the block is left, the process and all it started are gone."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[folder],  # the lock outlives us if we are killed and it is not
        process_group=0,  # venv runs ensurepip, which runs pip: a group ends as one
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def remove(directory: Path) -> None:
    """Delete it, even while a process that is just ending still writes there. Raises OSError after two seconds."""
    for attempt in range(10):
        try:
            return shutil.rmtree(directory)
        except OSError as error:
            if attempt == 9 or error.errno not in (errno.ENOTEMPTY, errno.ENOENT):
                raise
        time.sleep(0.2)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, lambda number, frame: sys.exit("claimtrack: stopped while installing."))
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("claimtrack: interrupted; the next start begins the install anew.")
