"""The process: how it starts, what it says when it can't, reloads, ends, and what it leaves."""
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import harness
import wire
from harness import TOKEN

ISSUES = "/repos/octocat/hello-world/issues"


class Start(harness.Bench):
    """Runs mesh-node to its end, with folders of its own."""

    def attempt(self, *arguments, environment=None, data="other data", **keywords):
        """(exit code, stderr) of a start that should not last."""
        variables = harness.clean_environment(self.node.home)
        variables.update(environment or {})
        command = [harness.binary("mesh-node"), "--listen", "127.0.0.1:0", "--upstream",
                   self.mock.url, "--fleet", self.node.fleet]
        if data:
            command += ["--data", os.path.join(self.folder, data)]
        done = subprocess.run(command + list(arguments), env=variables, timeout=20, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **keywords)
        return done.returncode, done.stderr.decode()

    def assert_ends(self, code, words, *arguments, **keywords):
        """With that code, after one line that has all words."""
        found, text = self.attempt(*arguments, **keywords)
        self.assertEqual(found, code, text)
        lines = [line for line in text.splitlines() if "event=stopped" not in line]
        self.assertEqual(len(lines), 1, text)
        for word in words:
            self.assertIn(word, lines[0])
        return lines[0]


class TestExitCodes(Start):
    def test_unknown_option_is_64_and_names_the_remedy(self):
        self.assert_ends(64, ["--no-such", "--help"], "--no-such")
        self.assert_ends(64, ["stray"], "stray")
        self.assert_ends(64, ["--ttl"], "--ttl")

    def test_bad_value_names_key_value_and_remedy(self):
        for option, key, value in (("--ttl", "github.default_ttl", "soon"),
                                   ("--max-bytes", "store.max_bytes", "12X"),
                                   ("--listen", "http.listen", "127.0.0.1:99999"),
                                   ("--mesh", "mesh.enabled", "maybe"),
                                   ("--trust", "mesh.trust", "nobody"),
                                   ("--log-level", "log.level", "loud"),
                                   ("--upstream", "github.upstream", "ftp://x"),
                                   ("--upstream", "github.upstream", "http://example.com")):
            with self.subTest(value):
                found, text = self.attempt(option, value)
                self.assertIn(found, (64, 78), text)
                self.assertIn(key, text)
                self.assertIn(value, text)
                self.assertEqual(len(text.splitlines()), 1, text)

    def test_unknown_key_is_named(self):
        found, text = self.attempt("--set", "http.liste=1")
        self.assertIn(found, (64, 78), text)
        self.assertIn("http.liste", text)

    def test_bad_environment_is_78_and_names_the_variable(self):
        for name, value in (("RUNMESH_GITHUB_PROOF_TTL", "soon"), ("CACHE_DEFAULT_TTL", "x")):
            line = self.assert_ends(78, [value], environment={name: value})
            self.assertIn(name, line)

    def test_unreadable_file_is_78(self):
        self.assert_ends(78, ["none.conf"], "--config", os.path.join(self.folder, "none.conf"))

    def test_bad_file_is_78_with_its_line(self):
        path = os.path.join(self.folder, "bad.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("github\n    proof_ttl = soon\n")
        self.assert_ends(78, ["bad.conf", "github.proof_ttl", "soon"], "--config", path)

    def test_second_node_on_a_data_folder_is_75(self):
        self.assert_ends(75, ["store.dir", "--data"], data="data")
        self.assert_status(self.node.ask(ISSUES), 200)
        self.assertTrue(os.path.exists(os.path.join(self.node.data, "node.json")))

    def test_taken_port_is_78_and_says_who_has_it(self):
        line = self.assert_ends(78, ["http.listen", str(self.node.port)],
                                "--listen", f"127.0.0.1:{self.node.port}")
        self.assertRegex(line, r"uid[= ]?\"?0|root")

    def test_too_long_socket_path_is_78(self):
        path = "/tmp/" + "s" * 110
        self.assert_ends(78, ["http.socket", "107"], "--socket", path)

    def test_data_folder_that_is_a_file_is_78(self):
        path = os.path.join(self.folder, "a file")
        with open(path, "w", encoding="utf-8") as file:
            file.write("x")
        self.assert_ends(78, ["store.dir", "a file"], data="a file")

    def test_token_on_the_command_line_is_not_repeated(self):
        _, text = self.attempt("--join", "rmt1.SecretJoinTokenAbc", "--ttl", "soon")
        self.assertNotIn("SecretJoinTokenAbc", text)

    def test_help_and_version_are_0(self):
        for option in ("--help", "--version", "--print-config"):
            done = subprocess.run([harness.binary("mesh-node"), option], check=False, timeout=10,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  env=harness.clean_environment(self.node.home))
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertTrue(done.stdout)


class TestStart(Start):
    def test_node_json_says_where_it_is_and_goes_when_it_ends(self):
        facts = self.node.facts
        for name in ("pid", "peer_id", "http", "socket", "mesh", "region", "version"):
            self.assertIn(name, facts)
        self.assertEqual(facts["pid"], self.node.pid)
        self.node.stop()
        self.assertEqual(self.node.output().count("event=ready"), 1)
        self.assertFalse(os.path.exists(os.path.join(self.node.data, "node.json")))
        self.assertFalse(os.path.exists(self.node.socket))

    def test_file_environment_and_command_line_override_each_other(self):
        path = os.path.join(self.folder, "node.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("github\n    proof_ttl = 11\n    default_ttl = 22\n"
                       "node\n    region = file\n")
        done = subprocess.run(
            [harness.binary("mesh-node"), "--config", path, "--region", "option", "--print-config"],
            env={**harness.clean_environment(self.node.home), "RUNMESH_GITHUB_DEFAULT_TTL": "33",
                 "RUNMESH_NODE_REGION": "environment"},
            stdout=subprocess.PIPE, check=True, timeout=10)
        text = done.stdout.decode()
        for key, value in (("proof_ttl", "11"), ("default_ttl", "33"), ("region", "option")):
            self.assertRegex(text, rf'{key} = "?{value}"?')

    def test_stale_socket_and_node_json_of_a_killed_node_are_no_hindrance(self):
        self.node.kill()
        self.assertTrue(os.path.exists(self.node.socket))
        self.node = self.node.again()
        self.watch(self.node)
        self.assertEqual(self.node.ask_socket(ISSUES).status, 200)

    def test_store_that_can_not_be_opened_is_done_without(self):
        self.node.stop()
        for name in os.listdir(self.node.data):
            path = os.path.join(self.node.data, name)
            if os.path.isfile(path) and name.endswith(".mdb"):
                os.remove(path)
                os.mkdir(path)
        self.node = self.node.again()
        self.watch(self.node)
        self.assert_status(self.node.ask(ISSUES), 200)
        reasons = self.node.ask("/-/ready", None).json()["reasons"]
        self.assertIn(reasons["store"], ("ok", "degraded"))

    def test_data_folder_without_permission_is_78_or_served_without_a_store(self):
        path = os.path.join(self.folder, "locked")
        os.mkdir(path, 0o500)
        os.chmod(self.folder, 0o755)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                   harness.binary("mesh-node"), "--listen", "127.0.0.1:0", "--upstream",
                   self.mock.url, "--data", os.path.join(path, "data"), "--fleet",
                   os.path.join(path, "fleet")]
        done = subprocess.run(command, timeout=20, check=False, stderr=subprocess.PIPE,
                              env=harness.clean_environment(path))
        self.assertEqual(done.returncode, 78, done.stderr)
        self.assertIn(b"store.dir", done.stderr)

    def test_no_network_is_no_hindrance(self):
        self.node.stop()
        self.node = harness.Node(self.folder, "https://api.github.invalid",
                                 "--set", "github.connect_timeout=2")
        self.watch(self.node)
        self.assertEqual(self.node.ask("/-/ready", None).status, 200)
        self.assertIn(self.node.ask(ISSUES).status, (502, 504))


