"""What the schedule decides, without a cluster and without a clock."""

import random
import unittest

from augment_cluster.events import Cancel, Outcome, Retire, Rules, Stop, Submit, WorkerFacts
from augment_cluster.ranges import Range
from augment_cluster.schedule import Schedule

DONE = Outcome(0, {"images": 2, "copies": 4, "imagesFailed": 0}, seconds=10)
BUSY = Outcome(75, errors="no space\n")
REFUSED = Outcome(78, errors="another version\n")
KILLED = Outcome(-9)


def nodes(count, each=1):
    return {f"n{node}:{worker}": WorkerFacts(f"n{node}") for node in range(count) for worker in range(each)}


class Trial:
    """A schedule with the actions that it has asked for and not got an answer to."""

    def __init__(self, shards, known, **rules):
        self.rules = Rules(**({"shards_per_task": 1} | rules))
        self.schedule = Schedule([Range(0, shards - 1)] if shards else [], self.rules, 0)
        self.open, self.cancelled, self.retired, self.stop, self.now, self.known = {}, [], [], None, 0.0, known
        self.take(self.schedule.workers(0, known))

    def take(self, actions):
        for action in actions:
            match action:
                case Submit(attempt):
                    self.open[attempt] = action
                case Cancel(attempt):
                    self.open.pop(attempt, None)
                    self.cancelled.append(attempt)
                case Retire():
                    self.retired.append(action.host)
                case Stop():
                    self.stop = action

    def at(self, now):
        self.now = now
        self.take(self.schedule.tick(now))
        return self

    def end(self, attempt, outcome, after=0.0):
        self.now += after
        del self.open[attempt]
        self.take(self.schedule.ended(self.now, attempt, outcome))

    def workers(self, known):
        self.take(self.schedule.workers(self.now, known))

    def where(self, shard):
        return [action.worker for action in self.open.values() if action.shards.first <= shard <= action.shards.last]


class Work(unittest.TestCase):
    def test_nothing_missing_is_finished(self):
        self.assertTrue(Trial(0, nodes(2)).schedule.finished)

    def test_a_worker_gets_a_task_only_when_free(self):
        trial = Trial(10, nodes(2, each=2))
        self.assertEqual(len(trial.open), 4)
        trial.end(0, DONE)
        self.assertEqual(len(trial.open), 4)
        self.assertEqual(len({action.worker for action in trial.open.values()}), 4)

    def test_all_shards_run_once_and_are_counted(self):
        trial = Trial(100, nodes(3))
        while not trial.schedule.finished:
            trial.end(min(trial.open), DONE, 1)
        counts = trial.schedule.counts
        self.assertEqual((counts.shards, counts.tasks, counts.images, counts.copies), (100, 100, 200, 400))
        self.assertEqual((counts.retries, counts.duplicates), (0, 0))
        self.assertEqual(trial.schedule.missing(), [])

    def test_some_bad_images_are_never_tried_again(self):
        trial = Trial(1, nodes(2))
        trial.end(0, Outcome(1, {"images": 2, "imagesFailed": 1}))
        self.assertTrue(trial.schedule.finished)
        self.assertEqual(trial.schedule.counts.failed_images, 1)

    def test_tasks_grow_to_a_minute_but_leave_twenty_for_each_worker(self):
        trial = Trial(100_000, nodes(1), shards_per_task=None)
        self.assertEqual(trial.open[0].shards.count, 1)
        trial.end(0, Outcome(0, seconds=2))
        self.assertEqual(trial.open[1].shards.count, 30)
        few = Trial(101, nodes(1), shards_per_task=None)
        few.end(0, Outcome(0, seconds=0.01))
        self.assertEqual(few.open[1].shards.count, 5)


