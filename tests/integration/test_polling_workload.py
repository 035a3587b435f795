"""An autoscaler's hour of polling, 120 times as fast: what it costs is what changed.

One runner, 60 repositories, 10 of them active with three unfinished runs each. Every 60 s it lists
the repositories, lists the runs in progress and the completed ones of each active repository, and
views each unfinished run (the run and its jobs). Between two polls something changes now and then.
"""
import bisect
import json
import random
import time

import harness

SCALE = 120
CYCLES = 60
PERIOD_S = 60 / SCALE
# Longer than the 30 s of freshness of every polled route: each poll sees what changed before it.
PAUSE_S = 36 / SCALE
REPOSITORIES = 60
ACTIVE = 10
UNFINISHED = 3
CHANGES_PER_CYCLE = 2
SEED_SYSTEM_CALLS = 2961


class TestPollingWorkload(harness.Bench):
    mock_options = ("--time-scale", str(SCALE), "--repos", str(REPOSITORIES - 5))
    node_options = ("--set", f"github.time_scale={SCALE}")

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260101)
        self.active = [f"octo-org/app-{number:02}" for number in range(ACTIVE)]
        self.unfinished = {}
        for repo in self.active:
            runs = self.mock.ask(f"/repos/{repo}/actions/runs?per_page={UNFINISHED}",
                                 token="tok-setup").json()["workflow_runs"]
            self.unfinished[repo] = [run["id"] for run in runs]
            for run in runs:
                self.change_run(repo, run["id"], status="in_progress", conclusion=None)
        self.polls = {}
        self.client = self.node.client()
        self.addCleanup(self.client.close)
        self.mock.reset()

    def change_run(self, repo, run, **fields):
        self.mock.change(f"/repos/{repo}/actions/runs/{run}", set=fields)

    def poll(self, path):
        """One call of the runner; when it began is kept for the reckoning."""
        self.polls.setdefault(path, []).append(time.time() * 1000)
        answer = self.client.ask(path)
        self.assert_status(answer, 200)
        return answer.json()

    def cycle(self):
        repos = self.poll("/user/repos?per_page=100&page=1")
        self.assertEqual(len(repos), REPOSITORIES)
        for repo in self.active:
            running = self.poll(f"/repos/{repo}/actions/runs?status=in_progress&per_page=20")
            self.poll(f"/repos/{repo}/actions/runs?status=completed&per_page=20")
            for run in running["workflow_runs"]:
                self.poll(f"/repos/{repo}/actions/runs/{run['id']}")
                self.poll(f"/repos/{repo}/actions/runs/{run['id']}/jobs")

    def change_something(self):
        repo = self.random.choice(self.active)
        run = self.random.choice(self.unfinished[repo])
        what = self.random.randrange(3)
        if what == 0:
            self.mock.change(f"/repos/{repo}")
        elif what == 1:
            self.change_run(repo, run, display_title=f"Change {self.random.random()}")
        else:
            self.mock.change(f"/repos/{repo}/actions/runs/{run}/jobs")

    def expected_charges(self):
        """(first fetches, changes between two polls) by the mock's history of each target."""
        first, changed = 0, 0
        for path, times in self.polls.items():
            versions = self.mock.history(path)
            begins = [version["ms"] for version in versions]
            bodies = [version["sha256"] for version in versions]
            met = [bodies[max(bisect.bisect_right(begins, at) - 1, 0)] for at in times]
            first += 1
            changed += sum(before != after for before, after in zip(met, met[1:]))
        return first, changed

    def test_an_hour_of_polls_costs_first_fetches_and_changes_and_nothing_else(self):
        calls = 0
        with self.mock.between() as seen:
            due = time.monotonic()
            for _ in range(CYCLES):
                self.cycle()
                due = max(due + PERIOD_S, time.monotonic() + PAUSE_S)
                for _ in range(self.random.randrange(CHANGES_PER_CYCLE + 1)):
                    self.change_something()
                harness.wait_for(lambda due=due: time.monotonic() >= due, "the next poll is due")
        calls = sum(len(times) for times in self.polls.values())
        first, changed = self.expected_charges()
        by_mock = self.mock.stats()
        stats = self.node.stats()
        print(json.dumps({
            "client_calls": calls, "seed_system_calls": SEED_SYSTEM_CALLS,
            "upstream": seen.requests, "charged": seen.charged,
            "not_modified": seen.not_modified, "first_fetches": first, "changes_seen": changed,
            "hits": stats["local_hits"],
        }))

        self.assertEqual(seen.charged, first + changed)
        self.assertEqual(seen.requests - seen.not_modified, seen.charged, "nothing else failed")
        self.assertEqual(by_mock["first_fetches"], first)
        self.assertEqual(by_mock["changes_seen"], changed)
        self.assertEqual(stats["upstream_charged"], seen.charged)
        self.assertGreater(changed, CYCLES / 2, "the workload changes things")
        self.assertGreaterEqual(len(self.polls), 1 + 2 * ACTIVE + 2 * ACTIVE * UNFINISHED)


if __name__ == "__main__":
    harness.main()
