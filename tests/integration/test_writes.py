"""Everything but GET and HEAD goes through unchanged, and what it changed is seen at once."""
import gzip
import hashlib
import os

import harness
import upstream
import wire
from harness import NO_ACCESS, OTHER_TOKEN, TOKEN

REPO = "/repos/octocat/hello-world"
BIG = 10 * 1024 * 1024


class TestReadYourWrites(harness.Bench):
    def newest(self, token=TOKEN):
        return self.node.ask(f"{REPO}/issues?per_page=5", token).json()[0]

    def test_created_issue_is_seen_at_once_by_its_author(self):
        before = self.newest()
        self.assertTrue(self.node.ask(f"{REPO}/issues?per_page=5").is_hit())
        made = self.node.ask(f"{REPO}/issues", method="POST", body='{"title":"new"}')
        self.assert_status(made, 201)
        self.assert_trace(made, "fwd=method", "fwd-status=201")
        self.assertEqual(self.newest()["number"], made.json()["number"])
        self.assertNotEqual(before["number"], made.json()["number"])

    def test_created_issue_is_seen_at_once_by_others_on_this_node(self):
        self.newest(OTHER_TOKEN)
        made = self.node.ask(f"{REPO}/issues", method="POST", body='{"title":"new"}').json()
        self.assertEqual(self.newest(OTHER_TOKEN)["number"], made["number"])

    def test_patch_put_and_delete_are_seen_at_once(self):
        self.node.ask(f"{REPO}/issues/1")
        self.assert_status(self.node.ask(f"{REPO}/issues/1", method="PATCH",
                                         body='{"title":"patched"}'), 200)
        self.assertEqual(self.node.ask(f"{REPO}/issues/1").json()["title"], "patched")

        self.node.ask(f"{REPO}/issues/1/labels")
        self.assert_status(self.node.ask(f"{REPO}/issues/1/labels", method="PUT",
                                         body='{"labels":["bug"]}'), 200)
        names = [label["name"] for label in self.node.ask(f"{REPO}/issues/1/labels").json()]
        self.assertEqual(names, ["bug"])

        self.assertIn(b"wontfix", self.node.ask(f"{REPO}/labels?per_page=100").body)
        gone = self.node.ask(f"{REPO}/labels/wontfix", method="DELETE")
        self.assert_status(gone, 204)
        self.assertEqual(gone.body, b"")
        self.assertNotIn(b'"wontfix"', self.node.ask(f"{REPO}/labels?per_page=100").body)
        self.assert_status(self.node.ask(f"{REPO}/labels/wontfix"), 404)

    def test_parents_of_what_was_written_are_asked_again(self):
        repo = "/repos/octo-org/app-00"
        lists = (f"{repo}/issues", f"{repo}/issues/1", f"{repo}/issues/1/comments")
        for path in lists:
            self.node.ask(path)
        self.node.ask(f"{repo}/issues/1/comments", method="POST", body='{"body":"hello"}')
        with self.mock.between() as seen:
            for path in lists:
                self.assertFalse(self.node.ask(path).is_hit(), path)
        self.assertEqual(seen.requests, len(lists), seen.brief())

    def test_numeric_alias_of_a_written_repository_is_asked_again(self):
        first = self.node.ask(f"{REPO}/issues?per_page=30")
        second = wire.urllib.parse.urlsplit(first.links()["next"])
        page = f"{second.path}?{second.query}"
        self.assertTrue(page.startswith("/repositories/"))
        self.node.ask(page)
        self.assertTrue(self.node.ask(page).is_hit())
        self.node.ask(f"{REPO}/issues", method="POST", body='{"title":"new"}')
        self.assertFalse(self.node.ask(page).is_hit())
        direct = self.mock.ask(page, token=TOKEN, headers=[("Accept", "application/json")])
        self.assertEqual(self.node.ask(page).json(), direct.json())

    def test_refused_write_changes_nothing_for_others(self):
        path = "/repos/octo-org/secret/issues/1"
        self.assert_status(self.node.ask(path), 200)
        refused = self.node.ask(path, NO_ACCESS, method="PATCH", body='{"title":"stolen"}')
        self.assert_status(refused, 404)
        self.assertNotEqual(self.node.ask(path).json()["title"], "stolen")

    def test_file_that_was_missing_is_found_once_it_is_made(self):
        path = f"{REPO}/contents/made-later.txt"
        self.assert_status(self.node.ask(path), 404)
        with self.mock.between() as seen:
            self.assert_status(self.node.ask(path), 404)
        self.assertEqual(seen.requests, 0, "the 404 is remembered for seconds")
        made = self.node.ask(path, method="PUT",
                             body='{"message":"m","content":"aGVsbG8=","branch":"main"}')
        self.assertIn(made.status, (200, 201))
        self.assert_status(self.node.ask(path), 200)

    def test_file_that_others_made_is_found_within_seconds(self):
        path = f"{REPO}/contents/made-elsewhere.txt"
        self.assert_status(self.node.ask(path), 404)
        self.mock.change(path, content="hello")
        harness.wait_for(lambda: self.node.ask(path).status == 200, "it is found", deadline_s=7)

    def test_runner_tokens_are_never_kept(self):
        path = f"{REPO}/actions/runners/registration-token"
        one = self.node.ask(path, method="POST").json()["token"]
        two = self.node.ask(path, method="POST").json()["token"]
        self.assertNotEqual(one, two)
        entries = self.node.ask("/-/entries?limit=1000", None).body
        self.assertNotIn(b"registration-token", entries)


