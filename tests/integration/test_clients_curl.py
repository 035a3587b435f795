"""curl: conditions, coding, HEAD, prefixes, unix socket, Link."""
import hashlib
import json
import os

import harness
from harness import TOKEN

LIST = "/repos/octocat/hello-world/issues?per_page=30"


class TestCurl(harness.Bench):
    def curl(self, *arguments, token=TOKEN):
        """(head as text, body as bytes)."""
        head, body = (os.path.join(self.folder, name) for name in ("head", "body"))
        for path in (head, body):
            if os.path.exists(path):
                os.remove(path)
        command = ["curl", "--silent", "--show-error", "--max-time", "30", "-D", head, "-o", body]
        if token:
            command += ["-H", f"Authorization: token {token}"]
        code, out, errors = harness.run(command + list(arguments),
                                        harness.clean_environment(self.node.home))
        self.assertEqual(code, 0, out + errors)
        with open(head, encoding="latin-1", newline="") as file:
            head_text = file.read()
        data = b""
        if os.path.exists(body):
            with open(body, "rb") as file:
                data = file.read()
        return head_text, data

    def fields(self, head):
        lines = head.strip().split("\n")
        fields = {}
        for line in lines[1:]:
            name, _, value = line.strip().partition(": ")
            fields.setdefault(name.lower(), value)
        return int(lines[0].split(" ")[1]), fields

    def test_body_is_githubs_byte_for_byte(self):
        _, body = self.curl(self.node.url + LIST)
        accept = ("Accept", "application/vnd.github+json")
        direct = self.mock.ask(LIST, token=TOKEN, headers=[accept])
        self.assertEqual(hashlib.sha256(body).digest(), hashlib.sha256(direct.body).digest())
        _, again = self.curl(self.node.url + LIST)
        self.assertEqual(again, body)

    def test_etag_that_was_given_is_answered_with_304_by_the_node(self):
        head, _ = self.curl(self.node.url + LIST)
        etag = self.fields(head)[1]["etag"]
        with self.mock.between() as seen:
            head, body = self.curl("-H", f"If-None-Match: {etag}", self.node.url + LIST)
        status, fields = self.fields(head)
        self.assertEqual((status, body, seen.requests), (304, b"", 0))
        self.assertEqual(fields["etag"], etag)

    def test_etag_is_the_one_that_github_gives_this_client(self):
        head, _ = self.curl("-H", "Accept: application/json", self.node.url + LIST)
        direct = self.mock.ask(LIST, token=TOKEN, headers=[("Accept", "application/json")])
        self.assertEqual(self.fields(head)[1]["etag"].removeprefix("W/"),
                         direct.header("ETag").removeprefix("W/"))

    def test_compressed_transfer_has_the_same_body(self):
        _, plain = self.curl(self.node.url + LIST)
        head, body = self.curl("--compressed", self.node.url + LIST)
        fields = self.fields(head)[1]
        self.assertEqual(body, plain)
        self.assertEqual(fields["content-encoding"], "gzip")
        self.assertTrue(fields["etag"].startswith('W/"'))
        self.assertIn("accept-encoding", fields["vary"].lower())

    def test_compressed_etag_is_answered_with_304(self):
        head, _ = self.curl("--compressed", self.node.url + LIST)
        etag = self.fields(head)[1]["etag"]
        head, _ = self.curl("--compressed", "-H", f"If-None-Match: {etag}", self.node.url + LIST)
        self.assertEqual(self.fields(head)[0], 304)

    def test_head_has_the_fields_of_get_and_no_body(self):
        head, body = self.curl(self.node.url + LIST)
        get_status, get = self.fields(head)
        head, shown = self.curl("--head", self.node.url + LIST)
        status, fields = self.fields(head)
        self.assertEqual((status, shown.decode()), (get_status, head), "curl shows the head alone")
        self.assertEqual(fields["content-length"], str(len(body)))
        for name in ("etag", "link", "content-type"):
            self.assertEqual(fields[name], get[name])

    def test_head_first_fills_the_entry_of_get(self):
        with self.mock.between() as seen:
            self.curl("--head", self.node.url + LIST)
            _, body = self.curl(self.node.url + LIST)
        self.assertEqual(len(json.loads(body)), 30)
        self.assertEqual([record["method"] for record in seen.records], ["GET"])

    def test_enterprise_prefix_shares_the_entry_and_stays_in_links(self):
        self.curl(self.node.url + LIST)
        with self.mock.between() as seen:
            head, _ = self.curl(self.node.url + "/api/v3" + LIST)
        self.assertEqual(seen.requests, 0, seen.brief())
        self.assertIn(f"<{self.node.url}/api/v3/repositories/", self.fields(head)[1]["link"])

    def test_links_lead_to_the_node_and_can_be_followed(self):
        head, _ = self.curl(self.node.url + LIST)
        seen_numbers, pages = set(), 0
        url = self.node.url + LIST
        while url:
            head, body = self.curl(url)
            seen_numbers |= {issue["number"] for issue in json.loads(body)}
            pages += 1
            links = dict(reversed(part.split("; rel=")) for part in
                         self.fields(head)[1].get("link", "").split(", ") if part)
            url = links.get('"next"', "").strip("<>")
            self.assertTrue(not url or url.startswith(self.node.url + "/"), url)
        self.assertEqual(pages, 5)
        self.assertGreater(len(seen_numbers), 120)

    def test_links_use_the_name_by_which_the_client_came(self):
        url = f"http://localhost:{self.node.port}"
        head, _ = self.curl("--resolve", f"localhost:{self.node.port}:127.0.0.1", url + LIST)
        self.assertIn(f"<{url}/repositories/", self.fields(head)[1]["link"])

    def test_links_on_the_unix_socket_are_githubs(self):
        direct = self.mock.ask(LIST, token=TOKEN).header("Link")
        head, _ = self.curl("--unix-socket", self.node.socket, "http://api.github.com" + LIST)
        self.assertEqual(self.fields(head)[1]["link"], direct)

    def test_socket_and_port_share_one_store(self):
        self.curl(self.node.url + LIST)
        with self.mock.between() as seen:
            head, _ = self.curl("--unix-socket", self.node.socket, "http://localhost" + LIST)
        self.assertEqual(seen.requests, 0)
        self.assertIn("hit", self.fields(head)[1]["cache-status"])

    def test_moved_repository_leads_to_its_new_place_on_the_node(self):
        head, _ = self.curl(self.node.url + "/repos/octocat/old-name")
        status, fields = self.fields(head)
        self.assertEqual(status, 301)
        self.assertTrue(fields["location"].startswith(self.node.url + "/repositories/"), fields)
        head, body = self.curl("--location", self.node.url + "/repos/octocat/old-name")
        self.assertEqual(json.loads(body)["full_name"], "octocat/new-name")

    def test_url_fields_of_bodies_are_left_alone_for_curl(self):
        _, body = self.curl(self.node.url + "/repos/octocat/hello-world")
        self.assertEqual(json.loads(body)["url"],
                         "https://api.github.com/repos/octocat/hello-world")

    def test_graphql_below_both_prefixes(self):
        for path in ("/graphql", "/api/graphql"):
            head, body = self.curl("-d", '{"query":"query { viewer { login } }"}',
                                   self.node.url + path)
            self.assertEqual(self.fields(head)[0], 200)
            self.assertEqual(json.loads(body)["data"]["viewer"]["login"], "octocat")


if __name__ == "__main__":
    harness.main()
