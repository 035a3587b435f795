"""The admin paths: what they say, and to whom."""
import json
import os
import re
import subprocess
import sys

import harness
from harness import NO_ACCESS, OTHER_TOKEN, TOKEN

ISSUES = "/repos/octocat/hello-world/issues"
NOBODY = 65534


class TestAdmin(harness.Bench):
    def admin(self, path, method="GET", **keywords):
        return self.node.ask(path, None, method, **keywords)

    def test_live_and_ready_say_so_in_json(self):
        self.assertEqual(self.admin("/-/live").status, 200)
        ready = self.admin("/-/ready")
        self.assertEqual(ready.status, 200)
        self.assertTrue(ready.json()["ready"])
        self.assertIn("mesh", ready.json()["reasons"])

    def test_stats_have_every_promised_field(self):
        stats = self.node.stats()
        for name in ("peer_id", "uptime_seconds", "requests_total", "local_hits", "peer_hits",
                     "stale_hits", "collapsed", "misses", "hit_rate", "upstream_requests",
                     "upstream_charged", "upstream_not_modified", "api_calls_saved",
                     "connected_peers", "cache_entries", "cache_bytes", "evictions", "expirations",
                     "announcements_sent", "announcements_received", "rejected", "budget"):
            self.assertIn(name, stats)
        self.assertEqual(stats["peer_id"], self.node.facts["peer_id"])
        self.assertTrue(stats["peer_id"].startswith("12D3KooW"))

    def test_stats_equal_what_the_mock_and_the_clients_count(self):
        asked = 0
        for token in (TOKEN, OTHER_TOKEN, NO_ACCESS, None):
            for path in (ISSUES, "/repos/octo-org/secret/issues", "/user", "/zen",
                         "/repos/octocat/none-such"):
                for _ in range(3):
                    self.node.ask(path, token)
                    asked += 1
        stats, mock = self.node.stats(), self.mock.stats()
        self.assertEqual(stats["requests_total"], asked)
        self.assertEqual(stats["upstream_requests"], mock["requests"])
        self.assertEqual(stats["upstream_charged"], mock["charged"])
        self.assertEqual(stats["upstream_not_modified"], mock["not_modified"])
        self.assertEqual(stats["local_hits"] + stats["negative_hits"] + stats["collapsed"]
                         + stats["stale_hits"] + stats["misses"] + stats["passed"], asked)
        self.assertEqual(stats["peer_hits"], 0)

    def test_metrics_are_prometheus_text_with_the_same_figures(self):
        for _ in range(3):
            self.node.ask(ISSUES)
        answer = self.admin("/-/metrics")
        self.assertIn("version=0.0.4", answer.header("Content-Type"))
        values = {}
        for line in answer.text().decode().splitlines():
            if not line.startswith("#"):
                self.assertRegex(line, r"^runmesh_[a-z0-9_]+(\{[^}]*\})? [0-9.eE+-]+$")
                name, value = line.rsplit(" ", 1)
                self.assertNotIn(name, values)
                values[name] = float(value)
        self.assertEqual(values["runmesh_local_hits_total"], 2)
        self.assertEqual(values["runmesh_upstream_requests_total"], 1)
        typed = set(re.findall(r"# TYPE (\S+)", answer.text().decode()))
        self.assertEqual(typed, {name.split("{")[0] for name in values})

    def test_entries_are_listed_by_prefix_and_limit(self):
        for number in range(1, 6):
            self.node.ask(f"{ISSUES}/{number}")
        self.node.ask("/repos/octo-org/app-00/labels")
        harness.wait_for(lambda: self.node.stats()["cache_entries"] == 6, "all are on disk")
        all_of_them = self.admin("/-/entries").json()
        self.assertEqual(all_of_them["count"], 6)
        some = self.admin("/-/entries?prefix=/repos/octocat&limit=3").json()["entries"]
        self.assertEqual(len(some), 3)
        self.assertTrue(all(entry["url"].startswith("/repos/octocat") for entry in some))
        self.assertEqual(self.admin("/-/entries?limit=x").status, 400)

    def test_key_tells_route_and_decision(self):
        self.assertIsNone(self.admin(f"/-/key?url={ISSUES}").json()["entry"])
        self.node.ask(ISSUES, None)
        told = self.admin(f"/-/key?url={ISSUES}").json()
        self.assertEqual((told["route"], told["decision"]), ("issues", "serve"))
        self.assertEqual(len(told["key"]), 64)
        self.assertEqual(told["entry"]["status"], 200)
        same = self.admin(f"/-/key?url=https%3A%2F%2Fapi.github.com{ISSUES}")
        self.assertIn(same.status, (200, 400))
        self.assertEqual(self.admin("/-/key").status, 400)

    def test_invalidated_prefix_is_revalidated_once_and_for_free(self):
        self.node.ask(ISSUES)
        self.node.ask("/repos/octo-org/app-00/labels")
        done = self.admin("/-/invalidate", "POST", body='{"prefix": "/repos/octocat/hello-world"}')
        self.assertEqual(done.status, 200)
        with self.mock.between() as seen:
            self.assert_trace(self.node.ask(ISSUES), "fwd=stale", "fwd-status=304",
                              "detail=written")
            self.assertTrue(self.node.ask(ISSUES).is_hit())
            self.assertTrue(self.node.ask("/repos/octo-org/app-00/labels").is_hit())
        self.assertEqual((seen.requests, seen.charged), (1, 0))

    def test_malformed_invalidations_are_refused(self):
        for body in ("", "{}", "[]", '{"prefix": 1}', '{"prefix": "x"}', "not json",
                     '{"prefix": "/a", "prefix": "/b"}x'):
            self.assertEqual(self.admin("/-/invalidate", "POST", body=body).status, 400, body)

    def test_pages_of_other_origins_can_not_write(self):
        body = '{"prefix": "/repos"}'
        for fields in ([("Origin", "https://evil.example")], [("Origin", "null")],
                       [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
                       [("Origin", f"http://127.0.0.1:{self.node.port + 1}")]):
            answer = self.admin("/-/invalidate", "POST", body=body, headers=fields)
            self.assertEqual(answer.status, 403, fields)
        own = [("Origin", self.node.url), ("Sec-Fetch-Site", "same-origin")]
        self.assertEqual(self.admin("/-/invalidate", "POST", body=body, headers=own).status, 200)

    def test_admin_paths_are_never_forwarded(self):
        for path in ("/-/none-such", "/-/", "/-", "/-/webhook", "/-/stats/x", "/-/kv/x?a=b",
                     "/-/peers", "/-/../repos"):
            self.admin(path)
            self.admin(path, "POST", body="{}")
        self.assertEqual(self.admin("/-/none-such").status, 404)
        self.assertEqual(self.admin("/-/webhook", "POST", body="{}").status, 404)
        self.assertEqual(self.admin("/-/stats", "DELETE").status, 405)
        self.assertEqual(self.mock.records(), [])

    def test_socket_answers_them_too(self):
        for path in ("/-/live", "/-/ready", "/-/stats", "/-/metrics", "/-/entries"):
            self.assertEqual(self.node.ask_socket(path, None).status, 200, path)

    def test_admin_answers_are_not_to_be_cached(self):
        for path in ("/-/live", "/-/stats", "/-/entries"):
            self.assertEqual(self.admin(path).header("Cache-Control"), "no-store")


class TestOtherUsers(harness.Bench):
    SCRIPT = """
import json, os, socket, sys, http.client
os.setgroups([]); os.setgid(%(uid)d); os.setuid(%(uid)d)
found = {}
for path in sys.argv[3:]:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
    method = "POST" if path.endswith("invalidate") else "GET"
    connection.request(method, path, body='{"prefix":"/x"}' if method == "POST" else None)
    found[path] = connection.getresponse().status
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[2])
    found["socket"] = "open"
except OSError as error:
    found["socket"] = error.errno
for name in ("data", "fleet"):
    try:
        found[name] = os.listdir(os.path.join(os.path.dirname(os.path.dirname(sys.argv[2])), name))
    except OSError as error:
        found[name] = error.errno
print(json.dumps(found))
"""

    def setUp(self):
        super().setUp()
        self.assertEqual(os.geteuid(), 0, "becoming another user takes root")
        os.chmod(self.folder, 0o755)

    def as_nobody(self, *paths):
        done = subprocess.run([sys.executable, "-c", self.SCRIPT % {"uid": NOBODY},
                               str(self.node.port), self.node.socket, *paths],
                              stdout=subprocess.PIPE, check=True, timeout=30)
        return json.loads(done.stdout)

    def test_other_users_see_live_ready_and_metrics_only(self):
        found = self.as_nobody("/-/live", "/-/ready", "/-/metrics", "/-/stats", "/-/entries",
                               "/-/key?url=/x", "/-/invalidate")
        self.assertEqual([found[path] for path in ("/-/live", "/-/ready", "/-/metrics")], [200] * 3)
        self.assertEqual([found[path] for path in ("/-/stats", "/-/entries", "/-/key?url=/x",
                                                   "/-/invalidate")], [403] * 4)

    def test_other_users_can_not_open_socket_store_or_keys(self):
        found = self.as_nobody()
        self.assertEqual((found["socket"], found["data"], found["fleet"]), (13, 13, 13))

    def test_nothing_in_the_folders_is_open_to_others(self):
        self.node.ask("/repos/octo-org/secret/issues")
        for root in (self.node.data, self.node.fleet):
            self.assertEqual(os.stat(root).st_mode & 0o777, 0o700)
            for folder, _, names in os.walk(root):
                for name in names:
                    mode = os.lstat(os.path.join(folder, name)).st_mode & 0o777
                    self.assertIn(mode, (0o600, 0o660), name)

    def test_a_users_own_node_answers_that_user_and_root(self):
        other = os.path.join(self.folder, "of nobody")
        os.mkdir(other)
        os.chown(other, NOBODY, NOBODY)
        node = NobodysNode(other, self.mock.url)
        self.watch(node)
        self.assertEqual(node.stats()["requests_total"], 0)
        self.node = node
        self.assertEqual(self.as_nobody("/-/stats")["/-/stats"], 200)


class NobodysNode(harness.Node):
    def __init__(self, folder, upstream, *options, **keywords):
        os.makedirs(os.path.join(folder, "home"), exist_ok=True)
        os.chown(os.path.join(folder, "home"), NOBODY, NOBODY)
        prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        super().__init__(folder, upstream, *options, prefix=prefix, **keywords)


if __name__ == "__main__":
    harness.main()
