"""mock-github: faults on demand, and recorded answers."""
import concurrent.futures
import gzip
import http.client
import os
import shutil
import tempfile
import time

import harness
import mock_case
import wire
from mock_case import REPO, TOKEN, recipe


class TestFaults(mock_case.MockCase):
    def raw(self, path, token=TOKEN):
        """All bytes up to the end of the connection."""
        with wire.open_socket(("127.0.0.1", self.mock.port)) as connection:
            head = (f"GET {path} HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\nConnection: close\r\n"
                    f"Authorization: token {token}\r\n\r\n")
            connection.sendall(head.encode())
            data = b""
            while True:
                block = connection.recv(65536)
                if not block:
                    return data
                data += block

    def test_fault_hits_as_often_as_it_was_told(self):
        self.mock.fault("status", path=f"{REPO}*", status=502, body="<h1>bad</h1>", count=2)
        statuses = [self.status(path) for path in ("/user", REPO, f"{REPO}/issues", REPO)]
        self.assertEqual(statuses, [200, 502, 502, 200])

    def test_close_and_truncate_break_the_connection(self):
        self.mock.fault("close", path=REPO)
        self.assertEqual(self.raw(REPO), b"")
        self.mock.fault("truncate", path=REPO, bytes=100)
        head, body = self.raw(REPO).split(b"\r\n\r\n")
        self.assertEqual(len(body), 100)
        self.assertIn(b"Content-Length: ", head)
        self.mock.fault("truncate", path=REPO, chunked=True)
        with self.assertRaises(http.client.IncompleteRead):
            self.get(REPO)

    def test_length_can_be_left_out(self):
        whole = self.get(REPO)
        self.mock.fault("nolength")
        chunked = self.get(REPO)
        self.assertEqual(chunked.body, whole.body)
        self.assertIsNone(chunked.header("Content-Length"))
        self.assertEqual(chunked.header("Transfer-Encoding"), "chunked")

    def test_reset_is_a_reset(self):
        self.mock.fault("close", reset=True)
        with self.assertRaises(ConnectionResetError):
            self.raw(REPO)

    def test_slow_body_comes_piece_by_piece_beside_others(self):
        self.mock.fault("slow", path="/zen", bytes=5, ms=60)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            begin = time.monotonic()
            slow = pool.submit(self.get, "/zen")
            self.assertEqual(self.status(REPO), 200)
            self.assertFalse(slow.done())
            self.assertEqual(slow.result().body, b"Keep it logically awesome.")
        self.assertGreater(time.monotonic() - begin, 0.25)

    def test_tags_can_be_wrong_in_three_ways(self):
        right = self.get(REPO)
        self.mock.fault("badetag", count=2)
        wrong = self.get(REPO)
        self.assertNotEqual(wrong.header("ETag"), right.header("ETag"))
        self.assertEqual(self.revalidate(REPO, wrong.header("ETag")).status, 304)
        self.mock.fault("md5-etag")
        self.assertEqual(len(self.get(REPO).header("ETag")), 34)
        self.mock.fault("corrupt")
        spoilt = self.get(REPO)
        self.assertEqual(spoilt.header("ETag"), right.header("ETag"))
        self.assertNotEqual(spoilt.body, right.body)

    def test_304_comes_unasked_or_with_link(self):
        self.mock.fault("304-unasked")
        self.assertEqual(self.status(REPO), 304)
        tag = self.get(f"{REPO}/issues").header("ETag")
        self.mock.fault("link-on-304")
        self.assertIn("next", self.revalidate(f"{REPO}/issues", tag).links())

    def test_limits_can_be_hit_on_demand(self):
        self.mock.fault("secondary", retry_after=7)
        self.mock.fault("secondary")
        first, second = self.get(REPO), self.get(REPO)
        self.assertEqual((first.status, first.header("Retry-After")), (403, "7"))
        self.assertEqual((second.status, second.header("Retry-After")), (403, None))
        self.assertIn("secondary rate limit", second.json()["message"])
        self.mock.fault("primary", reset_after=30)
        third = self.get(REPO)
        self.assertEqual((third.status, third.header("X-RateLimit-Remaining")), (403, "0"))
        self.assertEqual(self.status(REPO), 403)
        self.assertEqual(self.mock.stats()["charged"], 0)

    def test_large_and_odd_answers_can_be_sent(self):
        self.mock.fault("headers-large")
        self.assertGreater(len(self.raw(REPO)), 1024 * 1024)
        self.mock.fault("raw", raw="HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\nx")
        self.assertEqual(self.raw(REPO), b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\nx")
        self.mock.fault("gzip-bomb", bytes=10 * 1024 * 1024)
        bomb = self.get(REPO)
        self.assertLess(len(bomb.body), 100 * 1024)
        self.assertEqual(len(gzip.decompress(bomb.body)), 10 * 1024 * 1024)
        self.mock.fault("headers", headers={"Vary": "X-Unknown", "Set-Cookie": "a=b"})
        self.assertEqual(self.get(REPO).header("Vary"), "X-Unknown")

    def test_mistakes_in_control_are_told(self):
        for path, body in (("/_fault", '{"kind": "nonsense"}'), ("/_set", '{"nonsense": 1}'),
                           ("/_tokens", "{}"), ("/_change", "not json"), ("/_set", "")):
            self.assertEqual(self.mock.ask(path, "POST", body=body).status, 400, path)
        self.assertEqual(self.mock.ask("/_nonsense").status, 404)
        self.assertEqual(
            self.mock.ask("/_change", "POST", body='{"path": "/repos/no/where"}').status, 404)


class TestFixtures(mock_case.MockCase):
    def setUp(self):
        recorded = tempfile.mkdtemp(prefix="run mesh ", dir="/tmp")
        self.addCleanup(shutil.rmtree, recorded)
        os.mkdir(os.path.join(recorded, "recorded"))
        with open(os.path.join(recorded, "recorded", "one.json"), "wb") as file:
            file.write(b'{ "as": "it is" }')
        self.options = ("--fixtures", os.path.join(recorded, "recorded"))
        super().setUp()

    def test_recorded_body_is_served_byte_for_byte(self):
        answer = self.get("/one")
        self.assertEqual(answer.body, b'{ "as": "it is" }')
        self.assertEqual(answer.header("ETag"), recipe(answer.body, f"token {TOKEN}"))
        for path in ("/recorded/../one", "/..%2frecorded%2fone", "/../recorded/one"):
            self.assertEqual(self.status(path), 404, path)


if __name__ == "__main__":
    harness.main()
