"""Whole runs on a LocalCluster, with the stub in place of augment-cli."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
STUB = HERE / "stub_cli.py"
SHARDS = 12


class Local(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        self.input, self.output = self.work / "in", self.work / "out"
        self.input.mkdir()
        for number in range(30):
            (self.input / f"{number:02}.txt").write_text(f"image {number}")

    def command(self, *options, shards=SHARDS):
        own = ["--local", "2", "--program", STUB, "--shards", shards, "--json", *options]
        words = [sys.executable, "-m", "augment_cluster", "run", *own, "--", "augment", self.input, self.output]
        return list(map(str, words))

    def start(self, *options, stub="", **more):
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "STUB": stub, **more}
        return subprocess.Popen(
            self.command(*options), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL)

    def ended(self, run):
        text, self.errors = run.communicate(timeout=120)
        return run.returncode, json.loads(text) if text.strip() else {}

    def run_all(self, *options, **more):
        return self.ended(self.start(*options, **more))

    def starts(self):
        path = self.output / ".augment/stub-starts"
        return [tuple(map(int, line.split())) for line in path.read_text().splitlines()] if path.exists() else []

    def wait_for_starts(self, count):
        until = time.monotonic() + 60
        while len(self.starts()) < count:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)

    def wait_until_none_runs(self):
        until = time.monotonic() + 20
        while any(os.path.exists(f"/proc/{pid}") for _, pid in self.starts()):
            self.assertLess(time.monotonic(), until, "a program goes on")
            time.sleep(0.05)

    def test_all_is_done_and_then_nothing(self):
        status, said = self.run_all()
        self.assertEqual((status, said["images"], said["shardsRun"], said["missing"]), (0, 30, SHARDS, []), self.errors)
        self.assertEqual(len(list(self.output.glob("*.txt"))), 30)
        status, said = self.run_all()
        self.assertEqual((status, said["images"], said["tasks"]), (0, 30, 0))
        self.assertEqual(len(self.starts()), SHARDS)

    def test_bad_images_are_counted(self):
        (self.input / "07.txt").write_text("bad")
        status, said = self.run_all()
        self.assertEqual((status, said["imagesFailed"], said["copies"], said["retries"]), (1, 1, 29, 0))

    def test_a_killed_shard_runs_again(self):
        status, said = self.run_all(stub="kill=5:2")
        self.assertEqual((status, said["retries"], said["shardsRun"]), (0, 2, SHARDS), self.errors)

    def test_what_never_succeeds_is_named(self):
        status, said = self.run_all("--attempts", "2", stub="status=5:75")
        self.assertEqual((status, said["missing"], said["shardsRun"]), (75, ["5"], SHARDS - 1), self.errors)
        self.assertIn("1 shards are missing: 5.", self.errors)
        self.assertIn("This goes on: python -m augment_cluster run --local 2", self.errors)

    def test_wrong_usage_stops(self):
        status, said = self.run_all(stub="status=*:64")
        self.assertEqual((status, said["shardsRun"]), (64, 0))
        self.assertIn("ends with 64", self.errors)
        self.assertLess(len(self.starts()), 6)

    def test_a_machine_that_cannot_is_said(self):
        cannot = self.work / "cannot"
        cannot.touch()
        status, said = self.run_all(stub=f"refuse-on={cannot}")
        self.assertEqual((status, said["shardsRun"]), (78, 0))
        self.assertIn("no node can do it: stub: this node cannot", self.errors)

    def test_another_plan_is_refused(self):
        self.run_all()
        status, _ = self.run_all(STUB_VERSION="2")
        self.assertEqual(status, 78)
        self.assertIn("another plan is there", self.errors)

    def test_a_missing_program_is_said(self):
        run = subprocess.run(
            [word if word != str(STUB) else "/nowhere/augment-cli" for word in self.command()], capture_output=True,
            text=True, env={**os.environ, "PYTHONPATH": str(HERE.parent)})
        self.assertEqual(run.returncode, 78)
        self.assertIn("/nowhere/augment-cli: No such file", run.stderr)

    def test_a_task_that_hangs_runs_again(self):
        status, said = self.run_all("--task-timeout", "2", stub="hang=3:1")
        self.assertEqual((status, said["retries"]), (0, 1), self.errors)
        self.wait_until_none_runs()

    def test_a_signal_ends_the_programs_and_the_next_run_goes_on(self):
        for number, status in [(signal.SIGTERM, 143), (signal.SIGINT, 130)]:
            run = self.start(stub="seconds=0.7")
            self.wait_for_starts(len(self.starts()) + 3)
            begin = time.monotonic()
            run.send_signal(number)
            self.assertEqual(self.ended(run)[0], status, self.errors)
            self.assertLess(time.monotonic() - begin, 15)
            self.assertIn("This goes on: ", self.errors)
            self.assertNotIn("Traceback", self.errors)
            self.wait_until_none_runs()
        done = len(list((self.output / ".augment/shards").iterdir()))
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"]), (0, SHARDS - done))

    def test_a_killed_driver_leaves_no_program_and_the_next_run_goes_on(self):
        run = self.start(stub="seconds=0.5")
        self.wait_for_starts(4)
        run.kill()
        self.assertEqual(run.wait(), -signal.SIGKILL)
        self.wait_until_none_runs()
        done = len(list((self.output / ".augment/shards").iterdir()))
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"]), (0, SHARDS - done), self.errors)
        run.stdout.close()
        run.stderr.close()


if __name__ == "__main__":
    unittest.main()
