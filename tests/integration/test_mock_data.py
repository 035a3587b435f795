"""mock-github: pages, representations, git, writing."""
import hashlib
import json
import os

import harness
import mock_case
import wire
from mock_case import AGENT, REPO, TOKEN


class TestPages(mock_case.MockCase):
    def test_walk_reaches_every_element_once(self):
        numbers, path, pages = [], f"{REPO}/issues?state=all", 0
        while path:
            answer = self.get(path)
            numbers += [issue["number"] for issue in answer.json()]
            following = answer.links().get("next")
            path = following and following[len(self.mock.url):]
            pages += 1
        self.assertEqual((pages, sorted(numbers)), (5, list(range(1, 143))))

    def test_link_keeps_the_query_and_uses_ids(self):
        answer = self.get(f"{REPO}/issues?per_page=10&page=2&state=all")
        base = f"{self.mock.url}/repositories/1296269/issues?per_page=10&page="
        self.assertEqual(answer.links(), {
            rel: f"{base}{page}&state=all"
            for rel, page in (("prev", 1), ("next", 3), ("last", 15), ("first", 1))})
        self.assertEqual(self.get("/repositories/1296269/issues?per_page=10&page=2&state=all").body,
                         answer.body)

    def test_page_beyond_the_end_is_empty(self):
        answer = self.get(f"{REPO}/labels?page=7")
        self.assertEqual((answer.status, answer.body), (200, b"[]"))

    def test_full_last_page_grows_without_a_trace(self):
        full = self.get(f"{REPO}/labels")
        self.assertEqual((len(full.json()), full.header("Link")), (30, None))
        self.mock.change(f"{REPO}/labels", add=1)
        self.assertEqual(self.revalidate(f"{REPO}/labels", full.header("ETag")).status, 304)
        self.assertIn("next", self.get(f"{REPO}/labels").links())
        self.assertEqual(len(self.get(f"{REPO}/labels?page=2").json()), 1)

    def test_runs_are_filtered_and_wrapped(self):
        running = self.get(f"{REPO}/actions/runs?status=in_progress").json()
        done = self.get(f"{REPO}/actions/runs?status=completed&per_page=5").json()
        self.assertEqual((running["total_count"], done["total_count"]), (1, 39))
        self.assertEqual(len(done["workflow_runs"]), 5)
        run = running["workflow_runs"][0]["id"]
        self.mock.change(f"{REPO}/actions/runs/{run}",
                         set={"status": "completed", "conclusion": "success"})
        self.assertEqual(
            self.get(f"{REPO}/actions/runs?status=in_progress").json()["total_count"], 0)

    def test_host_of_links_is_the_one_that_was_asked(self):
        answer = self.get(f"{REPO}/issues", headers=[])
        asked = wire.ask(("127.0.0.1", self.mock.port), f"{REPO}/issues", TOKEN, headers=[AGENT],
                         host="api.github.com")
        self.assertTrue(answer.links()["next"].startswith(self.mock.url))
        self.assertTrue(asked.links()["next"].startswith("https://api.github.com/repositories/"))


