"""GitHub slow, broken, lying or absent: what clients get, and that stored entries stay."""
import gzip
import os
import socket
import threading
import time

import harness
import upstream
import wire
from harness import OTHER_TOKEN, TOKEN

ISSUES = "/repos/octocat/hello-world/issues"
RUNNERS = "/repos/octocat/hello-world/actions/runners"


class FaultBench(harness.Bench):
    def assert_shape(self, answer, status, detail=None):
        """An error of the node's own, in GitHub's shape."""
        self.assert_status(answer, status)
        body = answer.json()
        self.assertTrue(body["message"])
        self.assertTrue(body["documentation_url"].startswith("https://docs.github.com"))
        self.assertEqual(len(answer.all("Cache-Status")), 1)
        if detail:
            self.assertIn(f"detail={detail}", answer.trace())


class TestFailures(FaultBench):
    node_options = ("--set", "github.time_scale=20")

    def test_5xx_without_a_stored_entry_is_passed_on_and_not_kept(self):
        for status in (500, 502, 503, 504):
            path = f"{ISSUES}/{status - 490}"
            self.mock.fault("status", path=path, status=status, body="<html>oops</html>")
            answer = self.node.ask(path)
            self.assert_status(answer, status)
            self.assertIn(b"oops", answer.body)
            self.assert_status(self.node.ask(path), 200)

    def test_5xx_with_a_stored_entry_is_answered_stale_where_the_route_allows(self):
        body = self.node.ask(ISSUES).body
        self.node.wait_stale(ISSUES)
        self.mock.fault("status", path=ISSUES + "*", status=503, count=-1)
        answer = self.node.ask(ISSUES)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, body)
        self.assert_trace(answer, "hit", "detail=stale")
        self.assertLess(answer.ttl(), 0)
        self.assertGreater(int(answer.header("Age")), 59)

    def test_runner_lists_are_never_answered_stale(self):
        self.assert_status(self.node.ask(RUNNERS), 200)
        self.node.wait_stale(RUNNERS)
        self.mock.fault("status", path=RUNNERS + "*", status=503, count=-1)
        self.assert_status(self.node.ask(RUNNERS), 503)
        lenient = [("Cache-Control", "max-stale=1000")]
        self.assert_status(self.node.ask(RUNNERS, headers=lenient), 503)

    def test_stale_answer_needs_the_tokens_own_proof(self):
        path = "/repos/octo-org/secret/issues"
        self.node.ask(path)
        self.mock.fault("status", path=path + "*", status=503, count=-1)
        self.assert_status(self.node.ask(path, OTHER_TOKEN), 503)

    def test_errors_evict_nothing(self):
        self.node.ask(ISSUES)
        for status in (403, 429, 500):
            self.node.wait_stale(ISSUES)
            self.mock.fault("status", path=ISSUES + "*", status=status)
            self.node.ask(ISSUES)
        self.node.wait_stale(ISSUES)
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(ISSUES), 200)
        self.assertEqual((seen.charged, seen.not_modified), (0, 1), seen.brief())

    def test_404_of_one_token_leaves_the_entry_to_others(self):
        self.node.ask(ISSUES)
        self.mock.fault("status", path=ISSUES + "*", token=OTHER_TOKEN, status=404)
        self.node.ask(ISSUES, OTHER_TOKEN, headers=[("Cache-Control", "no-cache")])
        self.assertTrue(self.node.ask(ISSUES).is_hit())

    def test_cut_answers_are_neither_served_nor_kept(self):
        for number, fault in enumerate(("close", "truncate"), 1):
            path = f"{ISSUES}/{number}"
            self.mock.fault(fault, path=path, count=3)
            self.assert_shape(self.node.ask(path), 502)
            self.mock.clear_faults()
            self.check_right_now(path)

    def test_answer_that_was_altered_on_its_way_is_not_confirmed_for_ever(self):
        """The right ETag came with the wrong body: a 304 to it says nothing about this body."""
        path = ISSUES + "/1"
        for number in range(2, 7):
            self.node.ask(f"{ISSUES}/{number}")
        self.mock.fault("corrupt", path=path)
        self.node.ask(path)
        self.assertEqual(self.node.stats()["etag_mismatches"], 1)
        self.node.wait_stale(path)
        self.check_right_now(path)

    def check_right_now(self, path):
        direct = self.mock.ask(path, token=TOKEN, headers=[("Accept", "application/json")])
        answer = self.node.ask(path)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, direct.body)

    def test_chunked_answer_that_is_cut_is_not_kept(self):
        self.mock.fault("truncate", path=ISSUES + "/1", chunked=True)
        self.assert_shape(self.node.ask(ISSUES + "/1"), 502)
        self.assert_status(self.node.ask(ISSUES + "/1"), 200)

    def test_answer_without_length_is_kept_when_its_etag_proves_it_whole(self):
        self.mock.fault("nolength", path=ISSUES + "/1")
        self.assert_status(self.node.ask(ISSUES + "/1"), 200)
        self.assertTrue(self.node.ask(ISSUES + "/1").is_hit())

    def test_unasked_304_is_a_502(self):
        self.mock.fault("304-unasked", path=ISSUES + "/1")
        self.assert_shape(self.node.ask(ISSUES + "/1"), 502, "bad-answer")
        self.assert_status(self.node.ask(ISSUES + "/1"), 200)

    def test_etags_of_no_recipe_trip_the_canary_and_cost_only_quota(self):
        self.mock.fault("badetag", count=-1)
        for number in range(1, 8):
            self.assert_status(self.node.ask(f"{ISSUES}/{number}"), 200)
        self.assertGreaterEqual(self.node.stats()["etag_mismatches"], 5)
        ready = self.node.ask("/-/ready", None).json()
        self.assertEqual(ready["reasons"]["etag_model"], "failed")
        self.mock.clear_faults()
        direct = self.mock.ask(ISSUES, token=OTHER_TOKEN, headers=[("Accept", "application/json")])
        self.assertEqual(self.node.ask(ISSUES, OTHER_TOKEN).json(), direct.json())

    def test_another_etag_model_costs_more_and_is_never_wrong(self):
        self.mock.fault("md5-etag", count=-1)
        for number in range(1, 8):
            self.node.ask(f"{ISSUES}/{number}")
        for number in range(1, 8):
            path = f"{ISSUES}/{number}"
            self.mock.change(path, set={"title": f"changed {number}"})
            self.node.wait_stale(path)
            self.assertEqual(self.node.ask(path).json()["title"], f"changed {number}")

    def test_answer_without_etag_is_fetched_again(self):
        self.mock.fault("no-etag", path=ISSUES + "/1", count=-1)
        self.assert_status(self.node.ask(ISSUES + "/1"), 200)
        self.node.wait_stale(ISSUES + "/1")
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(ISSUES + "/1"), 200)
        self.assertEqual(seen.charged, 1)

    def test_headers_beyond_all_measure_are_a_502(self):
        self.mock.fault("headers-large", path=ISSUES + "/1")
        self.assert_shape(self.node.ask(ISSUES + "/1"), 502)

    def test_unknown_vary_is_passed_on_and_not_kept(self):
        self.mock.fault("headers", path=ISSUES + "/1", count=-1,
                        headers={"Vary": "Accept, X-Something"})
        for _ in range(2):
            answer = self.node.ask(ISSUES + "/1")
            self.assert_status(answer, 200)
            self.assertFalse(answer.is_hit())

    def test_set_cookie_is_never_kept(self):
        self.mock.fault("headers", path=ISSUES + "/1", headers={"Set-Cookie": "a=b"})
        self.assert_status(self.node.ask(ISSUES + "/1"), 200)
        again = self.node.ask(ISSUES + "/1")
        self.assertFalse(again.is_hit())
        self.assertIsNone(again.header("Set-Cookie"))


