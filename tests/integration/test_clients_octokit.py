"""@octokit/rest with its pagination, throttling and retry plugins; the scripts are in clients/."""
import json
import os
import shutil

import harness
from harness import TOKEN


class TestOctokit(harness.Bench):
    node_options = ("--set", "github.time_scale=10")

    def setUp(self):
        super().setUp()
        modules = os.path.join(harness.NPM, "node_modules")
        self.assertTrue(os.path.isdir(os.path.join(modules, "@octokit", "rest")),
                        f"{modules}: @octokit/rest is missing; set RUNMESH_NPM")
        os.symlink(os.path.abspath(modules), os.path.join(self.folder, "node_modules"))

    def script(self, name, *arguments):
        copy = os.path.join(self.folder, name)
        shutil.copyfile(os.path.join(harness.HERE, "clients", name), copy)
        code, out, errors = harness.run(["node", copy, self.node.url, TOKEN, *arguments],
                                        harness.clean_environment(self.node.home))
        self.assertEqual(code, 0, f"{out}{errors}\n{self.node.output()[-2000:]}")
        return json.loads(out.strip().split("\n")[-1])

    def direct(self, path):
        return self.mock.ask(path, token="tok-direct").json()

    def test_everything_read_is_what_github_has(self):
        read = self.script("read.mjs")
        issues = []
        for page in range(1, 6):
            issues += [issue["number"] for issue in
                       self.direct(f"/repos/octocat/hello-world/issues?per_page=30&page={page}")]
        self.assertEqual(read["issues"], issues)
        self.assertEqual([len(page) for page in read["pages"]], [10, 10, 10, 10])
        self.assertEqual(len({run for page in read["pages"] for run in page}), 40)
        self.assertEqual(read["name"], "octocat/hello-world")
        self.assertEqual(read["missing"], 404)
        self.assertEqual(read["limits"], [])
        self.assertTrue(read["readme"])

    def test_second_round_within_freshness_asks_nothing_upstream(self):
        first = self.script("read.mjs")
        with self.mock.between() as seen:
            second = self.script("read.mjs")
        of_missing = seen.count(lambda record: "none-such" in record["target"])
        self.assertEqual(seen.requests - of_missing, 0, seen.brief())
        self.assertEqual(first["issues"], second["issues"])
        self.assertEqual(first["pages"], second["pages"])
        self.assertEqual(first["readme"], second["readme"])

    def test_second_round_when_stale_charges_nothing(self):
        with self.mock.between() as cold:
            self.script("read.mjs")
        for record in cold.records:
            if record["status"] == 200:
                fields = [(name, value) for name, value in record["headers"]
                          if name.lower() in ("accept", "x-github-api-version")]
                self.node.wait_stale(record["target"], TOKEN, fields)
        with self.mock.between() as seen:
            self.script("read.mjs")
        existing = [record for record in seen.records if "none-such" not in record["target"]]
        self.assertTrue(existing)
        self.assertEqual({record["status"] for record in existing}, {304}, seen.brief())

    def test_all_pages_come_through_the_node(self):
        with self.mock.between() as seen:
            self.script("read.mjs")
        agents = {value for record in seen.records for name, value in record["headers"]
                  if name.lower() == "user-agent"}
        self.assertEqual(len(agents), 1, "only the node asks")
        self.assertNotIn("octokit", agents.pop())

    def test_etag_from_the_node_is_answered_with_304_and_charges_nothing(self):
        """fetch() adds no-cache to a condition of the caller's, so GitHub is asked, for free."""
        with self.mock.between() as seen:
            told = self.script("conditional.mjs")
        self.assertEqual(told["second"], 304)
        self.assertEqual(seen.charged, 1, seen.brief())
        self.assertEqual(seen.not_modified, seen.requests - 1, seen.brief())

    def test_writes_are_read_back(self):
        told = self.script("write.mjs")
        self.assertGreater(told["made"], told["before"])
        self.assertEqual(told["after"], told["made"])
        self.assertEqual(told["title"], "edited")
        self.assertEqual(told["login"], "octocat")

    def test_retry_plugin_survives_a_short_failure(self):
        path = "/repos/octocat/hello-world/milestones"
        self.mock.fault("status", path=path + "*", status=502, count=2)
        self.assertEqual(self.script("retry.mjs", path)["status"], 200)

    def test_failure_that_lasts_arrives_as_githubs_status(self):
        path = "/repos/octocat/hello-world/milestones"
        self.mock.fault("status", path=path + "*", status=503, count=-1)
        self.assertEqual(self.script("retry.mjs", path)["status"], 503)


if __name__ == "__main__":
    harness.main()
