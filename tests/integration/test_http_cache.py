"""Cache-Status, Age, conditions and request directives, as INTERFACE 2 and RFC 9111, 9211 say."""
import email.utils
import gzip
import time

import harness
import wire
from harness import OTHER_TOKEN, TOKEN

ISSUES = "/repos/octocat/hello-world/issues"
README = "/repos/octocat/hello-world/readme"


class TestCacheStatus(harness.Bench):
    node_options = ("--set", "github.time_scale=20")

    def control(self, text, path=ISSUES, **keywords):
        return self.node.ask(path, headers=[("Cache-Control", text)], **keywords)

    def test_each_way_of_an_answer_is_told_in_one_field(self):
        first = self.node.ask(ISSUES)
        self.assert_trace(first, "fwd=uri-miss", "fwd-status=200", "stored")
        self.assertIsNone(first.header("X-From-Cache"))
        hit = self.node.ask(ISSUES)
        self.assert_trace(hit, "hit", "detail=local")
        self.assertTrue(0 < hit.ttl() <= 60, hit.ttl())
        self.assertEqual(hit.header("X-From-Cache"), "1")
        self.assertTrue(0 <= int(hit.header("Age")) <= 60)
        self.node.wait_stale(ISSUES)
        self.assert_trace(self.node.ask(ISSUES), "fwd=stale", "fwd-status=304")
        self.mock.change(f"{ISSUES}/1", set={"title": "other"})
        self.node.ask(f"{ISSUES}/1")
        self.node.wait_stale(f"{ISSUES}/1")
        self.mock.change(f"{ISSUES}/1", set={"title": "another"})
        self.assert_trace(self.node.ask(f"{ISSUES}/1"), "fwd=stale", "fwd-status=200", "stored")
        self.assert_trace(self.node.ask("/zen"), "fwd=bypass", "fwd-status=200")
        self.assert_trace(self.control("no-store"), "fwd=request", "fwd-status=200")
        self.assert_trace(self.node.ask(f"{ISSUES}/2", method="OPTIONS"), "fwd=method",
                          *self.node.ask(f"{ISSUES}/2", method="OPTIONS").trace()[2:])
        for answer in (first, hit):
            self.assertEqual(len(answer.all("Cache-Status")), 1)

    def test_age_and_ttl_add_up_to_the_routes_freshness(self):
        self.node.ask(ISSUES)
        harness.wait_for(lambda: int(self.node.ask(ISSUES).header("Age")) > 10, "it gets older")
        hit = self.node.ask(ISSUES)
        self.assertIn(int(hit.header("Age")) + hit.ttl(), (58, 59, 60))

    def test_date_stays_githubs_and_rate_limits_are_not_replayed(self):
        first = self.node.ask(ISSUES)
        self.node.ask(f"{ISSUES}/1")
        hit = self.node.ask(ISSUES)
        self.assertEqual(len(hit.all("Date")), 1)
        self.assertEqual(hit.header("Date"), first.header("Date"))
        self.assertNotEqual(hit.header("X-RateLimit-Remaining"),
                            first.header("X-RateLimit-Remaining"))
        self.assertIsNone(hit.header("X-GitHub-Request-Id"))
        self.assertIsNone(hit.header("Retry-After"))

    def test_no_cache_and_max_age_0_revalidate(self):
        self.node.ask(ISSUES)
        for directive in ("no-cache", "max-age=0"):
            with self.mock.between() as seen:
                answer = self.control(directive)
            self.assert_trace(answer, "fwd=request", "fwd-status=304")
            self.assertEqual((seen.requests, seen.charged), (1, 0), seen.brief())

    def test_pragma_no_cache_counts_without_cache_control(self):
        self.node.ask(ISSUES)
        self.assertFalse(self.node.ask(ISSUES, headers=[("Pragma", "no-cache")]).is_hit())

    def test_no_store_is_not_kept(self):
        self.control("no-store")
        self.assertFalse(self.node.ask(ISSUES).is_hit())

    def test_max_age_and_min_fresh_narrow_freshness(self):
        self.node.ask(ISSUES)
        self.assertTrue(self.control("max-age=50").is_hit())
        self.assertTrue(self.control("min-fresh=5").is_hit())
        self.assertFalse(self.control("min-fresh=70").is_hit())
        self.node.ask(f"{ISSUES}/1")
        harness.wait_for(lambda: int(self.node.ask(f"{ISSUES}/1").header("Age")) >= 6, "it ages")
        self.assertFalse(self.control("max-age=5", f"{ISSUES}/1").is_hit())

    def test_max_stale_is_served_where_the_route_allows(self):
        self.node.ask(ISSUES)
        self.node.wait_stale(ISSUES)
        with self.mock.between() as seen:
            answer = self.control("max-stale=500")
        self.assert_trace(answer, "hit", "detail=stale")
        self.assertEqual(seen.requests, 0)
        runners = "/repos/octocat/hello-world/actions/runners"
        self.node.ask(runners)
        self.node.wait_stale(runners)
        self.assertFalse(self.control("max-stale=500", runners).is_hit())

    def test_only_if_cached_never_asks_upstream(self):
        with self.mock.between() as seen:
            answer = self.control("only-if-cached")
        self.assert_status(answer, 504)
        self.assert_trace(answer, "fwd=request", "detail=only-if-cached")
        self.assertIn("message", answer.json())
        self.assertEqual(seen.requests, 0)
        self.node.ask(ISSUES)
        self.assertTrue(self.control("only-if-cached").is_hit())

    def test_not_found_is_remembered_for_seconds_and_per_token(self):
        path = "/repos/octocat/none-such"
        self.assert_status(self.node.ask(path), 404)
        again = self.node.ask(path)
        self.assert_status(again, 404)
        self.assert_trace(again, "hit", "detail=negative")
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(path, OTHER_TOKEN), 404)
        self.assertEqual(seen.requests, 1)