class TestLimits(FaultBench):
    def test_primary_limit_reaches_the_client_and_evicts_nothing(self):
        self.node.ask(ISSUES)
        self.mock.fault("primary", path=ISSUES + "/1", reset_after=60)
        answer = self.node.ask(ISSUES + "/1")
        self.assertIn(answer.status, (403, 429))
        self.assertEqual(answer.header("X-RateLimit-Remaining"), "0")
        self.assertGreater(int(answer.header("X-RateLimit-Reset")), time.time())
        self.assertTrue(self.node.ask(ISSUES).is_hit())

    def test_secondary_limit_keeps_its_retry_after(self):
        self.mock.fault("secondary", path=ISSUES + "/1", retry_after=7)
        answer = self.node.ask(ISSUES + "/1")
        self.assertIn(answer.status, (403, 429))
        self.assertEqual(answer.header("Retry-After"), "7")

    def test_limit_of_one_token_does_not_stop_another(self):
        self.mock.token(TOKEN, limit=3)
        answers = [self.node.ask(f"{ISSUES}/{number}") for number in range(1, 6)]
        self.assertEqual([answer.status for answer in answers[:3]], [200] * 3)
        self.assertIn(answers[4].status, (403, 429))
        self.assert_status(self.node.ask(f"{ISSUES}/9", OTHER_TOKEN), 200)

    def test_stored_entries_are_served_while_the_limit_holds(self):
        self.mock.token(TOKEN, limit=1)
        self.assert_status(self.node.ask(ISSUES), 200)
        self.node.ask(f"{ISSUES}/1")
        with self.mock.between() as seen:
            self.assertTrue(self.node.ask(ISSUES).is_hit())
        self.assertEqual(seen.requests, 0)

    def test_rate_limit_fields_of_hits_are_live_and_never_replayed(self):
        self.node.ask(ISSUES)
        for number in range(1, 11):
            self.node.ask(f"{ISSUES}/{number}")
        hit = self.node.ask(ISSUES)
        self.assertTrue(hit.is_hit())
        self.assertEqual(hit.header("X-RateLimit-Remaining"), str(5000 - 11))
        other = self.node.ask(ISSUES, OTHER_TOKEN)
        self.assertEqual(other.header("X-RateLimit-Remaining"), "5000")


