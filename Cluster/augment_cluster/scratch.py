"""A folder for the time of a process, made and locked as augment-cli makes its own."""

import contextlib
import fcntl
import os
import shutil
import socket
import stat
import tempfile

PREFIX = "augment-"


class ScratchFolder:
    """A killed process leaves it; the next one that is made beside it, here or by augment-cli, removes it."""

    def __init__(self) -> None:
        parent, suffix = tempfile.gettempdir(), f".{socket.gethostname()}"
        remove_abandoned(parent, suffix)
        while True:
            self.name = tempfile.mkdtemp(prefix=f"{PREFIX}driver-{os.getpid()}-", suffix=suffix, dir=parent)
            # Before it was locked, another process may have taken it for abandoned.
            with contextlib.suppress(FileNotFoundError):
                self.lock = locked(self.name, fcntl.LOCK_SH)
                if os.fstat(self.lock).st_nlink > 0:
                    return
                os.close(self.lock)

    def remove(self) -> None:
        # A thread may still write there.
        shutil.rmtree(self.name, ignore_errors=True)
        os.close(self.lock)


def locked(path: str, operation: int) -> int:
    """The descriptor that holds the lock; no process that is started inherits it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, operation)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def remove_abandoned(parent: str, suffix: str) -> None:
    """Those of this user on this machine: where many share a folder, locks may not tell one of the others."""
    try:
        entries = list(os.scandir(parent))
    except OSError:  # it may be writable and not readable
        return
    for entry in entries:
        if not entry.name.startswith(PREFIX) or not entry.name.endswith(suffix):
            continue
        # The lock is somebody's, the folder is gone, or it is of another user.
        with contextlib.suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
                continue
            descriptor = locked(entry.path, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                shutil.rmtree(entry.path, ignore_errors=True)
            finally:
                os.close(descriptor)
