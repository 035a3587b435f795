"""Lists in pages: complete at any time, on the node all the way, one repository by both names."""
import urllib.parse

import harness
from harness import OTHER_TOKEN, TOKEN

REPO = "/repos/octo-org/app-00"
LABELS = f"{REPO}/labels"


def path_of(url):
    parts = urllib.parse.urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class TestPages(harness.Bench):
    node_options = ("--set", "github.time_scale=30")

    def walk(self, path, token=TOKEN):
        """All elements, following next through the node."""
        found = []
        while path:
            answer = self.node.ask(path, token)
            self.assert_status(answer, 200)
            found += answer.json()
            following = answer.links().get("next")
            if following:
                self.assertTrue(following.startswith(self.node.url + "/"), following)
            path = path_of(following) if following else None
        return found

    def names(self, path=f"{LABELS}?per_page=9"):
        return [label["name"] for label in self.walk(path)]

    def test_page_that_is_full_and_last_shows_the_next_page_when_there_is_one(self):
        """Body and ETag of the first page stay when a tenth label comes; only Link changes."""
        path = f"{LABELS}?per_page=9"
        self.assertEqual(len(self.names()), 9)
        self.mock.change(LABELS, add=1)
        self.node.wait_stale(path)
        with self.mock.between() as seen:
            self.assertEqual(len(self.names()), 10)
        self.assertLessEqual(seen.charged, 3, "the probe and both pages at most")
        self.node.wait_stale(path)
        with self.mock.between() as seen:
            self.assertEqual(len(self.names()), 10)
        self.assertEqual(seen.charged, 0, seen.brief())

    def test_full_last_page_that_stays_last_costs_only_free_304s(self):
        path = f"{LABELS}?per_page=9"
        self.names()
        for _ in range(3):
            self.node.wait_stale(path)
            with self.mock.between() as seen:
                self.assertEqual(len(self.names()), 9)
            self.assertEqual(seen.charged, 0, seen.brief())
            self.assertEqual(seen.not_modified, seen.requests)

    def test_full_last_page_of_the_default_size_is_understood(self):
        self.mock.change(LABELS, add=21)
        self.assertEqual(len(self.walk(LABELS)), 30)
        self.mock.change(LABELS, add=1)
        self.node.wait_stale(LABELS)
        self.assertEqual(len(self.walk(LABELS)), 31)

    def test_full_page_beyond_the_first_grows_too(self):
        path = f"{LABELS}?per_page=3"
        self.assertEqual(len(self.walk(path)), 9)
        self.mock.change(LABELS, add=1)
        last = path_of(self.node.ask(path).links()["last"])
        self.node.wait_stale(path)
        self.node.wait_stale(last)
        self.assertEqual(len(self.walk(path)), 10)

    def test_link_of_a_304_is_believed(self):
        path = f"{LABELS}?per_page=9"
        self.names()
        self.mock.fault("link-on-304", count=-1)
        self.mock.change(LABELS, add=1)
        self.node.wait_stale(path)
        self.assertEqual(len(self.names()), 10)

    def test_list_that_shrinks_loses_its_next_page(self):
        self.mock.change(LABELS, add=1)
        self.assertEqual(len(self.names()), 10)
        name = self.names()[-1]
        self.mock.change(f"{LABELS}/{name}", delete=True)
        for path in (f"{LABELS}?per_page=9", self.second_page()):
            self.node.wait_stale(path)
        self.assertNotIn(name, self.names())

    def second_page(self):
        following = self.node.ask(f"{LABELS}?per_page=9").links().get("next")
        return path_of(following) if following else f"{LABELS}?per_page=9"

    def test_empty_list_is_kept_and_revalidated_for_free(self):
        path = f"{LABELS}?per_page=9&page=7"
        self.assertEqual(self.node.ask(path).json(), [])
        self.assertTrue(self.node.ask(path).is_hit())
        self.node.wait_stale(path)
        with self.mock.between() as seen:
            self.assertEqual(self.node.ask(path).json(), [])
        self.assertEqual(seen.charged, 0)


class TestNames(harness.Bench):
    def test_pages_under_the_numeric_id_share_the_proof_of_the_name(self):
        first = self.node.ask("/repos/octo-org/secret/issues?per_page=5")
        following = path_of(first.links()["next"])
        self.assertTrue(following.startswith("/repositories/"))
        self.node.ask(following)
        self.node.ask("/repos/octo-org/secret/issues?per_page=5", OTHER_TOKEN)
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(following, OTHER_TOKEN), 200)
        self.assertEqual(seen.charged, 0, seen.brief())

    def test_third_token_gets_no_page_under_either_name(self):
        first = self.node.ask("/repos/octo-org/secret/issues?per_page=5")
        following = path_of(first.links()["next"])
        self.node.ask(following)
        for path in (following, "/repos/octo-org/secret/issues?per_page=5"):
            self.assert_status(self.node.ask(path, harness.NO_ACCESS), 404)

    def test_invalidation_by_name_reaches_the_numeric_pages(self):
        first = self.node.ask("/repos/octocat/hello-world/issues?per_page=5")
        following = path_of(first.links()["next"])
        self.node.ask(following)
        self.assertTrue(self.node.ask(following).is_hit())
        self.node.ask("/-/invalidate", None, "POST",
                      body='{"prefix": "/repos/octocat/hello-world"}')
        self.assertFalse(self.node.ask(following).is_hit())

    def test_redirect_of_a_renamed_repository_is_kept_per_proof(self):
        path = "/repos/octocat/old-name"
        answer = self.node.ask(path)
        self.assert_status(answer, 301)
        with self.mock.between() as seen:
            again = self.node.ask(path)
            self.assert_status(again, 301)
            self.assertEqual(again.header("Location"), answer.header("Location"))
        self.assertEqual(seen.requests, 0, seen.brief())
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(path, OTHER_TOKEN), 301)
        self.assertEqual(seen.requests, 1, "another token asks for itself")

    def test_download_redirects_are_never_kept(self):
        path = "/repos/octocat/hello-world/tarball/main"
        with self.mock.between() as seen:
            for _ in range(2):
                self.assert_status(self.node.ask(path), 302)
        self.assertEqual(seen.requests, 2)


if __name__ == "__main__":
    harness.main()
