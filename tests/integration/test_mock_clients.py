"""mock-github: real clients ask it directly."""
import json
import os
import socket
import subprocess
import threading

import harness
import mock_case
from mock_case import TOKEN


class Forwarder:
    """A unix socket whose connections go to the mock: what gh's http_unix_socket wants."""

    def __init__(self, path, port):
        self._port = port
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class TestClients(mock_case.MockCase):
    def gh(self, *arguments):
        done = subprocess.run(["gh", *arguments], env=self.environment, timeout=60, check=False,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, f"gh {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def test_gh_finds_what_it_asks_for(self):
        path = os.path.join(self.folder, "gh.sock")
        self.addCleanup(Forwarder(path, self.mock.port).close)
        self.environment = dict(harness.clean_environment(self.folder), GH_TOKEN=TOKEN,
                                GH_CONFIG_DIR=self.folder, GH_NO_UPDATE_NOTIFIER="1")
        self.gh("config", "set", "http_unix_socket", path)
        repo = ("-R", "octocat/hello-world")
        self.assertIn('"login":"octocat"', self.gh("api", "user"))
        issues = self.gh("api", "--paginate", "repos/octocat/hello-world/issues?state=all",
                         "--jq", ".[].number")
        self.assertEqual(len(issues.split()), 142)
        self.assertIn("octocat/hello-world", self.gh("repo", "view", "octocat/hello-world"))
        self.assertIn("v1.11.0\tLatest", self.gh("release", "list", *repo))
        self.assertEqual(len(self.gh("issue", "list", *repo, "-L", "7").splitlines()), 7)
        self.assertIn("bug", self.gh("issue", "view", "1", *repo))
        self.assertEqual(len(self.gh("pr", "list", *repo, "-L", "4").splitlines()), 4)
        self.assertIn("OPEN", self.gh("pr", "view", "143", *repo))
        runs = json.loads(self.gh("run", "list", *repo, "--json", "databaseId,status"))
        self.assertEqual(runs[0]["status"], "in_progress")
        self.assertIn("build", self.gh("run", "view", str(runs[1]["databaseId"]), *repo))
        made = self.gh("issue", "create", *repo, "-t", "new", "-b", "text")
        self.assertIn("/issues/178", made)

    def test_pygithub_reads_it(self):
        # Debian's PyGithub follows no url to another host, and bodies say api.github.com.
        script = ("import github, sys; g = github.Github('tok-py', base_url=sys.argv[1]);"
                  "print(g.get_repo('octocat/hello-world').full_name,"
                  "sum(1 for _ in g.get_user().get_repos()))")
        done = subprocess.run(["/usr/bin/python3", "-c", script, self.mock.url], timeout=60,
                              check=True, text=True, stdout=subprocess.PIPE)
        self.assertEqual(done.stdout, "octocat/hello-world 63\n")

    def test_ruby_octokit_reads_it(self):
        script = ("require 'octokit'; c = Octokit::Client.new(access_token: 'tok-rb',"
                  "api_endpoint: ARGV[0], auto_paginate: true);"
                  "puts c.issues('octocat/hello-world', state: 'all').length")
        done = subprocess.run(["ruby", "-e", script, self.mock.url], timeout=60, check=True,
                              text=True, stdout=subprocess.PIPE)
        self.assertEqual(done.stdout, "142\n")


if __name__ == "__main__":
    harness.main()