class TestUnreachable(FaultBench):
    node_options = ("--set", "github.time_scale=20", "--set", "github.timeout=2",
                    "--set", "http.request_timeout=3")

    def test_gone_upstream_is_a_502_and_stored_entries_are_served(self):
        self.node.ask(ISSUES)
        self.node.ask(RUNNERS)
        harness.wait_for(lambda: self.node.stats()["cache_entries"] == 2, "both are on disk")
        self.mock.kill()
        begun = time.monotonic()
        self.assert_shape(self.node.ask(ISSUES + "/1"), 502, "unreachable")
        self.assertLess(time.monotonic() - begun, 3)
        self.node.wait_stale(ISSUES)
        answer = self.node.ask(ISSUES)
        self.assert_status(answer, 200)
        self.assert_trace(answer, "hit", "detail=stale")
        self.assert_shape(self.node.ask(ISSUES, method="POST", body=b"{}"), 502)
        self.assertEqual(self.node.stats()["cache_entries"], 2)

    def test_silent_upstream_is_a_504_within_the_deadline(self):
        self.mock.fault("latency", path=ISSUES + "/1", ms=30000)
        begun = time.monotonic()
        self.assert_shape(self.node.ask(ISSUES + "/1"), 504, "timeout")
        self.assertLess(time.monotonic() - begun, 4)

    def test_trickling_upstream_is_a_504_within_the_deadline(self):
        self.mock.fault("slow", path=ISSUES, ms=200)
        begun = time.monotonic()
        self.assert_shape(self.node.ask(ISSUES), 504, "timeout")
        self.assertLess(time.monotonic() - begun, 4)

    def test_others_are_answered_while_one_waits(self):
        self.node.ask(ISSUES)
        self.mock.fault("latency", path=ISSUES + "/1", ms=30000)
        waiting = threading.Thread(target=lambda: self.node.ask(ISSUES + "/1"))
        waiting.start()
        self.assert_status(self.node.ask(ISSUES + "/2"), 200)
        self.assertTrue(waiting.is_alive())
        waiting.join()


class TestStaleLife(FaultBench):
    SCALE = 100
    node_options = ("--set", f"github.time_scale={SCALE}", "--proof-ttl", "3600")

    def test_stale_answers_end_ten_minutes_after_freshness(self):
        asked_at = time.monotonic()
        self.node.ask(ISSUES)
        self.mock.kill()
        harness.wait_for(lambda: self.node.ask(ISSUES).status == 502, "it is refused")
        self.assertGreater(time.monotonic() - asked_at, 660 / self.SCALE)
        self.assertLess(time.monotonic() - asked_at, 660 / self.SCALE + 2)