class TestConditions(harness.Bench):
    def test_validators_of_clients_are_answered_here_and_never_forwarded(self):
        first = self.node.ask(ISSUES)
        etag = first.header("ETag")
        self.assertRegex(etag, r'^(W/)?"[0-9a-f]{64}"$')
        cases = {etag: 304, etag.removeprefix("W/"): 304, f'"x", {etag}': 304, "*": 304,
                 '"0123"': 200, "W/" + etag.removeprefix("W/"): 304, etag.strip('W/"'): 200}
        with self.mock.between() as seen:
            for value, status in cases.items():
                answer = self.node.ask(ISSUES, headers=[("If-None-Match", value)])
                self.assertEqual(answer.status, status, value)
                self.assertTrue(answer.is_hit())
                self.assertEqual(answer.header("ETag"), etag)
                self.assertEqual(bool(answer.body), status == 200)
        self.assertEqual(seen.requests, 0, seen.brief())
        for record in self.mock.records():
            self.assertNotIn("if-none-match", {name.lower() for name, _ in record["headers"]})

    def test_cold_condition_does_not_become_githubs(self):
        direct = self.mock.ask(ISSUES, token=TOKEN, headers=[("Accept", "application/json")])
        with self.mock.between() as seen:
            answer = self.node.ask(ISSUES, headers=[("Accept", "application/json"),
                                                    ("If-None-Match", direct.header("ETag"))])
        self.assert_status(answer, 304)
        self.assertEqual(seen.requests, 1)
        self.assertEqual(self.node.ask(ISSUES).body, direct.body)

    def test_etags_differ_by_token_as_githubs_do(self):
        mine = self.node.ask(ISSUES).header("ETag")
        other = self.node.ask(ISSUES, OTHER_TOKEN).header("ETag")
        self.assertNotEqual(mine, other)
        direct = self.mock.ask(ISSUES, token=OTHER_TOKEN)
        self.assertEqual(other.removeprefix("W/"), direct.header("ETag").removeprefix("W/"))

    def test_if_modified_since_is_answered_by_the_stored_date(self):
        path = "/repos/octocat/hello-world/releases/latest"
        modified = self.node.ask(path).header("Last-Modified")
        self.assertTrue(modified)
        later = email.utils.formatdate(time.time() + 86400, usegmt=True)
        self.assert_status(self.node.ask(path, headers=[("If-Modified-Since", modified)]), 304)
        self.assert_status(self.node.ask(path, headers=[("If-Modified-Since", later)]), 304)
        old = "Thu, 01 Jan 1970 00:00:00 GMT"
        self.assert_status(self.node.ask(path, headers=[("If-Modified-Since", old)]), 200)
        both = [("If-Modified-Since", later), ("If-None-Match", '"other"')]
        self.assert_status(self.node.ask(path, headers=both), 200)

    def test_head_is_get_without_its_body(self):
        for answer in (self.node.ask(ISSUES, method="HEAD"), self.node.ask(ISSUES, method="HEAD")):
            self.assert_status(answer, 200)
        get = self.node.ask(ISSUES)
        head = self.node.ask(ISSUES, method="HEAD")
        for name in ("ETag", "Link", "Content-Type", "Content-Length", "Vary"):
            self.assertEqual(head.header(name), get.header(name), name)
        self.assertEqual([record["method"] for record in self.mock.records()], ["GET"])

    def test_gzip_is_made_for_those_who_ask(self):
        plain = self.node.ask(ISSUES)
        cases = {"gzip": True, "gzip, deflate, br": True, "*": True, "x-gzip": None, "br": False,
                 "gzip;q=0": False, "identity": False, "gzip;q=0.5": True, "GZIP": True}
        for value, is_coded in cases.items():
            answer = self.node.ask(ISSUES, headers=[("Accept-Encoding", value)])
            if is_coded is not None:
                self.assertEqual(answer.header("Content-Encoding") == "gzip", is_coded, value)
            self.assertEqual(answer.text(), plain.body)
        self.assertIn("accept-encoding", plain.header("Vary").lower())
        self.assertEqual(len(self.mock.records()), 1)

    def test_gzip_with_a_condition(self):
        coded = self.node.ask(ISSUES, headers=[("Accept-Encoding", "gzip")])
        self.assertTrue(gzip.decompress(coded.body))
        answer = self.node.ask(ISSUES, headers=[("Accept-Encoding", "gzip"),
                                                ("If-None-Match", coded.header("ETag"))])
        self.assert_status(answer, 304)
        self.assertEqual(answer.body, b"")

    def test_representations_are_never_mixed(self):
        raw = [("Accept", "application/vnd.github.raw+json")]
        for _ in range(2):
            as_json = self.node.ask(README)
            as_raw = self.node.ask(README, headers=raw)
            self.assertIn("json", as_json.header("Content-Type"))
            self.assertEqual(as_json.json()["path"], "README.md")
            self.assertNotEqual(as_raw.body, as_json.body)
            direct = self.mock.ask(README, token=TOKEN, headers=raw)
            self.assertEqual(as_raw.body, direct.body)

    def test_head_range_and_writes_never_poison_the_entry_of_get(self):
        whole = self.mock.ask(ISSUES, token=TOKEN, headers=[("Accept", "application/json")]).body
        self.node.ask(ISSUES, headers=[("Range", "bytes=0-10")])
        self.node.ask(ISSUES, method="HEAD")
        self.node.ask(ISSUES, method="OPTIONS")
        self.assertEqual(self.node.ask(ISSUES).body, whole)
        self.assertEqual(self.node.ask(ISSUES).body, whole)


