"""What a client may send, byte by byte, and what of it reaches GitHub."""
import harness
import upstream
import wire
from harness import TOKEN

PATH = "/repos/o/r/labels"


class FrontBench(harness.Bench):
    """An upstream that answers everything with 200 and keeps what it was sent."""

    def setUp(self):
        super().setUp()
        self.upstream = upstream.Upstream(self.serve)
        self.addCleanup(self.upstream.close)
        self.node.stop()
        self.node = harness.Node(self.folder, self.upstream.url)
        self.watch(self.node)
        self.host = f"127.0.0.1:{self.node.port}"

    def serve(self, request, connection):
        connection.sendall(upstream.answer(b'{"a":1}'))
        return True

    def raw(self, text, method="GET"):
        return wire.raw(self.node.address, text, method)

    def request(self, fields="", target=PATH, method="GET", body=""):
        return self.raw(f"{method} {target} HTTP/1.1\r\nHost: {self.host}\r\n{fields}\r\n{body}",
                        method)

    def assert_refused(self, answer, *statuses):
        """Refused in GitHub's shape, or the connection closed; nothing went upstream."""
        self.assertEqual([request.line for request in self.upstream.requests], [])
        if answer is None:
            return
        self.assertIn(answer.status, statuses, answer.body)
        if answer.header("Cache-Status"):
            self.assertIn("message", answer.json())
            self.assertEqual(len(answer.all("Cache-Status")), 1)