class TestGraphql(harness.Bench):
    QUERY = '{"query":"query { viewer { login } }"}'
    MUTATION = ('{"query":"mutation($id: ID!) { addStar(input: {starrableId: $id}) '
                '{ clientMutationId } }","variables":{"id":"R_1"}}')

    def fill(self):
        for token in (TOKEN, OTHER_TOKEN):
            self.node.ask(f"{REPO}/issues", token)

    def test_query_is_charged_each_time_and_leaves_entries_alone(self):
        self.fill()
        with self.mock.between() as seen:
            for _ in range(2):
                answer = self.node.ask("/graphql", method="POST", body=self.QUERY)
                self.assert_status(answer, 200)
                self.assertEqual(answer.json()["data"]["viewer"]["login"], "octocat")
        self.assertEqual([record["target"] for record in seen.records], ["/graphql"] * 2)
        self.assertTrue(self.node.ask(f"{REPO}/issues").is_hit())

    def test_after_a_mutation_that_token_sees_nothing_older(self):
        self.fill()
        self.node.ask("/graphql", method="POST", body=self.MUTATION)
        with self.mock.between() as seen:
            answer = self.node.ask(f"{REPO}/issues")
        self.assert_trace(answer, "fwd=stale", "fwd-status=304", "detail=written")
        self.assertEqual((seen.requests, seen.charged), (1, 0))
        self.assertTrue(self.node.ask(f"{REPO}/issues", OTHER_TOKEN).is_hit())

    def test_what_is_not_plainly_a_query_counts_as_a_mutation(self):
        for body in ('{"query":"{ a: viewer { login } } mutation M { x }","operationName":"M"}',
                     '{"query":"\\u006dutation { x }"}',
                     '{"query":"query { viewer { login } }","query":"mutation { x }"}'):
            self.fill()
            self.assertTrue(self.node.ask(f"{REPO}/issues").is_hit())
            self.node.ask("/graphql", method="POST", body=body)
            self.assertFalse(self.node.ask(f"{REPO}/issues").is_hit(), body)

    def test_coded_body_counts_as_a_mutation(self):
        self.fill()
        self.node.ask("/graphql", method="POST", body=gzip.compress(self.MUTATION.encode()),
                      headers=[("Content-Encoding", "gzip")])
        self.assertFalse(self.node.ask(f"{REPO}/issues").is_hit())

    def test_prefix_of_enterprise_servers_is_understood(self):
        answer = self.node.ask("/api/graphql", method="POST", body=self.QUERY)
        self.assert_status(answer, 200)
        self.assertEqual(self.mock.records()[-1]["target"], "/graphql")


