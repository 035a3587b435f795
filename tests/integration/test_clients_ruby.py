"""Debian's ruby-octokit with auto_paginate; the script is in clients/."""
import json
import os

import harness
from harness import TOKEN


class TestRubyOctokit(harness.Bench):
    node_options = ("--set", "github.time_scale=10")

    def script(self):
        path = os.path.join(harness.HERE, "clients", "read.rb")
        code, out, errors = harness.run(["ruby", path, self.node.url, TOKEN],
                                        harness.clean_environment(self.node.home))
        self.assertEqual(code, 0, f"{out}{errors}\n{self.node.output()[-2000:]}")
        return json.loads(out.strip().split("\n")[-1])

    def test_all_pages_and_objects_are_what_github_has(self):
        read = self.script()
        issues = []
        for page in range(1, 6):
            path = f"/repos/octocat/hello-world/issues?per_page=30&page={page}"
            issues += [issue["number"] for issue in self.mock.ask(path, token="tok-x").json()]
        self.assertEqual(read["issues"], issues)
        self.assertEqual(read["name"], "octocat/hello-world")
        self.assertEqual(read["missing"], 404)
        self.assertEqual(read["login"], "octocat")
        self.assertTrue(read["releases"])

    def test_second_round_within_freshness_asks_nothing_upstream(self):
        first = self.script()
        with self.mock.between() as seen:
            second = self.script()
        of_missing = seen.count(lambda record: "none-such" in record["target"])
        self.assertEqual(seen.requests - of_missing, 0, seen.brief())
        del first["remaining"], second["remaining"]
        self.assertEqual(first, second)

    def test_second_round_when_stale_charges_nothing(self):
        with self.mock.between() as cold:
            self.script()
        for record in cold.records:
            if record["status"] == 200:
                self.node.wait_stale(record["target"])
        with self.mock.between() as seen:
            self.script()
        existing = [record for record in seen.records if "none-such" not in record["target"]]
        self.assertEqual({record["status"] for record in existing}, {304}, seen.brief())


if __name__ == "__main__":
    harness.main()
