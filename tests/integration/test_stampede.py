"""Many clients at once, and tokens that change with every job: one request upstream."""
import threading

import harness
import wire
from harness import OTHER_TOKEN, TOKEN

CLIENTS = 200
PRIVATE = "/repos/octo-org/secret/issues"


def request_text(path, token, port, fields=""):
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: token {token}\r\n"
            f"{fields}\r\n").encode()


def ask_together(node, path, tokens, fields=""):
    """All connections first, then all requests, then all answers."""
    connections = [wire.open_socket(node.address) for _ in tokens]
    try:
        for connection, token in zip(connections, tokens):
            connection.sendall(request_text(path, token, node.port, fields))
        return [wire.Reader(connection).answer() for connection in connections]
    finally:
        for connection in connections:
            connection.close()


class TestStampede(harness.Bench):
    mock_options = ("--latency-ms", "300")
    node_options = ("--set", "github.time_scale=20")

    def assert_all_alike(self, answers):
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.body for answer in answers}), 1)

    def check_one_request(self, path, fields=""):
        with self.mock.between() as seen:
            answers = ask_together(self.node, path, [TOKEN] * CLIENTS, fields)
        self.assert_all_alike(answers)
        self.assertEqual(seen.requests, 1, seen.brief())
        return seen, answers

    def test_200_cold_requests_of_one_url_become_one(self):
        seen, answers = self.check_one_request("/repos/octocat/hello-world/issues?per_page=100")
        self.assertEqual(seen.charged, 1)
        self.assertEqual(sum("stored" in answer.trace() for answer in answers), 1)
        self.assertEqual(sum("collapsed" in answer.trace() for answer in answers), CLIENTS - 1)

    def test_200_cold_requests_of_a_private_url_become_one(self):
        self.check_one_request(PRIVATE)

    def test_200_cold_requests_of_a_token_bound_url_become_one(self):
        self.check_one_request("/user/repos?per_page=100")

    def test_200_requests_of_an_expired_url_become_one_free_304(self):
        path = "/repos/octocat/hello-world/actions/runs"
        self.node.ask(path)
        self.node.wait_stale(path)
        seen, answers = self.check_one_request(path)
        self.assertEqual((seen.charged, seen.not_modified), (0, 1), seen.brief())
        self.assertEqual(sum("fwd-status=304" in answer.trace() for answer in answers), 1)
        self.assertEqual(sum("collapsed" in answer.trace() for answer in answers), CLIENTS - 1)

    def test_200_requests_that_insist_on_a_fresh_answer_become_two_at_most(self):
        """One for the first, one for those that came after it was sent."""
        path = "/repos/octocat/hello-world/milestones"
        self.node.ask(path)
        with self.mock.between() as seen:
            answers = ask_together(self.node, path, [TOKEN] * CLIENTS,
                                   "Cache-Control: no-cache\r\n")
        self.assert_all_alike(answers)
        self.assertLessEqual(seen.requests, 2, seen.brief())
        self.assertEqual(seen.not_modified, seen.requests)

    def test_200_requests_of_a_missing_url_become_one(self):
        with self.mock.between() as seen:
            answers = ask_together(self.node, "/repos/octocat/none-such", [TOKEN] * CLIENTS)
        self.assertEqual({answer.status for answer in answers}, {404})
        self.assertEqual(seen.requests, 1, seen.brief())

    def test_50_cold_tokens_cost_one_charged_request_and_a_304_each(self):
        tokens = [f"tok-{number:03}" for number in range(50)]
        with self.mock.between() as seen:
            answers = ask_together(self.node, PRIVATE, tokens)
        self.assert_all_alike(answers)
        self.assertEqual(seen.charged, 1, seen.brief())
        self.assertLessEqual(seen.requests, len(tokens))
        self.assertEqual(seen.not_modified, seen.requests - 1)

    def test_tokens_without_access_do_not_spoil_the_fetch_of_others(self):
        tokens = [harness.NO_ACCESS, TOKEN] * 20
        answers = ask_together(self.node, PRIVATE, tokens)
        self.assertEqual([answer.status for answer in answers], [404, 200] * 20)

    def test_one_slow_url_does_not_hold_up_others(self):
        self.node.ask("/repos/octocat/hello-world/tags")
        self.mock.fault("latency", path="/repos/octocat/hello-world/branches*", ms=3000)
        slow = threading.Thread(
            target=lambda: self.node.ask("/repos/octocat/hello-world/branches"))
        slow.start()
        harness.wait_for(lambda: self.node.stats()["upstream_requests"] >= 2, "it is on its way")
        self.assertTrue(self.node.ask("/repos/octocat/hello-world/tags").is_hit())
        self.assert_status(self.node.ask("/repos/octocat/hello-world/milestones"), 200)
        self.assertTrue(slow.is_alive())
        slow.join()


class TestRotation(harness.Bench):
    URLS = 1000
    BOUND = ("/user/repos?per_page=100&page=1", "/user", "/orgs/octo-org/repos?per_page=50",
             "/users/octocat", "/repos/octocat/hello-world", "/repos/octo-org/secret",
             "/installation/repositories", "/search/issues?q=repo:octocat/hello-world")

    def urls(self):
        repos = [f"/repos/octo-org/app-{number:02}" for number in range(50)]
        urls = [f"{repo}/issues/{number}" for repo in repos for number in range(1, 11)]
        urls += [f"{repo}/actions/runs?per_page={size}" for repo in repos for size in range(1, 11)]
        self.assertEqual(len(urls), self.URLS)
        return urls

    def walk(self, urls, token, headers=()):
        bodies = []
        with self.mock.between() as seen, self.node.client(token) as client:
            for url in urls:
                answer = client.ask(url, headers=headers)
                self.assert_status(answer, 200)
                bodies.append(answer.body)
        return seen, bodies

    def test_after_rotation_every_revalidation_of_1000_urls_is_a_304(self):
        urls = self.urls()
        cold, bodies = self.walk(urls, TOKEN)
        self.assertEqual((cold.requests, cold.charged), (self.URLS, self.URLS))

        revalidate = [("Cache-Control", "max-age=0")]
        for token in (OTHER_TOKEN, "ghs_RotatedJob2", "ghs_RotatedJob3"):
            seen, again = self.walk(urls, token, revalidate)
            self.assertEqual(again, bodies)
            self.assertEqual(seen.requests, self.URLS)
            self.assertEqual((seen.charged, seen.not_modified), (0, self.URLS), token)

    def test_rotated_token_pays_no_quota_even_on_token_bound_routes(self):
        cold, bodies = self.walk(self.BOUND, TOKEN)
        self.assertEqual(cold.charged, len(self.BOUND), cold.brief())
        for token in (OTHER_TOKEN, "ghs_RotatedJob2"):
            seen, again = self.walk(self.BOUND, token)
            self.assertEqual(again, bodies)
            self.assertEqual(seen.charged, 0, seen.brief())
            self.assertEqual(seen.not_modified, len(self.BOUND), seen.brief())
            hits, _ = self.walk(self.BOUND, token)
            self.assertEqual(hits.requests, 0, hits.brief())


if __name__ == "__main__":
    harness.main()