class TestConnections(harness.Bench):
    def test_100_pipelined_requests_are_answered_in_order(self):
        paths = [f"{ISSUES}/{number % 20 + 1}" for number in range(100)]
        text = "".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {TOKEN}\r\n"
                       "\r\n" for path in paths)
        with wire.open_socket(self.node.address) as connection:
            connection.sendall(text.encode())
            reader = wire.Reader(connection)
            numbers = [reader.answer().json()["number"] for _ in paths]
        self.assertEqual(numbers, [number % 20 + 1 for number in range(100)])

    def test_request_that_comes_byte_by_byte_is_understood(self):
        text = f"GET {ISSUES}/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {TOKEN}\r\n\r\n"
        with wire.open_socket(self.node.address) as connection:
            for byte in text.encode():
                connection.sendall(bytes([byte]))
            self.assertEqual(wire.Reader(connection).answer().json()["number"], 1)

    def test_clients_that_leave_cost_others_nothing(self):
        self.mock.set(latency_ms=300)
        request = (f"GET {ISSUES} HTTP/1.1\r\nHost: localhost\r\n"
                   f"Authorization: token {TOKEN}\r\n\r\n")
        leaving = [wire.open_socket(self.node.address) for _ in range(50)]
        staying = wire.open_socket(self.node.address)
        for connection in (*leaving, staying):
            connection.sendall(request.encode())
        for connection in leaving:
            connection.close()
        with staying:
            self.assertEqual(wire.Reader(staying).answer().status, 200)
        self.assertEqual(len(self.mock.records()), 1)
        self.mock.set(latency_ms=0)
        self.assertTrue(self.node.ask(ISSUES).is_hit())

    def open_halves(self, count):
        halves = [wire.open_socket(self.node.address) for _ in range(count)]
        for connection in halves:
            self.addCleanup(connection.close)
            connection.sendall(b"GET /repos/octocat HTTP/1.1\r\nHost: local")
        return halves

    def test_1000_half_requests_do_not_hold_up_others(self):
        self.node.ask(ISSUES)
        self.open_halves(1000)
        times = []
        for _ in range(100):
            begun = time.monotonic()
            self.assertTrue(self.node.ask(ISSUES).is_hit())
            times.append(time.monotonic() - begun)
        self.assertLess(sorted(times)[98], 0.05)

    def test_half_request_is_reaped_after_10_s(self):
        half = self.open_halves(1)[0]
        half.settimeout(15)
        self.assertTrue(wire.Reader(half).at_end())

    def test_too_few_descriptors_refuse_some_and_recover(self):
        self.node.stop()
        self.node = self.start_node(prefix=("prlimit", "--nofile=64:64"))
        self.node.ask(ISSUES)
        held = [wire.open_socket(self.node.address) for _ in range(200)]
        before = self.cpu_s()
        time.sleep(1)  # measured, not waited for
        self.assertLess(self.cpu_s() - before, 0.2)
        for connection in held:
            connection.close()
        harness.wait_for(lambda: self.answers(), "it answers again")

    def cpu_s(self):
        with open(f"/proc/{self.node.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def answers(self):
        try:
            return wire.ask(self.node.address, ISSUES, token=TOKEN, timeout=1).is_hit()
        except OSError:
            return False


if __name__ == "__main__":
    harness.main()
