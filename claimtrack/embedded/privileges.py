"""Running PostgreSQL as somebody else than root, who it refuses to serve.

The account is an existing one and no mode outside the data directory changes. When that account may not enter the
folders on the way (a clone below /root, say), the process keeps one capability: to pass through them.
"""

import contextlib
import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from claimtrack.embedded.errors import Failure

# linux/prctl.h and linux/capability.h
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """Who a process runs as. `capability` is kept across the change of user; None keeps none."""

    uid: int
    gid: int
    capability: int | None = None


def choose_account(data: Path, binary: Path, must_reach: Sequence[Path]) -> Account | None:
    """The account PostgreSQL runs as: None (stay who we are) for ordinary users.

    As root: the owner of an existing cluster in `data`, else `postgres` or `nobody`, with the least capability that
    lets it run `binary` and enter `must_reach`. Raises Failure when nothing does.
    """
    if os.geteuid() != 0:
        return None
    account = _owner(data) or _by_name("postgres") or _by_name("nobody") or Account(65534, 65534)
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        candidate = replace(account, capability=capability)
        if _can_reach(candidate, binary, must_reach):
            return candidate
    raise Failure(
        f"PostgreSQL refuses to run as root, and user id {account.uid} cannot reach {binary}. "
        "Start as an ordinary user, or set DATABASE_URL."
    )


def _owner(data: Path) -> Account | None:
    with contextlib.suppress(OSError):
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    return None


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _can_reach(account: Account, binary: Path, must_reach: Sequence[Path]) -> bool:
    def enter() -> None:
        become(account)
        # access(2) is also what PostgreSQL's programs ask about each other.
        if not os.access(binary, os.R_OK | os.X_OK):
            raise PermissionError(binary)
        for path in must_reach:
            os.stat(path / "." if path.is_dir() else path)
            if not path.is_dir():
                path.open("rb").close()

    try:
        done = subprocess.run([binary, "--version"], preexec_fn=enter, capture_output=True, cwd="/", check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def become(account: Account) -> None:
    """Change to `account` for good. For use between fork and exec. Raises OSError."""
    if account.capability is not None:
        # Keeps capabilities across the change of user, and lets access(2), which PostgreSQL asks, honour them.
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)
    if account.capability is not None:
        _keep_only(account.capability)
        # Ambient capabilities survive the exec of an ordinary file.
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, account.capability)


def dies_with_parent(signal_number: int, account: Account | None = None) -> Callable[[], None]:
    """A preexec function: become `account`, then get `signal_number` when the parent dies, however it dies."""
    parent = os.getpid()

    def prepare() -> None:
        if account is not None:
            become(account)
        # After the change of user, which clears it.
        _prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *padded) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; then the upper halves
    if _libc.capset(header, sets) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