class TestEnd(Start):
    def test_sigterm_finishes_what_runs_and_takes_nothing_new(self):
        self.mock.set(latency_ms=1500)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.node.ask(ISSUES)))
        thread.start()
        harness.wait_for(lambda: self.node.stats()["upstream_requests"] == 1, "it is on its way")
        self.node.signal(signal.SIGTERM)
        harness.wait_for(lambda: "event=stopping" in self.node.output(), "it is stopping")
        with self.assertRaises(OSError):
            wire.ask(self.node.address, ISSUES, token=TOKEN, timeout=5)
        thread.join()
        self.assertEqual([answer.status for answer in answers], [200])
        self.assertEqual(self.node.wait(), 0)

    def test_sigterm_ends_within_10_s_whatever_runs(self):
        self.mock.fault("latency", path=ISSUES, ms=60000)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.node.ask(ISSUES)))
        thread.start()
        harness.wait_for(lambda: self.node.stats()["upstream_requests"] == 1, "it is on its way")
        begun = time.monotonic()
        self.node.stop(deadline_s=14)
        self.assertLess(time.monotonic() - begun, 13)
        thread.join()
        self.assertEqual([answer.status for answer in answers], [503])

    def test_sigterm_at_any_moment_is_0_and_leaves_a_sound_store(self):
        for moment in range(10):
            stop = threading.Event()
            thread = threading.Thread(target=self.keep_asking, args=(self.node, stop))
            thread.start()
            wanted = 5 * moment + 1
            harness.wait_for(lambda wanted=wanted: self.node.stats()["requests_total"] >= wanted,
                             "it is busy")
            self.node.stop()
            stop.set()
            thread.join()
            self.node = self.node.again()
            self.watch(self.node)
        self.node.stop()
        code, out, errors = harness.run([harness.binary("mesh-inspect"), "--node", self.node.data,
                                         "fsck"], harness.clean_environment(self.node.home))
        self.assertEqual(code, 0, out + errors)

    @staticmethod
    def keep_asking(node, stop):
        number = 0
        while not stop.is_set():
            number += 1
            try:
                node.ask(f"{ISSUES}/{number % 100 + 1}")
            except (OSError, wire.http.client.HTTPException):
                return


