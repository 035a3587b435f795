"""mock-github itself: what every other test takes for GitHub must be right first.

The ETag recipe is computed anew (mock_case.py): neither mock nor node is its own witness.
"""
import concurrent.futures
import gzip
import hashlib
import json
import signal
import time

import harness
import mock_case
import wire
from mock_case import AGENT, OTHER, REPO, SECRET, TOKEN, recipe


class TestEtag(mock_case.MockCase):
    def test_authenticated_etag_follows_the_recipe(self):
        answer = self.get(REPO, headers=[("Accept", "application/vnd.github+json")])
        expected = recipe(answer.body, "application/vnd.github+json", f"token {TOKEN}")
        self.assertEqual(answer.header("ETag"), expected)

    def test_scheme_and_cookie_are_hashed_verbatim(self):
        answer = wire.ask(("127.0.0.1", self.mock.port), REPO, TOKEN, "Bearer",
                          headers=[AGENT, ("Cookie", "a=b")])
        self.assertEqual(answer.header("ETag"), recipe(answer.body, f"Bearer {TOKEN}", "a=b"))

    def test_anonymous_etag_knows_accept_alone(self):
        answer = self.get(REPO, token=None, headers=[("Accept", "*/*"), ("Cookie", "a=b")])
        self.assertTrue(answer.header("Vary").startswith("Accept,Accept-Encoding"))
        self.assertEqual(answer.header("ETag"), recipe(answer.body, "*/*"))

    def test_gzip_has_the_same_tag_but_weak(self):
        plain = self.get(REPO)
        packed = self.get(REPO, headers=[("Accept-Encoding", "gzip")])
        self.assertEqual(packed.header("Content-Encoding"), "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(packed.header("ETag"), "W/" + plain.header("ETag"))

    def test_pretty_printing_happens_after_hashing(self):
        plain = self.get(REPO)
        pretty = wire.ask(("127.0.0.1", self.mock.port), REPO, TOKEN,
                          headers=[("User-Agent", "curl/7.88")])
        self.assertIn(b'\n  "id": 1296269,\n', pretty.body)
        self.assertEqual(json.loads(pretty.body), plain.json())
        self.assertEqual(pretty.header("ETag"), plain.header("ETag"))

    def test_etag_of_an_empty_list_is_known_without_asking(self):
        empty = recipe(b"[]", f"token {TOKEN}")
        answer = self.revalidate(f"{REPO}/issues?page=99", empty)
        self.assertEqual(answer.status, 304)


class TestConditional(mock_case.MockCase):
    def test_authenticated_304_is_free_and_bare(self):
        first = self.get(f"{REPO}/issues")
        used = int(first.header("X-RateLimit-Used"))
        answer = self.revalidate(f"{REPO}/issues", "W/" + first.header("ETag"))
        self.assertEqual((answer.status, answer.body), (304, b""))
        self.assertEqual(answer.header("ETag"), first.header("ETag"))
        self.assertEqual(int(answer.header("X-RateLimit-Used")), used)
        for name in ("Link", "Transfer-Encoding", "Content-Type", "Content-Encoding"):
            self.assertIsNone(answer.header(name), name)
        self.assertIsNotNone(first.header("Link"))

    def test_anonymous_304_is_charged(self):
        first = self.get(REPO, token=None)
        answer = self.revalidate(REPO, first.header("ETag"), token=None)
        self.assertEqual(answer.status, 304)
        self.assertEqual(int(answer.header("X-RateLimit-Used")), 2)
        self.assertEqual(self.mock.stats()["tokens"]["anonymous"]["charged"], 2)

    def test_list_and_star_match_but_unquoted_does_not(self):
        tag = self.get(REPO).header("ETag")
        self.assertEqual(self.revalidate(REPO, f'"x", W/"y" , {tag}').status, 304)
        self.assertEqual(self.revalidate(REPO, "*").status, 304)
        self.assertEqual(self.revalidate(REPO, tag.strip('"')).status, 200)
        self.assertEqual(self.revalidate(REPO, '"x"').status, 200)

    def test_computed_tag_of_another_token_proves_access(self):
        body = self.get(SECRET).body
        tag = recipe(body, f"token {OTHER}")
        self.assertEqual(self.revalidate(SECRET, tag, OTHER).status, 304)
        self.assertEqual(self.revalidate(SECRET, tag, TOKEN).status, 200)
        refused = self.revalidate(SECRET, recipe(body, "token tok-noaccess"), "tok-noaccess")
        self.assertEqual(refused.status, 404)

    def test_last_modified_is_honoured_without_a_tag(self):
        modified = self.get(f"{REPO}/issues/1").header("Last-Modified")
        since = ("If-Modified-Since", modified)
        self.assertEqual(self.status(f"{REPO}/issues/1", headers=[since]), 304)
        both = [since, ("If-None-Match", '"other"')]
        self.assertEqual(self.status(f"{REPO}/issues/1", headers=both), 200)
        self.mock.change(f"{REPO}/issues/1")
        self.assertEqual(self.status(f"{REPO}/issues/1", headers=[since]), 200)

    def test_redirects_are_charged(self):
        answer = self.get("/repos/octocat/old-name/issues?page=2")
        self.assertEqual(answer.status, 301)
        target = self.get("/repos/octocat/new-name").json()["id"]
        self.assertEqual(answer.header("Location"),
                         f"{self.mock.url}/repositories/{target}/issues?page=2")
        path = "GET /repos/octocat/old-name/issues?page=2"
        self.assertEqual(self.mock.stats()["paths"][path]["charged"], 1)


class TestAccess(mock_case.MockCase):
    def test_private_repository_is_hidden_as_absent(self):
        self.assertEqual(self.status(SECRET), 200)
        for token in (None, "tok-noaccess-1"):
            answer = self.get(SECRET, token)
            absent = self.get("/repos/octo-org/absent", token)
            self.assertEqual((answer.status, answer.body), (absent.status, absent.body))
            self.assertEqual(answer.json(), {
                "message": "Not Found", "documentation_url": "https://docs.github.com/rest",
                "status": "404"})

    def test_permission_is_granted_and_withdrawn(self):
        self.mock.token("tok-noaccess-2", repos=["octo-org/secret"])
        self.assertEqual(self.status(SECRET, "tok-noaccess-2"), 200)
        self.assertEqual(self.status("/repos/octo-org/internal-tools", "tok-noaccess-2"), 404)
        self.mock.token("tok-noaccess-2", deny=["octo-org/secret"])
        self.assertEqual(self.status(SECRET, "tok-noaccess-2"), 404)

    def test_lists_show_what_the_token_may_read(self):
        path = "/orgs/octo-org/repos?per_page=100"
        everything = {repo["name"] for repo in self.get(path).json()}
        public = {repo["name"] for repo in self.get(path, None).json()}
        self.assertEqual(everything - public, {"secret", "internal-tools"})

    def test_visibility_follows_a_change(self):
        self.mock.change("/repos/octo-org/app-01", visibility="private")
        self.assertEqual(self.status("/repos/octo-org/app-01", None), 404)
        self.assertEqual(self.get("/repos/octo-org/app-01").json()["private"], True)

    def test_bad_credentials_are_refused(self):
        for token in ("tok-invalid", "unheard-of"):
            answer = self.get(REPO, token)
            self.assertEqual((answer.status, answer.json()["message"]), (401, "Bad credentials"))
        self.mock.token("unheard-of")
        self.assertEqual(self.status(REPO, "unheard-of"), 200)

    def test_all_schemes_are_one_token(self):
        for scheme, value in (("token", TOKEN), ("Bearer", TOKEN),
                              ("Basic", "eDp0b2stZmlyc3Q=")):  # x:tok-first
            answer = wire.ask(("127.0.0.1", self.mock.port), "/user", value, scheme,
                              headers=[AGENT])
            self.assertEqual(answer.status, 200, scheme)
        self.assertEqual(self.mock.stats()["tokens"][TOKEN]["requests"], 3)

    def test_user_agent_is_demanded(self):
        answer = wire.ask(("127.0.0.1", self.mock.port), REPO, TOKEN)
        self.assertEqual(answer.status, 403)
        self.assertIn(b"User-Agent", answer.body)


class TestLimits(mock_case.MockCase):
    options = ("--limit", "5", "--anonymous-limit", "2", "--time-scale", "3600",
               "--search-limit", "1")

    def test_primary_limit_closes_and_reopens(self):
        self.mock.token("tok-a", limit=3, owner="someone")
        self.mock.token("tok-b", limit=3, owner="someone")
        seen = [self.get(REPO, token) for token in ("tok-a", "tok-b", "tok-a", "tok-b")]
        self.assertEqual([answer.status for answer in seen], [200, 200, 200, 403])
        self.assertEqual([answer.header("X-RateLimit-Remaining") for answer in seen],
                         ["2", "1", "0", "0"])
        self.assertIn("API rate limit exceeded", seen[3].json()["message"])
        self.assertEqual(self.status("/rate_limit", "tok-b"), 200)
        harness.wait_for(lambda: self.status(REPO, "tok-b") == 200, "the window is over", 5)

    def test_anonymous_callers_share_one_quota(self):
        statuses = [self.status(REPO, None) for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 403])

    def test_resources_have_their_own_quota(self):
        self.mock.set(search_limit=1)
        search = "/search/issues?q=crash+repo:octocat/hello-world"
        first = self.get(search)
        self.assertEqual(first.header("X-RateLimit-Resource"), "search")
        self.assertGreater(first.json()["total_count"], 5)
        self.assertEqual(self.get("/rate_limit").json()["resources"]["core"]["used"], 0)