class Failures(unittest.TestCase):
    def test_a_try_again_goes_elsewhere_after_a_pause(self):
        trial = Trial(1, nodes(2))
        first = trial.open[0].worker
        trial.end(0, BUSY)
        self.assertEqual(trial.open, {})
        trial.at(2)
        self.assertNotEqual(trial.open[1].worker, first)

    def test_it_waits_for_the_other_node_while_that_is_busy(self):
        trial = Trial(2, nodes(2))
        trial.end(0, BUSY)
        trial.at(100)
        self.assertEqual(len(trial.open), 1)
        trial.end(1, DONE)
        self.assertEqual(len(trial.open), 1)

    def test_pauses_double(self):
        trial = Trial(1, nodes(1), attempts=6)
        began = []
        for attempt in range(5):
            while attempt not in trial.open:
                trial.at(trial.now + 0.25)
            began.append(trial.now)
            trial.end(attempt, KILLED)
        pauses = [later - earlier for earlier, later in zip(began, began[1:])]
        self.assertEqual(pauses, sorted(pauses))
        self.assertGreaterEqual(pauses[-1], 8)

    def test_attempts_are_bounded_and_the_others_go_on(self):
        trial = Trial(5, nodes(2), attempts=4)
        starts = 0
        while not trial.schedule.finished:
            for attempt, action in list(trial.open.items()):
                starts += action.shards.first == 2
                if attempt in trial.open:
                    trial.end(attempt, KILLED if action.shards.first == 2 else DONE)
            trial.at(trial.now + 5)
        self.assertEqual(starts, 4)
        self.assertEqual(trial.schedule.missing(), [Range(2, 2)])
        self.assertEqual(trial.schedule.counts.shards, 4)

    def test_one_bad_shard_costs_its_neighbours_nothing(self):
        trial = Trial(8, nodes(2), shards_per_task=8)
        while not trial.schedule.finished:
            for attempt, action in list(trial.open.items()):
                if attempt in trial.open:
                    trial.end(attempt, KILLED if action.shards.first <= 5 <= action.shards.last else DONE)
            trial.at(trial.now + 5)
        self.assertEqual(trial.schedule.missing(), [Range(5, 5)])

    def test_a_worker_that_is_gone_gives_its_shard_back(self):
        trial = Trial(2, nodes(2))
        gone = trial.open[0].worker
        trial.workers({address: facts for address, facts in nodes(2).items() if address != gone})
        trial.end(1, DONE, 3)
        self.assertEqual(trial.where(0), ["n1:0"])

    def test_an_answer_that_comes_too_late_is_ignored(self):
        trial = Trial(1, nodes(2))
        trial.workers({"n1:0": WorkerFacts("n1")})
        self.assertEqual(trial.schedule.ended(0, 0, DONE), [])
        self.assertFalse(trial.schedule.finished)

    def test_a_worker_without_answer_gets_nothing_more(self):
        trial = Trial(3, nodes(2), time_limit=60)
        trial.end(1, DONE, 1)
        trial.end(2, DONE, 1)
        trial.at(200)
        trial.at(205)
        self.assertIn(0, trial.cancelled)
        self.assertEqual(trial.where(0), ["n1:0"])

    def test_a_node_that_fails_at_once_does_not_take_all(self):
        trial = Trial(40, nodes(2))
        failed = 0
        while not trial.schedule.finished and trial.now < 1000:
            trial.at(trial.now + 0.1)
            for attempt, action in list(trial.open.items()):
                if action.worker == "n0:0":
                    failed += 1
                    trial.end(attempt, BUSY)
                elif int(trial.now * 10) % 10 == 0:
                    trial.end(attempt, DONE)
        self.assertEqual(trial.schedule.counts.shards, 40)
        self.assertLess(failed, 8)

    def test_when_nothing_succeeds_it_stops(self):
        trial = Trial(1000, nodes(2))
        while not trial.schedule.finished:
            for attempt in list(trial.open):
                if attempt in trial.open:
                    trial.end(attempt, BUSY)
            trial.at(trial.now + 1)
        self.assertEqual(trial.stop.status, 75)
        self.assertIn("no space", trial.stop.sentence)
        self.assertEqual(trial.schedule.missing(), [Range(0, 999)])


class Nodes(unittest.TestCase):
    def test_a_refusal_is_no_attempt_of_the_shard(self):
        trial = Trial(1, nodes(5), attempts=1)
        for attempt in range(4):
            trial.end(attempt, REFUSED)
        trial.end(4, DONE)
        self.assertEqual(trial.schedule.counts.shards, 1)

    def test_a_node_that_refuses_twice_is_out(self):
        trial = Trial(20, nodes(2))
        refused = 0
        while not trial.schedule.finished:
            for attempt, action in list(trial.open.items()):
                refused += action.worker == "n0:0"
                trial.end(attempt, REFUSED if action.worker == "n0:0" else DONE)
        self.assertEqual((refused, trial.retired, trial.schedule.counts.shards), (2, ["n0"], 20))

    def test_all_nodes_out_is_said(self):
        trial = Trial(20, nodes(2))
        while trial.open:
            trial.end(min(trial.open), REFUSED)
        self.assertEqual(trial.stop.status, 78)
        self.assertIn("another version", trial.stop.sentence)

    def test_a_late_worker_of_a_node_that_is_out_is_tried_once(self):
        trial = Trial(20, nodes(2))
        while "n0" not in trial.retired:
            bad = [attempt for attempt, action in trial.open.items() if action.worker == "n0:0"]
            trial.end(bad[0], REFUSED)
        trial.workers({"n1:0": WorkerFacts("n1"), "n0:8": WorkerFacts("n0"), "n0:9": WorkerFacts("n0")})
        again = [attempt for attempt, action in trial.open.items() if action.worker.startswith("n0")]
        self.assertEqual(len(again), 1)
        trial.end(again[0], REFUSED)
        trial.workers({"n1:0": WorkerFacts("n1"), "n0:10": WorkerFacts("n0")})
        self.assertEqual({action.worker for action in trial.open.values()}, {"n1:0"})
        self.assertEqual(trial.retired, ["n0", "n0"])

    def test_a_mended_node_works_again(self):
        trial = Trial(20, nodes(2))
        while "n0" not in trial.retired:
            trial.end(next(a for a, action in trial.open.items() if action.worker == "n0:0"), REFUSED)
        trial.workers({"n1:0": WorkerFacts("n1"), "n0:8": WorkerFacts("n0")})
        trial.end(next(a for a, action in trial.open.items() if action.worker == "n0:8"), DONE)
        self.assertIn("n0:8", {action.worker for action in trial.open.values()})
        self.assertEqual(trial.schedule.nodes.out(), [])

    def test_without_workers_it_waits_but_not_for_ever(self):
        trial = Trial(3, {}, wait=60)
        self.assertFalse(trial.at(59).schedule.finished)
        self.assertEqual(trial.at(61).stop.status, 75)

    def test_the_wait_begins_again_after_each_worker(self):
        trial = Trial(3, nodes(1), wait=60)
        trial.at(1000).workers({})
        self.assertIsNone(trial.at(1050).stop)
        trial.workers(nodes(1))
        self.assertEqual(len(trial.open), 1)


