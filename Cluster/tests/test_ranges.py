"""Ranges of shards and the command line."""

import contextlib
import io
import unittest

from augment_cluster import options, ranges
from augment_cluster.ranges import Range


class Ranges(unittest.TestCase):
    def test_text_comes_back(self):
        for text in ["0", "7", "7-9"]:
            self.assertEqual(str(ranges.parsed(text)), text)

    def test_what_is_no_range_is_refused(self):
        for text in ["", "x", "9-7", "-1", "1-"]:
            with self.subTest(text), self.assertRaises(ValueError):
                ranges.parsed(text)

    def test_neighbours_are_joined(self):
        parts = [Range(4, 5), Range(0, 1), Range(2, 3), Range(9, 9)]
        self.assertEqual(ranges.joined(parts), [Range(0, 5), Range(9, 9)])

    def test_a_long_list_is_cut(self):
        text = ranges.listed([Range(2 * number, 2 * number) for number in range(30)])
        self.assertTrue(text.endswith("38 and 10 more ranges"), text)

    def test_heads_leave_the_rest(self):
        self.assertEqual(Range(3, 9).head(2), (Range(3, 4), Range(5, 9)))
        self.assertEqual(Range(3, 9).head(7), (Range(3, 9), None))


class CommandLine(unittest.TestCase):
    def refused(self, *arguments):
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(io.StringIO()) as said:
            with contextlib.redirect_stdout(io.StringIO()):
                options.parse(list(arguments))
        self.assertEqual(ended.exception.code, 64)
        return said.getvalue()

    def test_paths_do_not_depend_on_the_folder(self):
        found = options.parse(["run", "--local", "2", "--shards", "4", "--", "augment", "in", "out", "--copies", "2"])
        self.assertTrue(found.job[1].startswith("/") and found.output.startswith("/"))
        self.assertEqual((found.local, found.job[3:]), (2, ("--copies", "2")))

    def test_dask_is_another_name_for_tcp(self):
        found = options.parse(["run", "--scheduler", "dask://h:1", "--shards", "4", "--", "augment", "in", "out"])
        self.assertEqual(found.scheduler, "tcp://h:1")

    def test_the_output_is_said_once(self):
        self.assertIn("writes to", self.refused(
            "run", "--local", "--output", "other", "--shards", "4", "--", "augment", "in", "out"))

    def test_usage_ends_with_64(self):
        self.refused("run", "--local", "2", "--shards", "0", "--", "augment", "in", "out")
        self.refused("run", "--shards", "4", "--", "augment", "in", "out")
        self.refused("run", "--local", "2", "--shards", "4")
        self.refused("run", "--local", "2", "--shards", "4", "--", "augment", "--copies", "2", "in", "out")


if __name__ == "__main__":
    unittest.main()
