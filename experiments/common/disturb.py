"""What the trials of reliability share: trees and what is left over in them, processes and their end, rights."""

import contextlib
import hashlib
import os
import pathlib
import subprocess


def tree(folder):
    """Hashes by path, without records and temporary files."""
    files = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".augment/") and not path.name.startswith(".augment-"):
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return files


def temporaries(folder):
    return [path for path in folder.rglob(".augment-*") if path.is_file()]


def children(pid):
    with contextlib.suppress(OSError):
        return [
            int(word) for thread in pathlib.Path(f"/proc/{pid}/task").iterdir()
            for word in (thread / "children").read_text().split()]  # fmt: skip
    return []


def family(pid):
    """A process and all that it has started, itself or through them."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def command_line(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def kill(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def may_mount(work):
    disk = work / "try"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True).returncode:
        return False
    return subprocess.run(["umount", disk]).returncode == 0