class WrongRuns(unittest.TestCase):
    def test_wrong_on_two_nodes_stops_with_the_message(self):
        trial = Trial(9, nodes(3))
        trial.end(0, Outcome(64, errors="unknown option\n"))
        self.assertIsNone(trial.stop)
        while trial.stop is None:
            for attempt, action in list(trial.open.items()):
                if attempt in trial.open:
                    trial.end(attempt, Outcome(64, errors="unknown option\n") if action.shards.first == 0 else DONE)
            trial.at(trial.now + 1)
        self.assertEqual(trial.stop, Stop(64, "unknown option"))
        self.assertEqual(trial.open, {})

    def test_wrong_twice_on_the_only_node_stops(self):
        trial = Trial(1, nodes(1))
        trial.end(0, Outcome(2, errors="broken\n"))
        trial.at(5)
        trial.end(1, Outcome(2, errors="broken\n"))
        self.assertEqual(trial.stop, Stop(2, "broken"))

    def test_wrong_on_one_node_only_is_an_attempt(self):
        trial = Trial(1, nodes(2))
        trial.end(0, Outcome(2))
        trial.at(5)
        trial.end(1, DONE)
        self.assertTrue(trial.schedule.finished)
        self.assertIsNone(trial.stop)


class Stragglers(unittest.TestCase):
    def late(self):
        """Three nodes have done all but the shard of the first."""
        trial = Trial(7, nodes(3))
        for attempt in range(1, 7):
            trial.end(attempt, DONE, 2)
        return trial

    def test_a_second_copy_runs_on_another_node(self):
        trial = self.late()
        self.assertEqual(trial.where(0), ["n0:0"])
        trial.at(16)
        self.assertEqual(len(trial.where(0)), 2)
        self.assertEqual(trial.schedule.counts.duplicates, 1)
        trial.at(100)
        self.assertEqual(len(trial.where(0)), 2)

    def test_none_while_anything_waits(self):
        trial = Trial(4, nodes(2))
        trial.end(1, DONE)
        trial.end(2, DONE)
        trial.at(1000)
        self.assertEqual(len(trial.where(0)), 1)

    def test_the_first_result_counts_and_the_other_is_cancelled(self):
        trial = self.late().at(16)
        trial.end(7, DONE)
        self.assertEqual(trial.cancelled, [0])
        self.assertTrue(trial.schedule.finished)
        self.assertEqual(trial.schedule.counts.shards, 7)

    def test_the_failure_of_one_copy_leaves_the_other(self):
        trial = self.late().at(16)
        trial.end(7, KILLED)
        self.assertEqual(trial.where(0), ["n0:0"])
        trial.end(0, DONE)
        self.assertTrue(trial.schedule.finished)


class Walks(unittest.TestCase):
    def test_any_order_of_events_ends_with_every_shard_done_or_named(self):
        for seed in range(300):
            with self.subTest(seed=seed):
                self.walk(random.Random(seed))

    def walk(self, draw):
        shards, done = draw.randrange(1, 40), set()
        trial = Trial(shards, nodes(4, each=2), shards_per_task=draw.choice([1, 3, None]), time_limit=300, wait=50)
        outcomes = [DONE] * 8 + [BUSY, KILLED, REFUSED, Outcome(2), Outcome(None, reason="time limit")]
        for _ in range(5000):
            if trial.schedule.finished:
                break
            what = draw.random()
            if what < 0.05:
                trial.workers({address: facts for address, facts in nodes(5, each=2).items() if draw.random() < 0.7})
            elif what < 0.2 or not trial.open:
                trial.at(trial.now + draw.choice([0.2, 5, 40]))
            else:
                attempt = draw.choice(list(trial.open))
                outcome, part = draw.choice(outcomes), trial.open[attempt].shards
                trial.end(attempt, outcome, draw.random())
                if outcome is DONE:
                    done.update(range(part.first, part.last + 1))
            busy = [action.worker for action in trial.open.values()]
            self.assertEqual(len(busy), len(set(busy)))
        self.assertTrue(trial.schedule.finished)
        named = {shard for part in trial.schedule.missing() for shard in range(part.first, part.last + 1)}
        self.assertEqual(done | named, set(range(shards)))
        self.assertFalse(done & named)


if __name__ == "__main__":
    unittest.main()
