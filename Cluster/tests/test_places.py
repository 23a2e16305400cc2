"""What is known of places and names without looking at them, and what is made of a store's errors."""

import contextlib
import io
import unittest

from augment_cluster import options, places, statuses, store


class Places(unittest.TestCase):
    def test_urls_are_told_from_paths(self):
        for place in ["s3://bucket/in", "gs://bucket", "https://host/in", "file:///in"]:
            self.assertTrue(places.is_url(place), place)
        for place in ["in", "/in", "./s3:/in", "C:\\in", "://in"]:
            self.assertFalse(places.is_url(place), place)

    def test_paths_become_absolute_and_urls_stay(self):
        self.assertEqual(places.absolute("s3://bucket/in/"), "s3://bucket/in")
        self.assertTrue(places.absolute("in").startswith("/"))

    def test_a_folder_overlaps_what_lies_in_it(self):
        self.assertTrue(places.overlap("s3://b/in", "s3://b/in"))
        self.assertTrue(places.overlap("s3://b", "s3://b/out"))
        self.assertTrue(places.overlap("s3://b/in/out", "s3://b/in"))
        self.assertFalse(places.overlap("s3://b/in", "s3://b/in2"))

    def test_tars_are_known_by_name(self):
        for name in ["a.tar", "x/a.TAR.gz", "a.tgz", "a.b.tar.zst"]:
            self.assertTrue(places.is_tar(name), name)
        for name in [".tar", "x/.tar.gz", "a.gz", "a.tar/b", "atar", "a.tar.jpg"]:
            self.assertFalse(places.is_tar(name), name)

    def test_manifests_are_named_as_augment_cli_names_them(self):
        self.assertEqual(places.manifest(40), ".augment/shards/000/00040.jsonl.zst")
        self.assertEqual(places.manifest(1_234_567), ".augment/shards/1234/1234567.jsonl.zst")
        for shard in [0, 999, 1000, 99_999, 100_000, 1_234_567]:
            self.assertEqual(places.shard_of(places.manifest(shard)), shard)

    def test_other_names_are_no_manifests(self):
        for name in [
            ".augment/plan.json", ".augment/shards/000/1.jsonl.zst", ".augment/shards/001/00001.jsonl.zst",
            ".augment/shards/000/00001.jsonl.zst.tmp", "a/.augment/shards/000/00001.jsonl.zst",
        ]:  # fmt: skip
            self.assertIsNone(places.shard_of(name), name)


class Names(unittest.TestCase):
    def test_they_are_sorted_by_bytes(self):
        names = ["é.jpg", "a/b.jpg", "a.jpg", "a-b.jpg", "Z.jpg", "\U0001f600.jpg", "\uffee.jpg"]
        found, strange = places.files(names)
        self.assertEqual([name.encode() for name in found], sorted(name.encode() for name in names))
        self.assertEqual(strange, [])

    def test_names_that_no_folder_can_hold_are_told(self):
        bad = ["/a.jpg", "a//b.jpg", "../a.jpg", "a/./b.jpg", "a\nb.jpg", "a/", "x" * 256 + ".jpg", "é" * 126 + ".jpg"]
        self.assertEqual(places.files([*bad, "good.jpg"]), (["good.jpg"], sorted(bad, key=str.encode)))

    def test_a_file_that_is_also_a_folder_is_told(self):
        found, strange = places.files(["a.jpg", "a.jpg/b.jpg", "a.jpg-c", "d/e/f.jpg", "d/e"])
        self.assertEqual((found, strange), (["a.jpg-c", "a.jpg/b.jpg", "d/e/f.jpg"], ["a.jpg", "d/e"]))

    def test_names_that_are_not_utf8_come_back(self):
        self.assertEqual(places.to_bytes(places.from_bytes(b"caf\xe9.jpg")), b"caf\xe9.jpg")


class Files(unittest.TestCase):
    TEXT = b"0\t10\ta.jpg\x000\t20\ta\tb\n.jpg\x003\t5\tc/d.jpg\x00"

    def test_shards_whose_files_are_there_with_their_sizes_are_sound(self):
        sizes = {"a.jpg": 10, "a\tb\n.jpg": 20, "c/d.jpg": 5}
        self.assertEqual(places.shards_without_files(self.TEXT, sizes), set())
        self.assertEqual(places.shards_without_files(self.TEXT, {**sizes, "c/d.jpg": 4}), {3})
        self.assertEqual(places.shards_without_files(self.TEXT, {"a.jpg": 10, "c/d.jpg": 5}), {0})
        self.assertEqual(places.shards_without_files(b"", {}), set())


class NoCredentialsError(Exception):
    """As botocore's, which need not be installed."""


class Errors(unittest.TestCase):
    def test_what_the_machine_lacks_is_its_fault(self):
        for error in [ImportError("Install s3fs to access S3"), PermissionError("Forbidden"), NoCredentialsError()]:
            self.assertEqual(store.told(error, "s3://b")[0], statuses.NODE_CANNOT)

    def test_what_may_pass_is_tried_again(self):
        for error in [OSError(16, "Please reduce your request rate."), ConnectionError(), TimeoutError()]:
            self.assertEqual(store.told(error, "s3://b")[0], statuses.TRY_AGAIN)

    def test_what_is_not_there_is_wrong_everywhere(self):
        self.assertEqual(
            store.told(FileNotFoundError("no bucket"), "s3://b"), (statuses.FAILED, "s3://b: no bucket"))

    def test_a_number_says_nothing(self):
        self.assertEqual(store.told(OSError(16, "Slow down."), "s3://b")[1], "s3://b: Slow down.")

    def test_an_error_without_words_has_a_name(self):
        self.assertEqual(store.told(TimeoutError(), "s3://b")[1], "s3://b: TimeoutError")


class Moves(unittest.TestCase):
    def test_every_name_is_moved_once(self):
        moved = []
        store.for_each(map(str, range(1000)), moved.append)
        self.assertEqual(sorted(moved), sorted(map(str, range(1000))))

    def test_the_first_failure_ends_it(self):
        moved = []

        def move(name):
            if name == "50":
                raise OSError("no")
            moved.append(name)

        with self.assertRaisesRegex(OSError, "no"):
            store.for_each(map(str, range(100_000)), move)
        self.assertLess(len(moved), 99_999)

    def test_a_reason_to_stop_ends_it(self):
        with self.assertRaisesRegex(store.Stopped, "not wanted"):
            store.for_each(iter(int, 1), lambda _: None, lambda: "not wanted")


class CommandLine(unittest.TestCase):
    def refusal(self, source, target):
        text = io.StringIO()
        with contextlib.redirect_stderr(text), contextlib.redirect_stdout(io.StringIO()):
            with self.assertRaises(SystemExit) as ended:
                options.parse(["run", "--local", "--shards", "2", "--", "augment", source, target])
        self.assertEqual(ended.exception.code, statuses.USAGE)
        return text.getvalue()

    def test_urls_stay_as_they_are(self):
        found = options.parse(["run", "--local", "--shards", "2", "--", "augment", "s3://b/in/", "s3://b/out"])
        self.assertEqual((found.input, found.output), ("s3://b/in", "s3://b/out"))
        self.assertEqual(found.job, ("augment", "s3://b/in", "s3://b/out"))

    def test_what_can_only_be_read_is_no_output(self):
        self.assertIn("https://host/out can only be read", self.refusal("in", "https://host/out"))

    def test_the_input_is_never_written_to(self):
        self.assertIn("lie in one another", self.refusal("s3://b/in", "s3://b/in/out"))


if __name__ == "__main__":
    unittest.main()
