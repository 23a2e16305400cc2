"""Scratch folders: a process removes its own, and those that killed ones have left."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from augment_cluster.scratch import ScratchFolder

HERE = Path(__file__).resolve().parent
HOLDER = """
import pathlib, sys, time
from augment_cluster.scratch import ScratchFolder
folder = ScratchFolder()
pathlib.Path(folder.name, "image.jpg").touch()
print(folder.name, flush=True)
time.sleep(60)
"""


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.parent = Path(folder.name)
        patch = mock.patch("tempfile.gettempdir", return_value=folder.name)
        patch.start()
        self.addCleanup(patch.stop)

    def names(self):
        return {path.name for path in self.parent.iterdir()}

    def test_that_of_a_live_process_stays_and_that_of_a_killed_one_goes(self):
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(self.parent), "PYTHONPATH": str(HERE.parent)})  # fmt: skip
        with holder:
            other = Path(holder.stdout.readline().strip())
            first = ScratchFolder()
            self.assertTrue((other / "image.jpg").exists())
            holder.send_signal(signal.SIGKILL)
            holder.wait()
        second = ScratchFolder()
        self.assertEqual(self.names(), {Path(first.name).name, Path(second.name).name})
        for folder in first, second:
            folder.remove()
        self.assertEqual(self.names(), set())

    def test_links_and_folders_of_others_stay(self):
        host = os.uname().nodename
        target = self.parent / "target"
        target.mkdir()
        (self.parent / f"augment-driver-1-a.{host}").symlink_to(target)
        (self.parent / f"augment-driver-1-b.{host}").touch()
        (self.parent / f"augment-driver-1-c.{host}.other").mkdir()
        (self.parent / f"other-driver-1-d.{host}").mkdir()
        before = self.names()
        folder = ScratchFolder()
        folder.remove()
        self.assertEqual(self.names(), before)