class TestReload(Start):
    def setUp(self):
        super().setUp()
        self.node.stop()
        self.conf = os.path.join(self.folder, "node.conf")
        self.write("http\n    access_log = no\n")
        self.node = harness.Node(self.folder, self.mock.url, "--config", self.conf)
        self.watch(self.node)

    def write(self, text):
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(text)

    def reload(self, text, event):
        self.write(text)
        self.node.signal(signal.SIGHUP)
        harness.wait_for(lambda: event in self.node.output(), event)

    def test_good_file_is_applied_at_once(self):
        self.reload("http\n    access_log = yes\n", "event=reloaded")
        self.node.ask(ISSUES)
        harness.wait_for(lambda: "event=request" in self.node.output(), "requests are logged")

    def test_bad_file_changes_nothing_and_says_why_in_one_line(self):
        self.reload("http\n    access_log = yes\ngithub\n    proof_ttl = soon\n", "event=reload ")
        lines = [line for line in self.node.output().splitlines() if "event=reload" in line]
        self.assertEqual(len(lines), 1)
        for word in ("github.proof_ttl", "soon"):
            self.assertIn(word, lines[0])
        self.assert_status(self.node.ask(ISSUES), 200)
        self.assertNotIn("event=request ", self.node.output())

    def test_what_takes_a_restart_is_said(self):
        self.reload("node\n    region = elsewhere\n", "event=reloaded")
        self.assertRegex(self.node.output(), r"node\.region.*restart")

    def test_entries_and_requests_survive_a_reload(self):
        self.node.ask(ISSUES)
        self.reload("http\n    request_timeout = 7\n", "event=reloaded")
        self.assertTrue(self.node.ask(ISSUES).is_hit())