class TestRepresentations(mock_case.MockCase):
    def test_media_types_are_folded_or_kept(self):
        plain = self.get(f"{REPO}/readme").json()
        for accept in ("application/vnd.github+json", "application/vnd.github.v3+json", "*/*",
                       "application/json", ""):
            self.assertEqual(self.get(f"{REPO}/readme", headers=[("Accept", accept)]).json(), plain)
        raw = self.get(f"{REPO}/readme", headers=[("Accept", "application/vnd.github.raw+json")])
        self.assertEqual(len(raw.body), plain["size"])
        self.assertEqual(self.status(REPO, headers=[("Accept", "text/plain")]), 415)

    def test_api_versions_differ(self):
        old = self.get(REPO).json()
        new = self.get(REPO, headers=[("X-GitHub-Api-Version", "2026-03-10")])
        self.assertEqual(set(old) - set(new.json()), {"has_downloads"})
        self.assertEqual(new.header("x-github-api-version-selected"), "2026-03-10")
        self.assertEqual(self.status(REPO, headers=[("X-GitHub-Api-Version", "1999-01-01")]), 400)

    def test_git_objects_are_named_as_git_names_them(self):
        listed = self.get(f"{REPO}/contents/README.md").json()
        raw = self.get(f"{REPO}/git/blobs/{listed['sha']}",
                       headers=[("Accept", "application/vnd.github.raw")]).body
        self.assertEqual(hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest(), listed["sha"])
        tree = self.get(f"{REPO}/git/trees/main").json()
        data = b"".join(
            b"%s %s\0%s" % (entry["mode"].lstrip("0").encode(), entry["path"].encode(),
                            bytes.fromhex(entry["sha"])) for entry in tree["tree"])
        self.assertEqual(hashlib.sha1(b"tree %d\0" % len(data) + data).hexdigest(), tree["sha"])

    def test_writing_a_file_is_a_commit(self):
        before = self.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
        body = json.dumps({"message": "new", "content": "bmV3Cg=="})
        made = self.get(f"{REPO}/contents/docs/new.md", method="PUT", body=body)
        again = self.get(f"{REPO}/contents/docs/new.md", method="PUT", body=body)
        self.assertEqual((made.status, again.status), (201, 409))
        commit = self.get(f"{REPO}/commits/main").json()
        self.assertEqual(commit["parents"][0]["sha"], before)
        raw = self.get(f"{REPO}/contents/docs/new.md",
                       headers=[("Accept", "application/vnd.github.raw")])
        self.assertEqual(raw.body, b"new\n")
        self.assertEqual(self.status(f"{REPO}/contents/docs/new.md?ref={before}"), 404)

    def test_issues_can_be_written_and_deleted(self):
        made = self.get(f"{REPO}/issues", method="POST", body='{"title": "new", "labels": ["bug"]}')
        issue = made.json()
        path = f"{REPO}/issues/{issue['number']}"
        self.assertEqual((made.status, issue["title"], issue["labels"][0]["name"]),
                         (201, "new", "bug"))
        self.assertEqual(self.get(f"{REPO}/issues").json()[0]["number"], issue["number"])
        self.get(path, method="PATCH", body='{"state": "closed"}')
        self.assertEqual(self.get(path).json()["state"], "closed")
        self.mock.change(path, delete=True)
        self.assertEqual(self.status(path), 410)

    def test_rename_redirects_and_renames_all_fields(self):
        self.get(f"{REPO}/issues")
        self.mock.change(REPO, rename="renamed")
        self.assertEqual(self.status(REPO), 301)
        issue = self.get("/repos/octocat/renamed/issues/1").json()
        self.assertIn("/octocat/renamed/issues/1", issue["url"])

    def test_statistics_are_computed_at_the_second_look(self):
        path = f"{REPO}/stats/contributors"
        self.assertEqual([self.status(path), self.status(path)], [202, 200])

    def test_downloads_have_another_signature_each_time(self):
        run = self.get(f"{REPO}/actions/runs").json()["workflow_runs"][0]["id"]
        seen = [self.get(f"{REPO}/actions/runs/{run}/logs") for _ in range(2)]
        self.assertEqual([answer.status for answer in seen], [302, 302])
        self.assertNotEqual(seen[0].header("Location"), seen[1].header("Location"))

    def test_head_has_the_headers_of_get(self):
        get, head = self.get(REPO), self.get(REPO, method="HEAD")
        self.assertEqual((head.status, head.body), (200, b""))
        for name in ("ETag", "Content-Length", "Content-Type", "Last-Modified"):
            self.assertEqual(head.header(name), get.header(name))

    def test_same_seed_gives_the_same_data(self):
        body = self.get(f"{REPO}/actions/runs").body
        self.mock.kill()
        os.unlink(self.mock.log)
        self.mock = harness.Mock(self.folder, "--seed", "1")
        self.addCleanup(self.mock.kill)
        self.assertEqual(self.get(f"{REPO}/actions/runs").body, body)


if __name__ == "__main__":
    harness.main()