class TestStreams(harness.Bench):
    """Against an upstream that takes and gives what the mock would not."""

    def setUp(self):
        super().setUp()
        self.body = os.urandom(1024) * (BIG // 1024)
        self.upstream = upstream.Upstream(self.serve)
        self.addCleanup(self.upstream.close)
        self.node.stop()
        self.node = harness.Node(self.folder, self.upstream.url)
        self.watch(self.node)

    def serve(self, request, connection):
        if request.target == "/big":
            connection.sendall(upstream.answer(self.body))
        elif request.target == "/big-chunked":
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for at in range(0, len(self.body), 100000):
                block = self.body[at:at + 100000]
                connection.sendall(b"%x\r\n%s\r\n" % (len(block), block))
            connection.sendall(b"0\r\n\r\n")
        else:
            connection.sendall(upstream.answer(request.digest.encode(), "201 Created"))
        return True

    def digest(self):
        return hashlib.sha256(self.body).hexdigest().encode()

    def test_10_mb_go_up_with_their_length(self):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = self.node.ask("/repos/o/r/upload", method=method, body=self.body)
            self.assert_status(answer, 201)
            self.assertEqual(answer.body, self.digest())
            request = self.upstream.requests[-1]
            self.assertEqual((request.method, request.size), (method, BIG))
            self.assertEqual(request.header("Content-Length"), str(BIG))
            self.assertIsNone(request.header("Expect"))

    def test_10_mb_go_up_in_chunks(self):
        answer = self.node.ask("/repos/o/r/upload", method="POST", body=self.body,
                               headers=[("Transfer-Encoding", "chunked")])
        self.assert_status(answer, 201)
        self.assertEqual(answer.body, self.digest())

    def test_small_chunked_body_goes_up_with_one_length(self):
        answer = self.node.ask("/repos/o/r/upload", method="POST", body=b"hello",
                               headers=[("Transfer-Encoding", "chunked")])
        self.assertEqual(answer.body, hashlib.sha256(b"hello").hexdigest().encode())
        request = self.upstream.requests[-1]
        self.assertEqual((request.header("Content-Length"), request.header("Transfer-Encoding")),
                         ("5", None))

    def test_empty_post_goes_up_with_length_0(self):
        self.assert_status(self.node.ask("/repos/o/r/upload", method="POST", body=b""), 201)
        self.assertEqual(self.upstream.requests[-1].header("Content-Length"), "0")

    def test_10_mb_come_down_whole(self):
        for path in ("/big", "/big-chunked"):
            for method in ("GET", "POST"):
                answer = self.node.ask(path, method=method, body=None if method == "GET" else b"x")
                self.assert_status(answer, 200)
                self.assertEqual(hashlib.sha256(answer.body).hexdigest().encode(), self.digest())

    def test_both_ways_at_once(self):
        answer = self.node.ask("/big", method="POST", body=self.body)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, self.body)
        self.assertEqual(self.upstream.requests[-1].size, BIG)

    def test_memory_stays_flat_while_bodies_pass(self):
        self.node.ask("/big", method="POST", body=self.body)
        before = self.peak_kb()
        for _ in range(10):
            self.node.ask("/big", method="POST", body=self.body)
        self.assertLess(self.peak_kb() - before, 16 * 1024)

    def peak_kb(self):
        with open(f"/proc/{self.node.pid}/status", encoding="ascii") as file:
            return int(next(line for line in file if line.startswith("VmHWM")).split()[1])

    def test_expect_100_continue_is_answered_by_the_node(self):
        with wire.open_socket(self.node.address) as connection:
            connection.sendall("POST /repos/o/r/upload HTTP/1.1\r\n"
                               f"Host: 127.0.0.1:{self.node.port}\r\n"
                               "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n".encode())
            reader = wire.Reader(connection)
            self.assertEqual(reader.head()[0], 100)
            connection.sendall(b"hello")
            self.assertEqual(reader.answer().status, 201)
        self.assertIsNone(self.upstream.requests[-1].header("Expect"))

    def test_write_is_sent_once_even_if_its_answer_never_comes(self):
        self.upstream._script = lambda request, connection: False
        answer = self.node.ask("/repos/o/r/issues", method="POST", body=b"{}")
        self.assertIn(answer.status, (502, 504))
        self.assertEqual(len(self.upstream.requests), 1)


if __name__ == "__main__":
    harness.main()