class TestSystemd(Start):
    def test_notify_socket_hears_ready_alive_and_stopping(self):
        self.node.stop()
        path = os.path.join(self.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(path)
            heard.settimeout(10)
            self.node = self.start_node(environment={"NOTIFY_SOCKET": path,
                                                     "WATCHDOG_USEC": "1000000"})
            self.assertIn(b"READY=1", heard.recv(4096))
            self.assertIn(b"WATCHDOG=1", heard.recv(4096))
            self.node.signal(signal.SIGTERM)
            messages = b""
            while b"STOPPING=1" not in messages:
                messages = heard.recv(4096)
        self.assertEqual(self.node.wait(), 0)

    def test_sockets_that_were_handed_over_are_served_and_outlive_the_node(self):
        self.node.stop()
        with socket.create_server(("127.0.0.1", 0)) as tcp, \
                socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as unix:
            path = os.path.join(self.folder, "handed.sock")
            unix.bind(path)
            unix.listen()
            prefix = ("sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS=2 exec "$@" 3<&{tcp.fileno()} '
                      f"4<&{unix.fileno()}", "sh")
            for _ in range(2):
                self.node = self.start_node(prefix=prefix,
                                            pass_fds=(tcp.fileno(), unix.fileno()))
                self.assertEqual(self.node.port, tcp.getsockname()[1])
                self.assert_status(self.node.ask(ISSUES), 200)
                self.assertEqual(wire.ask(path, ISSUES, token=TOKEN, host="localhost").status, 200)
                self.node.stop()
                with wire.open_socket(("127.0.0.1", tcp.getsockname()[1])):
                    pass  # still open: a client that comes now waits for the next node


class TestSecrets(Start):
    """A token, wherever a client may put one, is in nothing that the node leaves or shows."""

    SECRETS = ("ghp_PlantedOldFormToken0123456789abcdef01",
               "ghs_1234_eyJhbGciOiJSUzI1NiJ9.UGxhbnRlZEp3dA.c2lnbmF0dXJlLXBsYW50ZWQ",
               "PlantedJoinSecret9")
    node_options = ("--set", "http.access_log=yes", "--set", "log.paths=yes")

    def plant(self):
        old, jwt, _ = self.SECRETS
        for path in (ISSUES, "/user", "/repos/octo-org/secret/issues", "/repos/octocat/none-such"):
            for value in (f"token {old}", f"Bearer {jwt}", f"token {jwt}"):
                self.node.ask(path, None, headers=[("Authorization", value)])
        self.node.ask("/graphql", None, "POST", body='{"query":"query { viewer { login } }"}',
                      headers=[("Authorization", f"Bearer {old}")])
        self.node.ask(ISSUES, None, headers=[("Authorization", f"token {old}\x01")])
        wire.raw(self.node.address, f"GET /x HTTP/1.1\r\nHost: localhost\r\nAuthorization: token "
                 f"{old}\r\nAuthorization: token {jwt}\r\n\r\n")
        self.mock.fault("status", path=ISSUES + "/1", status=500)
        self.node.ask(ISSUES + "/1", None, headers=[("Authorization", f"token {old}")])

    def artefacts(self):
        """name -> bytes of everything that could hold one."""
        found = {path: self.node.ask(path, None).body for path in
                 ("/-/stats", "/-/metrics", "/-/entries?limit=1000", f"/-/key?url={ISSUES}")}
        found["log"] = self.node.output().encode()
        for name in ("environ", "cmdline"):
            with open(f"/proc/{self.node.pid}/{name}", "rb") as file:
                found[name] = file.read()
        self.node.stop()
        for root in (self.node.data, self.node.fleet, self.node.home):
            for folder, _, names in os.walk(root):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as file:
                        found[os.path.join(folder, name)] = file.read()
        return found

    def test_no_token_is_left_anywhere(self):
        self.plant()
        for name, data in self.artefacts().items():
            for secret in self.SECRETS[:2]:
                for part in (secret, secret[8:30]):
                    self.assertNotIn(part.encode(), data, name)

    def test_no_etag_made_with_a_token_is_left_on_disk(self):
        etags = [self.node.ask(path, self.SECRETS[0]).header("ETag").strip('W/"')
                 for path in (ISSUES, "/user", "/repos/octo-org/secret/issues")]
        for name, data in self.artefacts().items():
            for etag in etags:
                self.assertNotIn(etag.encode(), data, name)
                self.assertNotIn(bytes.fromhex(etag), data, name)

    def test_private_bodies_lie_sealed_on_disk(self):
        self.node.ask("/repos/octo-org/secret/readme",
                      headers=[("Accept", "application/vnd.github.raw+json")])
        body = self.node.ask("/repos/octo-org/secret/readme",
                             headers=[("Accept", "application/vnd.github.raw+json")]).body
        self.assertTrue(len(body) > 8)
        harness.wait_for(lambda: self.node.stats()["cache_entries"], "it is on disk")
        for name, data in self.artefacts().items():
            self.assertNotIn(body, data, name)

    def test_join_token_given_as_a_word_is_scrubbed_from_the_command_line(self):
        self.node.stop()
        secret = "rmt1." + self.SECRETS[2]
        self.node = self.start_node("--join", secret)
        with open(f"/proc/{self.node.pid}/cmdline", "rb") as file:
            self.assertNotIn(secret.encode(), file.read())
        self.assertNotIn(secret, self.node.output())

    def test_crash_leaves_no_core_file(self):
        self.node.stop()
        # A build with a sanitizer would catch the signal to print a report.
        self.node = self.start_node(environment={"ASAN_OPTIONS": "handle_segv=0",
                                                 "TSAN_OPTIONS": "handle_segv=0"})
        self.node.ask(ISSUES)
        with open(f"/proc/{self.node.pid}/limits", encoding="ascii") as file:
            self.assertRegex(file.read(), r"Max core file size\s+0\s+0")
        self.node.signal(signal.SIGSEGV)
        self.assertEqual(self.node.wait(), -signal.SIGSEGV)
        cores = [name for folder in (self.folder, self.node.data, os.getcwd())
                 for name in os.listdir(folder) if name.startswith("core")]
        self.assertEqual(cores, [])

    def test_log_lines_can_not_be_forged(self):
        for path in ("/repos/o/r%0Aevent=forged", "/repos/o/%1b[31mred", "/x?::set-output name=a"):
            wire.raw(self.node.address, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                     f"User-Agent: a\tevent=forged\r\n\r\n")
        self.node.stop()
        for line in self.node.output().splitlines():
            self.assertRegex(line, r"^time=\S+ level=\w+ event=\w+")
            self.assertNotIn("\x1b", line)
            self.assertFalse(line.startswith("::"))

    def test_log_can_be_json(self):
        self.node.stop()
        os.remove(self.node.log)
        self.node = self.start_node("--log-format", "json", *self.node_options)
        self.node.ask(ISSUES)
        self.node.stop()
        events = [json.loads(line)["event"] for line in self.node.output().splitlines()]
        self.assertIn("ready", events)
        self.assertIn("request", events)
        self.assertEqual(re.findall("ready", " ".join(events)), ["ready"])


if __name__ == "__main__":
    harness.main()
