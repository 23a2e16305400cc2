"""Whole runs of augment-cli on a LocalCluster, with INPUT and OUTPUT in an object store of this machine."""

import functools
import http.server
import io
import itertools
import json
import os
import pathlib
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest

from tests.object_store import BUCKET, FORBIDDEN, SLOW_DOWN, WHY_NOT, ObjectStore

HERE = pathlib.Path(__file__).resolve().parent
CLI = pathlib.Path(os.environ.get("AUGMENT_CLI", HERE.parent.parent / ".build/release/augment-cli"))
SHARDS = 6
# Long enough for a busy machine: a run that hangs fails.
PATIENCE = 240


@unittest.skipIf(WHY_NOT, WHY_NOT)
@unittest.skipUnless(CLI.exists(), f"no {CLI}: make build builds it")
class Stored(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.input = cls.work / "in"
        for place, count in [("", 9), ("a folder", 3), ("a folder/é/+%41#?", 2)]:
            generate = [CLI, "generate", cls.input / place, "--images", str(count), "--size", "48x32"]
            subprocess.run(generate, check=True, capture_output=True)
        damaged = sorted((cls.input / "a folder").glob("*.jpg"))[1]
        damaged.write_bytes(damaged.read_bytes()[:300])
        whole = cls.work / "whole"
        ended = subprocess.run([CLI, "augment", cls.input, whole, "--copies", "2"], capture_output=True)
        assert ended.returncode == 1, ended.stderr
        cls.reference = tree(whole)

    def setUp(self):
        self.store = ObjectStore()
        self.addCleanup(self.store.close)
        self.store.upload(self.input, "in")
        self.scratch = self.work / self.id()
        self.scratch.mkdir()

    def start(
        self, source=f"s3://{BUCKET}/in", target=f"s3://{BUCKET}/out", *options, job=(), shards=SHARDS, **environment
    ):
        own = ["--local", "2", "--program", CLI, "--shards", shards, "--json", *options]
        command = ["augment", source, target, "--copies", "2", *job]
        words = [sys.executable, "-m", "augment_cluster", "run", *own, "--", *command]
        environment = {
            **os.environ, "PYTHONPATH": str(HERE.parent), "TMPDIR": str(self.scratch), **self.store.environment,
            **environment}  # fmt: skip
        return subprocess.Popen(
            list(map(str, words)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            stdin=subprocess.DEVNULL)

    def ended(self, run):
        text, self.errors = run.communicate(timeout=PATIENCE)
        self.assertNotIn("Traceback", self.errors)
        return run.returncode, json.loads(text) if text.strip() else {}

    def run_all(self, *arguments, **more):
        return self.ended(self.start(*arguments, **more))

    def assert_whole(self):
        self.assertEqual(self.store.tree("out"), self.reference)
        self.assertIn(".augment/index.json", self.store.names("out"))
        self.assert_scratch_is_empty()

    def assert_scratch_is_empty(self):
        left = [path for path in self.scratch.rglob("*") if path.suffix in (".jpg", ".zst") or path.name == "plan.json"]
        self.assertEqual(left, [])

    # Without faults

    def test_tars_become_the_tars_that_local_runs_make(self):
        tars, expected = self.scratch / "tars", {}
        tars.mkdir()
        for name, folder in [("a.tar", self.input / "a folder"), ("b.tgz", self.input)]:
            with tarfile.open(tars / name, "w:gz" if name.endswith("gz") else "w") as tar:
                for path in sorted(folder.glob("*.jpg")):
                    tar.add(path, path.name)
            target = self.scratch / "local" / f"{name[0]}.tar"
            subprocess.run([CLI, "augment", tars / name, target, "--tar", "--copies", "2"], capture_output=True)
            expected[target.name] = target.read_bytes()
        (tars / "readme.md").write_text("no tar\n")
        self.store.upload(tars, "tars")
        status, said = self.run_all(f"s3://{BUCKET}/tars", job=["--tar"])
        self.assertEqual((status, said["shardsRun"]), (1, SHARDS), self.errors)
        self.assertEqual(self.store.tree("out"), expected)
        self.assert_scratch_is_empty()

    def test_images_of_a_shard_become_a_tar(self):
        status, said = self.run_all(job=["--tar"])
        self.assertEqual((status, said["shardsRun"], said["imagesFailed"]), (1, SHARDS, 1), self.errors)
        tars, found = self.store.tree("out"), {}
        self.assertEqual(sorted(tars), [f"000/{shard:05}.tar" for shard in range(SHARDS)])
        for content in tars.values():
            with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                found |= {entry.name: tar.extractfile(entry).read() for entry in tar}
        self.assertEqual(found, self.reference)
        self.assert_scratch_is_empty()

    def test_the_tree_is_that_of_a_local_run_and_nothing_is_done_twice(self):
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"], said["imagesFailed"]), (1, SHARDS, 1), self.errors)
        self.assertEqual(len(said["failures"]), 1)
        self.assert_whole()
        puts = self.store.puts("out")
        self.assertEqual(puts[-1], ".augment/index.json")
        for shard in range(SHARDS):
            self.assertEqual(puts.count(f".augment/shards/000/{shard:05}.jsonl.zst"), 1)
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"], said["copies"]), (1, 0, len(self.reference)), self.errors)
        self.assertEqual(self.store.puts("out")[len(puts) :], [".augment/index.json"])

    def test_input_alone_may_be_in_a_store(self):
        target = self.work / "from-store"
        status, said = self.run_all(target=target)
        self.assertEqual((status, said["shardsRun"]), (1, SHARDS), self.errors)
        self.assertEqual(tree(target), self.reference)
        verified = subprocess.run([CLI, "verify", target, "--full"], capture_output=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_output_alone_may_be_in_a_store(self):
        status, said = self.run_all(source=self.input)
        self.assertEqual((status, said["shardsRun"]), (1, SHARDS), self.errors)
        self.assert_whole()

    def test_images_come_from_a_web_server(self):
        handler = functools.partial(Quiet, directory=self.input)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        status, _ = self.run_all(source=f"http://127.0.0.1:{server.server_port}")
        self.assertEqual(status, 1, self.errors)
        self.assert_whole()

    def test_files_behind_a_url_are_staged_as_well(self):
        status, _ = self.run_all(source=f"file://{self.input}", target=f"file://{self.work}/by-url")
        self.assertEqual(status, 1, self.errors)
        self.assertEqual(tree(self.work / "by-url"), self.reference)

    def test_more_shards_than_images_are_done(self):
        self.store.upload(self.input / "a folder/é", "few")
        status, said = self.run_all(f"s3://{BUCKET}/few")
        self.assertEqual((status, said["images"], said["shardsRun"]), (0, 2, SHARDS), self.errors)

    # Damage and other people

    def test_a_shard_whose_output_is_gone_is_done_again(self):
        self.run_all()
        self.store.files.rm_file(f"{BUCKET}/out/{next(iter(self.reference))}")
        manifests = {name: self.store.files.cat_file(f"{BUCKET}/out/{name}") for name in self.store.manifests("out")}
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"]), (1, 1), self.errors)
        self.assert_whole()
        for name, content in manifests.items():
            self.assertEqual(self.store.files.cat_file(f"{BUCKET}/out/{name}"), content)

    def test_a_damaged_manifest_is_as_none(self):
        self.run_all()
        self.store.files.pipe_file(f"{BUCKET}/out/.augment/shards/000/00002.jsonl.zst", b"damaged")
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"]), (1, 1), self.errors)
        self.assert_whole()

    def test_an_image_that_is_gone_costs_no_other(self):
        gone = []

        def remove_after_the_plan(method, key):
            if method == "PUT" and key == "out/.augment/plan.json":
                gone.append(True)
            return MISSING if gone and key.startswith("in/a folder/é") and key.endswith("0.jpg") else None

        self.store.fault = remove_after_the_plan
        status, said = self.run_all()
        self.assertEqual((status, said["imagesFailed"], said["missing"]), (1, 2, []), self.errors)

    def test_another_plan_is_refused(self):
        self.run_all()
        for job, sentence in [(("--seed", "7"), "--seed was"), ((), "the list of images has changed")]:
            if not job:
                self.store.files.rm_file(f"{BUCKET}/in/{self.store.names('in')[0]}")
            status, _ = self.run_all(job=job)
            self.assertEqual(status, 2)
            self.assertIn(f"s3://{BUCKET}/out has another plan: {sentence}", self.errors)
            self.assertNotIn("This goes on", self.errors)
        self.assertEqual(self.store.tree("out"), self.reference)

    def test_a_folder_that_holds_something_else_is_refused(self):
        self.store.files.pipe_file(f"{BUCKET}/out/thesis.doc", b"1")
        status, _ = self.run_all()
        self.assertEqual(status, 2)
        self.assertIn(f"s3://{BUCKET}/out is not empty: thesis.doc is there", self.errors)

    def test_two_drivers_at_once_leave_one_tree(self):
        runs = [self.start(), self.start()]
        for run in runs:
            self.assertEqual(self.ended(run)[0], 1, self.errors)
        self.assert_whole()

    # Faults

    def test_a_store_that_asks_for_less_is_asked_again(self):
        refused = set()

        def once_for_each(method, key):
            first = (method, key) not in refused and key.startswith(("in/", "out/"))
            refused.add((method, key))
            return SLOW_DOWN if first and method in ("GET", "PUT") else None

        self.store.fault = once_for_each
        status, said = self.run_all()
        self.assertEqual((status, said["retries"]), (1, 0), self.errors)
        self.assert_whole()

    def test_a_shard_whose_output_is_not_taken_has_no_manifest(self):
        refused = next(iter(self.reference))
        self.store.fault = lambda method, key: SLOW_DOWN if method == "PUT" and key == f"out/{refused}" else None
        one_by_one = ["--attempts", "1", "--shards-per-task", "1"]
        status, said = self.run_all(f"s3://{BUCKET}/in", f"s3://{BUCKET}/out", *one_by_one)
        self.assertEqual((status, len(said["missing"]), said["shardsRun"]), (75, 1, SHARDS - 1), self.errors)
        self.assertEqual(len(self.store.manifests("out")), SHARDS - 1)
        self.assertNotIn(refused, self.store.names("out"))
        self.assertIn("This goes on: ", self.errors)
        self.store.fault = lambda method, key: None
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"]), (1, 1), self.errors)
        self.assert_whole()

    def test_a_store_that_refuses_a_node_is_its_fault(self):
        outputs = [f"out/{name}" for name in self.reference]
        self.store.fault = lambda method, key: FORBIDDEN if method == "PUT" and key in outputs else None
        status, said = self.run_all()
        self.assertEqual((status, said["shardsRun"], self.store.manifests("out")), (78, 0, []), self.errors)
        self.assertIn(f"no node can do it: s3://{BUCKET}/out: ", self.errors)

    def test_missing_credentials_are_said(self):
        status, _ = self.run_all(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", HOME=str(self.scratch))
        self.assertEqual(status, 78, self.errors)
        self.assertIn("credentials", self.errors)

    def test_a_bucket_that_is_not_there_is_said(self):
        for source, target in [("s3://nowhere/in", f"s3://{BUCKET}/out"), (f"s3://{BUCKET}/in", "s3://nowhere/out")]:
            status, _ = self.run_all(source, target)
            self.assertEqual(status, 2, self.errors)
            self.assertIn("s3://nowhere/", self.errors)

    def test_a_folder_without_images_is_said(self):
        status, _ = self.run_all(f"s3://{BUCKET}/empty")
        self.assertEqual(status, 2)
        self.assertIn(f"s3://{BUCKET}/empty: no images here", self.errors)

    def test_a_driver_that_is_killed_is_followed_by_one_that_does_the_rest(self):
        first = self.on_put(lambda key: ".augment/shards/" in key, lambda: run.kill())
        run = self.start(f"s3://{BUCKET}/in", f"s3://{BUCKET}/out", "--shards-per-task", "1")
        self.assertEqual(run.wait(PATIENCE), -signal.SIGKILL)
        self.assertTrue(first.is_set())
        run.stdout.close()
        run.stderr.close()
        status, said = self.run_all()
        self.assertEqual((status, said["missing"]), (1, []), self.errors)
        self.assertLess(said["shardsRun"], SHARDS)
        self.assertEqual(self.store.tree("out"), self.reference)

    def test_a_worker_that_is_killed_while_it_puts_costs_nothing(self):
        killed = self.on_put(lambda key: key.endswith(".jpg"), lambda: kill_a_worker(run.pid))
        run = self.start()
        status, said = self.ended(run)
        self.assertTrue(killed.is_set())
        self.assertEqual((status, said["missing"]), (1, []), self.errors)
        self.assertGreaterEqual(said["retries"], 1)
        self.assertEqual(self.store.tree("out"), self.reference)

    def test_an_object_of_many_parts_is_there_whole_or_not_at_all(self):
        large, name = self.scratch / "large", "noise_0000_aug000000.png"
        generate = ["generate", large, "--images", "1", "--size", "6200x6200", "--format", "png", "--pattern", "noise"]
        for command in generate, ["augment", large, self.scratch / "local", "--copies", "1"]:
            subprocess.run([CLI, *map(str, command)], check=True, capture_output=True)
        self.store.upload(large, "large")
        parts = itertools.count(1)
        killed = self.on_put(lambda key: key.endswith(name) and next(parts) == 2, lambda: kill_a_worker(run.pid))
        run = self.start(
            f"s3://{BUCKET}/large", f"s3://{BUCKET}/out", "--local", "1", job=["--copies", "1"], shards=1)
        status, said = self.ended(run)
        self.assertTrue(killed.is_set())
        self.assertEqual((status, said["copies"]), (0, 1), self.errors)
        self.assertGreaterEqual(said["retries"], 1)
        self.assertEqual(self.store.tree("out"), tree(self.scratch / "local"))
        self.assertGreaterEqual(self.store.unfinished(), 1)

    def on_put(self, matches, action):
        """Does something once, while a request to store an object is not answered yet."""
        done, lock = threading.Event(), threading.Lock()

        def watch(method, key):
            with lock:
                if method == "PUT" and key.startswith("out/") and matches(key) and not done.is_set():
                    done.set()
                    action()

        self.store.fault = watch
        return done

    def test_a_signal_ends_it_and_leaves_no_scratch(self):
        self.on_put(lambda key: key.endswith(".jpg"), lambda: run.send_signal(signal.SIGTERM))
        run = self.start()
        status, _ = self.ended(run)
        self.assertEqual(status, 143, self.errors)
        self.assertIn("This goes on: ", self.errors)
        self.assert_scratch_is_empty()


MISSING = ("404 Not Found", b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Says nothing."""


def tree(folder):
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.relative_to(folder).parts[0] != ".augment"}  # fmt: skip


def kill_a_worker(driver):
    """One of the processes that a LocalCluster has started."""
    import psutil  # Dask needs it

    children = psutil.Process(driver).children()
    next(child for child in children if "spawn_main" in " ".join(child.cmdline())).kill()


if __name__ == "__main__":
    unittest.main()