class TestHostile(FaultBench):
    """An upstream without manners."""

    node_options = ("--set", "github.timeout=3", "--set", "http.request_timeout=5")

    def setUp(self):
        super().setUp()
        self.script = lambda request: upstream.answer()
        self.upstream = upstream.Upstream(self.serve)
        self.addCleanup(self.upstream.close)
        self.node.stop()
        self.node = harness.Node(self.folder, self.upstream.url, *self.node_options)
        self.watch(self.node)

    def serve(self, request, connection):
        connection.sendall(self.script(request))
        return True

    def test_gzip_bomb_does_not_fill_the_memory(self):
        bomb = gzip.compress(b"\0" * (200 * 1024 * 1024), 6)
        self.script = lambda request: upstream.answer(bomb, headers=[("Content-Encoding", "gzip")])
        self.node.ask("/repos/o/r/labels")
        with open(f"/proc/{self.node.pid}/status", encoding="ascii") as file:
            peak = int(next(line for line in file if line.startswith("VmHWM")).split()[1])
        self.assertLess(peak, 120 * 1024)
        self.assertEqual(self.node.stats()["cache_entries"], 0)
        self.script = lambda request: upstream.answer()
        self.assert_status(self.node.ask("/repos/o/r/milestones"), 200)

    def test_body_over_the_limit_is_passed_on_whole_and_not_kept(self):
        body = os.urandom(12 * 1024 * 1024)
        self.script = lambda request: upstream.answer(body)
        for _ in range(2):
            answer = self.node.ask("/repos/o/r/labels")
            self.assert_status(answer, 200)
            self.assertEqual(answer.body, body)
        self.assertEqual(self.node.stats()["cache_entries"], 0)

    def test_redirects_are_handed_to_the_client_and_never_followed(self):
        trap = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(trap.close)
        trap.settimeout(0.3)
        for status in ("301 Moved", "302 Found", "307 Temporary", "308 Permanent"):
            for place in (f"http://127.0.0.1:{trap.getsockname()[1]}/x", "file:///etc/passwd",
                          "http://169.254.169.254/latest", "//evil.example/x"):
                self.script = lambda request, status=status, place=place: upstream.answer(
                    b"", status, [("Location", place)])
                answer = self.node.ask(f"/repos/o/r/issues/{len(self.upstream.requests) + 1}")
                self.assert_status(answer, int(status[:3]))
                self.assertEqual(answer.header("Location"), place)
        with self.assertRaises(TimeoutError):
            trap.accept()

    def test_malformed_answers_are_a_502(self):
        shapes = {
            "no HTTP": b"220 smtp ready\r\n", "nothing": b"",
            "half a head": b"HTTP/1.1 200 OK\r\nContent-",
            "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                           b"Content-Length: 5\r\n\r\n{}abc",
            "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         b"zz\r\n{}\r\n0\r\n\r\n",
            "without length": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":",
            "bad gzip": upstream.answer(b"not gzip", headers=[("Content-Encoding", "gzip")]),
        }
        for number, (name, shape) in enumerate(shapes.items(), 1):
            self.upstream._script = (
                lambda request, connection, shape=shape: connection.sendall(shape))
            answer = self.node.ask(f"/repos/o/r/issues/{number}")
            self.assert_shape(answer, 502)
            self.assertEqual(self.node.stats()["cache_entries"], 0, name)

    def test_thousands_of_fields_are_a_502(self):
        fields = [(f"X-Field-{number}", "x") for number in range(3000)]
        self.script = lambda request: upstream.answer(headers=fields)
        self.assert_shape(self.node.ask("/repos/o/r/labels"), 502)

    def test_token_is_sent_to_the_configured_upstream_only(self):
        self.node.ask("/repos/o/r/labels", headers=[("X-Forwarded-Host", "evil.example")])
        request = self.upstream.requests[-1]
        self.assertEqual(request.header("Host"), f"127.0.0.1:{self.upstream.port}")
        self.assertEqual(request.header("Authorization"), f"token {TOKEN}")

    def test_dead_kept_connection_is_replaced_for_reads(self):
        def once(request, connection):
            connection.sendall(upstream.answer())
            return False  # closes without saying so

        self.upstream._script = once
        for number in range(1, 6):
            self.assert_status(self.node.ask(f"/repos/o/r/issues/{number}"), 200)

    def test_cut_pass_through_is_seen_as_cut(self):
        self.upstream._script = lambda request, connection: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        with self.assertRaises((wire.http.client.IncompleteRead, ConnectionError)):
            self.node.ask("/zen")


if __name__ == "__main__":
    harness.main()