class TestAmbiguous(FrontBench):
    def test_lengths_that_contradict_are_refused(self):
        for fields in ("Content-Length: 5\r\nContent-Length: 6\r\n",
                       "Content-Length: 5\r\nContent-Length: 5\r\n",
                       "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                       "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
                       "Content-Length: +5\r\n", "Content-Length: 5,5\r\n",
                       "Content-Length: -1\r\n", "Content-Length: 0x5\r\n", "Content-Length: \r\n",
                       "Content-Length: 99999999999999999999\r\n"):
            with self.subTest(fields):
                self.assert_refused(self.request(fields, method="POST", body="0\r\n\r\n"), 400, 413)

    def test_hosts_that_contradict_are_refused(self):
        one = f"Host: {self.host}\r\n"
        self.assert_refused(self.request(one), 400)
        self.assert_refused(self.request("Host: evil.example\r\n"), 400)
        self.assert_refused(self.raw(f"GET {PATH} HTTP/1.1\r\n\r\n"), 400)
        self.assert_refused(self.raw(f"GET {PATH} HTTP/1.1\r\nHost: \r\n\r\n"), 400)

    def test_foreign_hosts_are_misdirected(self):
        for host in ("evil.example", "api.github.com.evil.example", "127.0.0.1.evil.example",
                     "localhost.evil.example", "github.com", "169.254.169.254", "0.0.0.0"):
            with self.subTest(host):
                answer = self.raw(f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\n\r\n")
                self.assertIsNotNone(answer)
                self.assert_refused(answer, 421)

    def test_own_names_are_answered(self):
        for host in ("localhost", f"localhost:{self.node.port}", "127.0.0.1", "[::1]", "127.9.9.9",
                     "api.github.com", "API.GitHub.com", "api.github.com:443"):
            with self.subTest(host):
                answer = self.raw(f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\n\r\n")
                self.assert_status(answer, 200)

    def test_doubtful_credentials_are_refused(self):
        self.assert_refused(
            self.request("Authorization: token a\r\nAuthorization: token b\r\n"), 400)
        self.assert_refused(
            self.request("Authorization: token a\r\nauthorization: token a\r\n"), 400)
        self.assert_refused(self.request("Authorization: \r\n"), 400)
        self.assert_refused(self.request(f"Authorization: token {'a' * 9000}\r\n"), 431)

    def test_unknown_methods_are_refused(self):
        for method in ("TRACE", "CONNECT", "FOO", "get", "PROPFIND"):
            with self.subTest(method):
                self.assert_refused(self.request(method=method), 405, 501, 400)
        self.assert_refused(self.request(method="OPTIONS", target="*"), 400, 405)

    def test_shapes_of_a_head_are_refused_or_rebuilt_cleanly(self):
        """What the library mends before the node sees it must be whole when it goes upstream."""
        host = f"Host: {self.host}"
        shapes = {
            "bare LF": f"GET {PATH} HTTP/1.1\n{host}\nX-A: b\n\n",
            "bare CR": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-A: b\rX-Evil: 1\r\n\r\n",
            "fold": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-A: b\r\n X-Evil: 1\r\n\r\n",
            "space before colon": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-Evil : 1\r\n\r\n",
            "no colon": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-Evil\r\n\r\n",
            "empty name": f"GET {PATH} HTTP/1.1\r\n{host}\r\n: x\r\n\r\n",
            "NUL in value": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-A: a\0b\r\n\r\n",
            "NUL in name": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX\0-Evil: a\r\n\r\n",
            "high bytes in name": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-\xe9vil: a\r\n\r\n",
            "control in value": f"GET {PATH} HTTP/1.1\r\n{host}\r\nX-A: a\x01b\r\n\r\n",
            "two blanks": f"GET  {PATH}  HTTP/1.1\r\n{host}\r\n\r\n",
            "blank line first": f"\r\nGET {PATH} HTTP/1.1\r\n{host}\r\n\r\n",
            "blank in target": f"GET {PATH} x HTTP/1.1\r\n{host}\r\n\r\n",
            "no version": f"GET {PATH}\r\n{host}\r\n\r\n",
            "version 2": f"GET {PATH} HTTP/2.0\r\n{host}\r\n\r\n",
            "version 1.0": f"GET {PATH} HTTP/1.0\r\n{host}\r\n\r\n",
        }
        for name, shape in shapes.items():
            with self.subTest(name):
                self.upstream.requests.clear()
                answer = wire.raw(self.node.address, shape, timeout=10)
                if answer is not None:
                    self.assertIn(answer.status, (200, 400, 405, 421, 501, 505), name)
                self.assertLessEqual(len(self.upstream.requests), 1, name)
                for request in self.upstream.requests:
                    self.assertEqual(request.target, PATH, name)
                    self.assertNotIn(b"evil", request.head.lower(), name)
                    self.assertNotIn(b"\0", request.head, name)

    def test_refusal_of_an_ambiguous_length_closes_the_connection(self):
        with wire.open_socket(self.node.address, 10) as connection:
            connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: 5\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                               f"GET /smuggled HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
            reader = wire.Reader(connection)
            try:
                self.assertEqual(reader.answer().status, 400)
                reader.answer()
            except (EOFError, ConnectionError):
                pass
        self.assertEqual(self.upstream.requests, [])


class TestTargets(FrontBench):
    def reached(self, target):
        """The target that went upstream, or the status of the refusal."""
        self.upstream.requests.clear()
        answer = self.request(target=target)
        if self.upstream.requests:
            self.assertEqual(len(self.upstream.requests), 1)
            return self.upstream.requests[0].target
        return answer.status if answer else 400

    def test_odd_targets_reach_github_byte_for_byte(self):
        for target in ("/repos/o/r/contents/a%2Fb", "/repos/o/r/contents/a%2fb",
                       "/repos/o/r/contents/a;b=c", "/repos/o/r/contents/x.json;.css",
                       "/repos/o/r/contents/a+b", "/repos/o/r/contents/a%20b",
                       "/repos/o/r/contents/%7Euser",
                       "/repos/o/r/contents/a,b!c$d&e'f(g)h*i=j:k@l", "/repos/o/r/labels?",
                       "/repos/o/r/labels?q=a%26b&&x", "/repos/o/r/labels?q=%0d%0aX-Evil:1",
                       "/repos/o/r/labels?a=1&a=2", "/repos/o/r/compare/a...b",
                       "/repos/o/r/labels/", "/search/issues?q=a+b%20c"):
            with self.subTest(target):
                self.assertEqual(self.reached(target), target)

    def test_targets_that_could_mean_something_else_are_refused(self):
        for target in ("/repos/o/r/../../user", "/repos/o/r/./labels", "/repos/o/r/%2e%2e/x",
                       "/repos/o/r/.%2E/x", "/repos/o/r/a%00b", "/repos/o/r/a%0d%0aX-Evil:%201",
                       "/repos/o/r/a%1fb", "/repos/o/r/a%zz", "/repos/o/r/a%2", "repos/o/r/labels",
                       "/repos/o/r/..", "http://evil.example/x", "/repos/o/r/a#b", "*",
                       "/repos/o/r/a\\b", "/repos/o/r/caf\xe9"):
            with self.subTest(target):
                self.assertIn(self.reached(target), (400, 421))

    def test_empty_segments_and_backslashes_are_refused_or_untouched(self):
        for target in ("/repos/o/r/contents/a%5Cb", "//repos/o/r/labels", "/repos//o/r/labels",
                       "//evil.example/x"):
            with self.subTest(target):
                self.assertIn(self.reached(target), (400, target))

    def test_absolute_target_of_our_own_name_is_understood(self):
        for name in (self.host, "api.github.com"):
            self.assertEqual(self.reached(f"http://{name}/repos/o/r/issues/{len(name)}"),
                             f"/repos/o/r/issues/{len(name)}")

    def test_encoded_line_ends_make_no_field_anywhere(self):
        for target in ("/x%0d%0aX-Evil:%20y", "/x?a=%0d%0aX-Evil:%20y",
                       "/repos/o/r/labels?a=%0aX-Evil:1"):
            answer = self.request(target=target)
            self.assertIsNone(answer.header("X-Evil"))
        for request in self.upstream.requests:
            self.assertIsNone(request.header("X-Evil"))

    def test_too_long_targets_are_414(self):
        self.assert_refused(self.request(target="/repos/o/r/labels?q=" + "a" * 9000), 414)
        many = "&".join(f"p{number}=1" for number in range(200))
        self.assert_refused(self.request(target="/repos/o/r/labels?" + many), 414)

    def test_too_many_or_too_large_fields_are_431(self):
        self.assert_refused(self.request("X-A: " + "a" * 9000 + "\r\n"), 431)
        self.assert_refused(self.request("".join(f"X-{n}: a\r\n" for n in range(150))), 431)
        self.assert_refused(self.request("X-A: " + "a" * 300000 + "\r\n"), 431)

    def test_too_large_admin_body_is_413(self):
        self.assert_refused(self.node.ask("/-/invalidate", None, "POST", body="x" * 1000000), 413)


class TestUpstreamView(FrontBench):
    """One neutral request for all clients; the node's own and hop-by-hop fields stay here."""

    def test_cached_route_is_asked_with_canonical_fields(self):
        self.node.ask(PATH, headers=[
            ("User-Agent", "curl/8"), ("Accept", "*/*"), ("Time-Zone", "Europe/Berlin"),
            ("X-Gh-Cache-Ttl", "60s"), ("X-Request-Id", "abc"), ("If-None-Match", '"abc"'),
            ("Cache-Control", "max-age=5"), ("Accept-Language", "de")])
        request = self.upstream.requests[0]
        names = {name.lower() for name, _ in request.headers}
        self.assertEqual(names, {"host", "user-agent", "accept", "authorization",
                                 "accept-encoding"})
        self.assertNotIn("curl", request.header("User-Agent"))
        self.assertTrue(request.header("Accept"))
        self.assertEqual(request.header("Authorization"), f"token {TOKEN}")

    def test_write_carries_the_clients_fields_without_those_of_the_hop(self):
        self.node.ask("/repos/o/r/issues", method="POST", body="{}", headers=[
            ("Content-Type", "application/json"), ("X-Own", "kept"), ("Connection", "close, X-Hop"),
            ("X-Hop", "1"), ("Keep-Alive", "5"), ("TE", "trailers"), ("Proxy-Authorization", "b x"),
            ("Upgrade", "h2c"), ("X-Gh-Cache-Ttl", "60s"), ("X-RunMesh-Validation", "{}"),
            ("X-Forwarded-For", "1.2.3.4"), ("User-Agent", "agent/1")])
        request = self.upstream.requests[0]
        self.assertEqual(request.header("X-Own"), "kept")
        self.assertEqual(request.header("Content-Type"), "application/json")
        self.assertEqual(request.header("User-Agent"), "agent/1")
        for name in ("X-Hop", "Keep-Alive", "TE", "Proxy-Authorization", "Upgrade",
                     "X-Gh-Cache-Ttl", "X-RunMesh-Validation", "X-Forwarded-For"):
            self.assertIsNone(request.header(name), name)

    def test_request_without_user_agent_still_has_one_upstream(self):
        self.node.ask("/repos/o/r/issues", method="POST", body="{}")
        self.node.ask("/zen")
        for request in self.upstream.requests:
            self.assertTrue(request.header("User-Agent"), request.line)

    def test_range_and_cookie_go_through_and_are_never_kept(self):
        for field in (("Range", "bytes=0-1"), ("Cookie", "a=b"), ("X-GitHub-OTP", "1")):
            for _ in range(2):
                answer = self.node.ask(PATH, headers=[field])
                self.assert_trace(answer, "fwd=bypass", "fwd-status=200")
            self.assertEqual(self.upstream.requests[-1].header(field[0]), field[1])
        self.assertEqual(self.node.stats()["cache_entries"], 0)

    def test_spellings_of_accept_share_one_entry_and_media_types_do_not(self):
        for accept in ("application/vnd.github+json", "application/vnd.github.v3+json",
                       "application/json", "*/*", ""):
            self.node.ask(PATH, headers=[("Accept", accept)])
        self.assertEqual(len(self.upstream.requests), 1)
        for accept in ("application/vnd.github.raw+json", "application/vnd.github.html+json",
                       "application/vnd.github.star+json", "application/vnd.github.diff"):
            self.node.ask(PATH, headers=[("Accept", accept)])
        self.assertEqual(len(self.upstream.requests), 5)

    def test_api_versions_do_not_share_an_entry(self):
        for version in (None, "2022-11-28", "2026-03-10"):
            fields = [("X-GitHub-Api-Version", version)] if version else []
            for _ in range(2):
                self.node.ask(PATH, headers=fields)
            self.assertEqual(self.upstream.requests[-1].header("X-GitHub-Api-Version"), version)
        self.assertEqual(len(self.upstream.requests), 3)

    def test_order_of_parameters_is_one_key_and_everything_else_another(self):
        for query in ("a=1&b=2", "b=2&a=1"):
            self.node.ask(f"{PATH}?{query}")
        self.assertEqual(len(self.upstream.requests), 1)
        for query in ("A=1&b=2", "a=1&b=2&b=2", "a=1&b=%32", "a=1&b=2&c", "a=1", "a=x+y",
                      "a=x%20y", "a=1&a=2", "a=2&a=1"):
            self.node.ask(f"{PATH}?{query}")
        self.assertEqual(len(self.upstream.requests), 10)


if __name__ == "__main__":
    harness.main()
