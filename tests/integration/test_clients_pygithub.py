"""PyGithub with base_url, in this process."""
import warnings

import github

import harness
from harness import TOKEN

REPO = "octocat/hello-world"


class TestPyGithub(harness.Bench):
    node_options = ("--set", "github.time_scale=20")

    def setUp(self):
        super().setUp()
        # PyGithub 1.55 leaves the closing of its connections to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        self.github = self.connect()

    def connect(self):
        return github.Github(TOKEN, base_url=self.node.url, per_page=30, retry=0)

    def check_second_round_is_free(self, work):
        """work(github) three times: cold, fresh, stale."""
        with self.mock.between() as cold:
            first = work(self.connect())
        self.assertTrue(cold.records)
        with self.mock.between() as warm:
            second = work(self.connect())
        self.assertEqual(warm.requests, 0, warm.brief())
        for target in cold.targets():
            self.node.wait_stale(target)
        with self.mock.between() as stale:
            third = work(self.connect())
        self.assertTrue(stale.records)
        self.assertEqual(stale.charged, 0, stale.brief())
        self.assertEqual(first, second)
        self.assertEqual(first, third)
        return first

    def test_repository_is_read_whole(self):
        name = self.check_second_round_is_free(lambda hub: hub.get_repo(REPO).full_name)
        self.assertEqual(name, REPO)

    def test_paginated_list_is_complete(self):
        numbers = self.check_second_round_is_free(
            lambda hub: [issue.number for issue in hub.get_repo(REPO).get_issues()])
        direct = []
        for page in range(1, 6):
            path = f"/repos/{REPO}/issues?per_page=30&page={page}"
            direct += [issue["number"] for issue in self.mock.ask(path, token="tok-x").json()]
        self.assertEqual(numbers, direct)

    def test_reversed_list_follows_the_last_link(self):
        issues = self.github.get_repo(REPO).get_issues()
        forward = [issue.number for issue in issues]
        self.assertEqual([issue.number for issue in issues.reversed], forward[::-1])

    def test_lazily_completed_objects_stay_on_the_node(self):
        def work(hub):
            repo = next(repo for repo in hub.get_user().get_repos() if repo.full_name == REPO)
            return repo.subscribers_count, repo.network_count

        direct = self.mock.ask(f"/repos/{REPO}", token=TOKEN).json()
        self.assertTrue(direct["url"].startswith("https://api.github.com/"))
        values = self.check_second_round_is_free(work)
        self.assertEqual(values, (direct["subscribers_count"], direct["network_count"]))

    def test_objects_inside_objects_complete_themselves(self):
        issue = self.github.get_repo(REPO).get_issue(1)
        self.assertTrue(issue.user.name)
        self.assertEqual(issue.repository.full_name, REPO)
        self.assertTrue(len(list(issue.get_comments())) > 0)

    def test_pull_request_completes_itself(self):
        pull = self.github.get_repo(REPO).get_pulls()[0]
        self.assertIsNotNone(pull.mergeable_state)
        self.assertTrue(list(pull.get_files()))

    def test_workflow_runs_and_jobs(self):
        def work(hub):
            run = hub.get_repo(REPO).get_workflow_runs()[0]
            return run.id, run.status, run.conclusion

        self.check_second_round_is_free(work)

    def test_releases_contents_and_branches(self):
        def work(hub):
            repo = hub.get_repo(REPO)
            readme = repo.get_readme().decoded_content
            return ([release.tag_name for release in repo.get_releases()], readme,
                    [branch.name for branch in repo.get_branches()])

        releases, readme, branches = self.check_second_round_is_free(work)
        self.assertTrue(releases and readme and branches)

    def test_update_tells_truly_whether_something_changed(self):
        repo = self.github.get_repo(REPO)
        issue = repo.get_issue(1)
        self.assertFalse(issue.update(), "nothing changed")
        target = f"/repos/{REPO}/issues/1"
        self.mock.change(target, set={"title": "quite another title"})
        self.node.wait_stale(target)
        self.assertTrue(issue.update(), "it changed")
        self.assertEqual(issue.title, "quite another title")
        self.assertFalse(issue.update(), "nothing changed since")

    def test_404_is_an_exception_of_githubs_shape(self):
        with self.assertRaises(github.UnknownObjectException) as caught:
            self.github.get_repo("octocat/none-such")
        self.assertEqual(caught.exception.status, 404)
        self.assertEqual(caught.exception.data["message"], "Not Found")

    def test_bad_credentials_are_an_exception(self):
        hub = github.Github("tok-invalid-1", base_url=self.node.url, retry=0)
        with self.assertRaises(github.BadCredentialsException):
            hub.get_user().login

    def test_issue_is_created_and_seen_at_once(self):
        repo = self.github.get_repo(REPO)
        before = repo.get_issues()[0].number
        made = repo.create_issue("made by PyGithub")
        self.assertGreater(made.number, before)
        self.assertEqual(repo.get_issues()[0].title, "made by PyGithub")
        made.edit(title="edited")
        self.assertEqual(repo.get_issue(made.number).title, "edited")

    def test_enterprise_prefix_works_too(self):
        hub = github.Github(TOKEN, base_url=f"{self.node.url}/api/v3", retry=0)
        self.assertEqual(hub.get_repo(REPO).full_name, REPO)
        self.assertEqual(len([issue.number for issue in hub.get_repo(REPO).get_issues()]),
                         len([issue.number for issue in self.github.get_repo(REPO).get_issues()]))

    def test_rate_limit_is_the_live_one(self):
        self.github.get_repo(REPO)
        remaining, limit = self.github.rate_limiting
        self.assertEqual(limit, 5000)
        self.assertLess(remaining, 5000)


if __name__ == "__main__":
    harness.main()