class TestCounting(mock_case.MockCase):
    def test_counters_tell_requests_charges_and_304s(self):
        tag = self.get(REPO).header("ETag")
        self.revalidate(REPO, tag)
        self.get(REPO, OTHER)
        self.get("/nothing")
        stats = self.mock.stats()
        self.assertEqual((stats["requests"], stats["charged"], stats["not_modified"]), (4, 3, 1))
        self.assertEqual(stats["paths"][f"GET {REPO}"]["requests"], 3)
        self.assertEqual(stats["by_status"], {"200": 2, "304": 1, "404": 1})
        self.mock.reset()
        self.assertEqual(self.mock.stats()["requests"], 0)

    def test_first_fetches_and_changes_seen_are_what_a_poller_must_pay(self):
        targets = [f"{REPO}/issues", f"{REPO}/issues/1", f"{REPO}/pulls"]
        tags = {}
        for turn in range(4):
            for target in targets:
                answer = self.revalidate(target, tags.get(target, '"none"'))
                tags[target] = answer.header("ETag")
            if turn == 1:
                self.mock.change(f"{REPO}/issues/1")
                self.mock.change(f"{REPO}/issues/1")
        stats = self.mock.stats()
        self.assertEqual((stats["first_fetches"], stats["changes_seen"]), (3, 1))
        # Issue 1 is not on the first page of the list: its body did not change.
        self.assertEqual(stats["charged"], 4)
        self.assertEqual(len(self.mock.history(f"{REPO}/issues/1")), 3)
        self.assertEqual(len(self.mock.history(f"{REPO}/issues")), 1)

    def test_history_dates_and_hashes_each_body(self):
        path = f"{REPO}/actions/runs?status=completed&per_page=3"
        first = self.get(path).body
        before = self.mock.stats()["now_ms"]
        self.mock.change(f"{REPO}/actions/runs", add=1, set={"status": "completed"})
        second = self.get(path).body
        self.mock.change(f"{REPO}/actions/runs", add=1)
        history = self.mock.history(path)
        self.assertEqual([version["sha256"] for version in history][0],
                         hashlib.sha256(first).hexdigest())
        self.assertEqual(history[-1]["sha256"], hashlib.sha256(second).hexdigest())
        self.assertGreaterEqual(history[-1]["ms"], before)

    def test_log_shows_the_target_and_headers_as_received(self):
        target = "/a%2Fb/%0d%0aX:%20y//..;c?q=%00&q=+&"
        wire.raw(("127.0.0.1", self.mock.port),
                 f"GET {target} HTTP/1.1\r\nHost: h\r\nuser-AGENT: t\r\nX-Odd:  a b\r\n"
                 "Connection: close\r\n\r\n")
        record = self.mock.records()[-1]
        self.assertEqual((record["target"], record["status"]), (target, 404))
        self.assertIn(["user-AGENT", "t"], record["headers"])
        self.assertIn(["X-Odd", "a b"], record["headers"])

    def test_ends_on_sigterm_while_a_body_trickles(self):
        self.mock.fault("slow", ms=50)
        with wire.open_socket(("127.0.0.1", self.mock.port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\n\r\n")
            connection.recv(1)
            self.mock.signal(signal.SIGTERM)
            self.assertEqual(self.mock.wait(), 0)

    def test_ends_on_sigterm_with_requests_in_flight(self):
        self.mock.set(latency_ms=60000)
        with wire.open_socket(("127.0.0.1", self.mock.port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\n\r\n")
            harness.wait_for(lambda: self.mock.stats()["in_flight"] == 1, "it is in flight")
            self.mock.signal(signal.SIGTERM)
            self.assertEqual(self.mock.wait(), 0)


class TestLatency(mock_case.MockCase):
    options = ("--latency-ms", "300")

    def test_many_requests_wait_side_by_side(self):
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(256) as pool:
            statuses = list(pool.map(lambda _: self.status(REPO), range(256)))
        self.assertEqual(statuses, [200] * 256)
        stats = self.mock.stats()
        self.assertEqual((stats["requests"], stats["charged"], stats["in_flight"]), (256, 256, 0))
        self.assertGreater(stats["max_in_flight"], 100)
        self.assertGreater(time.monotonic() - begin, 0.3)


if __name__ == "__main__":
    harness.main()
