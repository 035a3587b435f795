"""Debian's gh over http_unix_socket."""
import json
import os

import harness
from harness import TOKEN

REPO = "octocat/hello-world"
ISSUES = f"repos/{REPO}/issues?per_page=30"


class GhBench(harness.Bench):
    # gh gives its token to api.github.com alone, so Link has to name it.
    mock_options = ("--base-url", "https://api.github.com")
    node_options = ("--set", "github.time_scale=10")

    def setUp(self):
        super().setUp()
        config = os.path.join(self.folder, "gh config")
        os.mkdir(config)
        with open(os.path.join(config, "config.yml"), "w", encoding="utf-8") as file:
            file.write(f'http_unix_socket: "{self.node.socket}"\nprompt: disabled\n')
        self.environment = harness.clean_environment(self.node.home)
        self.environment.update({
            "GH_CONFIG_DIR": config, "GH_TOKEN": TOKEN, "GH_NO_UPDATE_NOTIFIER": "1",
            "NO_COLOR": "1", "PAGER": "cat"})

    def gh(self, *arguments):
        code, out, errors = harness.run(["gh", *arguments], self.environment)
        self.assertEqual(code, 0, f"gh {arguments}: {out}{errors}\n{self.node.output()[-2000:]}")
        return out

    def rest(self, seen):
        return [record for record in seen.records if record["method"] == "GET"]

    def check_rounds(self, *arguments):
        """Cold, then within freshness (nothing upstream), then stale (nothing charged)."""
        with self.mock.between() as cold:
            first = self.gh(*arguments)
        asked = self.rest(cold)
        self.assertTrue(asked, "gh asked for something by REST")
        with self.mock.between() as warm:
            second = self.gh(*arguments)
        self.assertEqual(self.rest(warm), [], warm.brief())
        for record in asked:
            fields = [(name, value) for name, value in record["headers"]
                      if name.lower() in ("accept", "x-github-api-version")]
            self.node.wait_stale(record["target"], TOKEN, fields)
        with self.mock.between() as stale:
            third = self.gh(*arguments)
        self.assertTrue(self.rest(stale))
        self.assertEqual(sum(record["charged"] for record in self.rest(stale)), 0, stale.brief())
        self.assertEqual(first, second)
        self.assertEqual(first, third)
        return first


class TestGh(GhBench):
    def test_gh_api_reads_a_repository(self):
        issue = json.loads(self.check_rounds("api", f"repos/{REPO}/issues/1"))
        self.assertEqual(issue["number"], 1)

    def test_gh_api_include_shows_the_nodes_fields(self):
        self.gh("api", f"repos/{REPO}/issues/1")
        out = self.gh("api", "-i", f"repos/{REPO}/issues/1")
        self.assertIn("runmesh; hit", out)

    def test_gh_api_paginate_over_5_pages(self):
        with self.mock.between() as seen:
            out = self.gh("api", "--paginate", "--jq", ".[].number", ISSUES)
        numbers = [int(line) for line in out.split()]
        self.assertEqual(len(seen.records), 5, seen.brief())
        direct = []
        for page in range(1, 6):
            direct += [issue["number"] for issue in
                       self.mock.ask(f"/{ISSUES}&page={page}", token="tok-x").json()]
        self.assertEqual(numbers, direct)
        self.assertEqual(len(numbers), len(set(numbers)))

    def test_gh_api_paginate_again_costs_nothing(self):
        self.check_rounds("api", "--paginate", "--jq", ".[].number", ISSUES)

    def test_gh_run_list(self):
        out = self.check_rounds("run", "list", "-R", REPO, "--limit", "20", "--json",
                                "databaseId,status,workflowName")
        runs = json.loads(out)
        self.assertEqual(len(runs), 20)
        self.assertTrue(all(run["workflowName"] for run in runs))

    def test_gh_run_view(self):
        runs = json.loads(self.gh("api", f"repos/{REPO}/actions/runs?per_page=1"))
        run = runs["workflow_runs"][0]
        out = self.check_rounds("run", "view", str(run["id"]), "-R", REPO)
        self.assertIn("build", out)

    def test_gh_run_view_as_json_with_jobs(self):
        runs = json.loads(self.gh("api", f"repos/{REPO}/actions/runs?per_page=1"))
        run = runs["workflow_runs"][0]
        out = self.check_rounds("run", "view", str(run["id"]), "-R", REPO, "--json",
                                "databaseId,status,jobs")
        self.assertTrue(json.loads(out)["jobs"])

    def test_gh_release_list(self):
        first = self.gh("release", "list", "-R", REPO)
        self.assertIn("v1.", first)
        self.assertEqual(first, self.gh("release", "list", "-R", REPO))

    def test_gh_repo_view_is_graphql_and_passes(self):
        with self.mock.between() as seen:
            out = self.gh("repo", "view", REPO)
        self.assertIn("hello-world", out)
        self.assertIn(("POST", "/graphql"),
                      [(record["method"], record["target"]) for record in seen.records])

    def test_gh_repo_view_as_json(self):
        out = json.loads(self.gh("repo", "view", REPO, "--json", "name,isPrivate"))
        self.assertEqual((out["name"], out["isPrivate"]), ("hello-world", False))

    def test_gh_api_post_creates(self):
        before = json.loads(self.gh("api", f"repos/{REPO}/issues?per_page=1"))[0]["number"]
        made = json.loads(self.gh("api", "-X", "POST", f"repos/{REPO}/issues", "-f", "title=hello"))
        self.assertGreater(made["number"], before)
        again = json.loads(self.gh("api", f"repos/{REPO}/issues?per_page=1"))
        self.assertEqual(again[0]["title"], "hello")

    def test_missing_repository_is_githubs_404(self):
        code, out, errors = harness.run(["gh", "api", "repos/octocat/none-such"], self.environment)
        self.assertEqual(code, 1)
        self.assertIn("Not Found", out + errors)

    def test_private_field_of_gh_does_not_reach_github(self):
        with self.mock.between() as seen:
            self.gh("api", "--cache", "60s", f"repos/{REPO}/labels")
        names = {name.lower() for record in seen.records for name, _ in record["headers"]}
        self.assertNotIn("x-gh-cache-ttl", names)
        self.assertTrue(names)


class TestGhAndAStandInForGitHub(GhBench):
    """A stand-in that names itself in Link: over the socket it is called api.github.com."""
    mock_options = ()

    def test_every_page_is_asked_for_with_the_token(self):
        with self.mock.between() as seen:
            self.gh("api", "--paginate", "--jq", ".[].number", ISSUES)
        self.assertEqual([record["token"] for record in seen.records], [TOKEN] * 5)


if __name__ == "__main__":
    harness.main()
