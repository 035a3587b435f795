"""Processes for integration tests: a mock GitHub and nodes in front of it.

Every test has its own folder (with a space in its path), its own HOME, free ports and its own
processes, so nothing of the host's user and of other tests is seen. How HTTP is spoken to them is
wire.py's.
"""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import wire

BIN = os.environ.get("RUNMESH_BIN", "")
NPM = os.environ.get("RUNMESH_NPM", "")
HERE = os.path.dirname(os.path.abspath(__file__))
DEADLINE_S = 20.0
POLL_S = 0.01

# Pretended tokens: the mock takes these prefixes for valid ones. They tell in every artefact.
TOKEN = "ghp_alphaXq81TokenOfTheFirstClient00001"
OTHER_TOKEN = "ghp_betaKm72TokenOfTheSecondClient00002"
NO_ACCESS = "tok-noaccess-Zr55-third-client"


def wait_for(condition, what, deadline_s=DEADLINE_S):
    """The first true value of condition(), or a failure that names what did not happen."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"within {deadline_s} s this did not happen: {what}")
        time.sleep(POLL_S)


def binary(name):
    path = os.path.join(BIN, name)
    if not os.access(path, os.X_OK):
        raise AssertionError(f"{path} is missing: set RUNMESH_BIN to the folder of the programs")
    return path


def clean_environment(home):
    """What a fresh login has, and nothing of RunMesh, proxies or GitHub."""
    return {
        "HOME": home,
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "TMPDIR": home,
    }


class Process:
    """A program whose output goes to a file."""

    def __init__(self, arguments, log, environment, **options):
        self.log = log
        with open(log, "ab") as out:
            self.child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=out,
                                          stderr=out, env=environment, **options)

    @property
    def pid(self):
        return self.child.pid

    def output(self):
        with open(self.log, "r", encoding="utf-8", errors="replace") as log:
            return log.read()

    def fail_if_ended(self):
        if self.child.poll() is not None:
            raise AssertionError(f"{self.child.args[0]} ended with {self.child.returncode}:\n"
                                 f"{self.output()}")

    def signal(self, number):
        self.child.send_signal(number)

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(DEADLINE_S)

    def wait(self, deadline_s=DEADLINE_S):
        return self.child.wait(deadline_s)


class Mock(Process):
    """mock-github, and its control paths."""

    def __init__(self, folder, *options):
        arguments = [binary("mock-github"), "--listen", "127.0.0.1:0"]
        if "--latency-ms" not in options:
            arguments += ["--latency-ms", "0"]
        super().__init__(arguments + list(options), os.path.join(folder, "mock.log"),
                         clean_environment(folder))
        self.url = wait_for(self._find_url, "the mock says where it listens")
        self.port = int(self.url.rsplit(":", 1)[1])

    def _find_url(self):
        self.fail_if_ended()
        found = re.search(r"http://127\.0\.0\.1:\d+", self.output())
        return found and found.group(0)

    def ask(self, path, method="GET", token=None, headers=(), body=None):
        """Directly, as a client that bypasses the node. GitHub wants a User-Agent."""
        headers = [("User-Agent", "integration-tests"), *headers]
        return wire.ask(("127.0.0.1", self.port), path, method=method, token=token,
                        headers=headers, body=body)

    def _control(self, path, fields=None):
        body = None if fields is None else json.dumps(fields)
        answer = self.ask(path, "GET" if fields is None else "POST", body=body)
        if answer.status not in (200, 201, 202, 204):
            raise AssertionError(f"mock {path} {fields}: {answer.status} {answer.body!r}")
        return answer.json() if answer.body else None

    def stats(self):
        return self._control("/_stats")

    def reset(self):
        """Forgets counts, limits used, and what was answered; data, records and faults stay."""
        return self._control("/_reset", {})

    def change(self, path, **fields):
        """Touches what path names, or sets, adds, deletes, renames as the fields say."""
        return self._control("/_change", dict(fields, path=path))

    def fault(self, kind, **fields):
        return self._control("/_fault", dict(fields, kind=kind))

    def clear_faults(self):
        self.ask("/_fault", "DELETE")

    def token(self, name, **fields):
        return self._control("/_tokens", dict(fields, token=name))

    def set(self, **fields):
        return self._control("/_set", fields)

    def records(self, since=0):
        """All requests that were answered, oldest first, control paths left out."""
        records = []
        while True:
            page = self._control(f"/_log?since={since}")
            if not page:
                return records
            records += page
            since = page[-1]["seq"]

    def history(self, target):
        return self._control(f"/_history?path={wire.quote(target)}")

    @contextlib.contextmanager
    def between(self):
        """What was asked while the block ran."""
        seen = Window(self)
        yield seen
        seen.close()


class Window:
    """Requests that reached the mock within a stretch of a test."""

    def __init__(self, mock):
        self._mock = mock
        self._since = mock.stats()["log_last"]
        self.records = []

    def close(self):
        self.records = self._mock.records(self._since)

    def count(self, predicate=lambda record: True):
        return sum(1 for record in self.records if predicate(record))

    @property
    def requests(self):
        return len(self.records)

    @property
    def charged(self):
        return sum(record["charged"] for record in self.records)

    @property
    def not_modified(self):
        return self.count(lambda record: record["status"] == 304)

    def targets(self):
        return [record["target"] for record in self.records]

    def brief(self):
        return [(record["method"], record["target"], record["status"], record["charged"])
                for record in self.records]


class Node(Process):
    """mesh-node with its own folders. Start it anew on the same folders with again()."""

    def __init__(self, folder, upstream, *options, environment=None, prefix=(), **keywords):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.fleet = os.path.join(folder, "fleet")
        self.home = os.path.join(folder, "home")
        os.makedirs(self.home, exist_ok=True)
        self._start = (upstream, options, environment, prefix, keywords)
        arguments = list(prefix) + [
            binary("mesh-node"), "--listen", "127.0.0.1:0", "--upstream", upstream,
            "--data", self.data, "--fleet", self.fleet, "--log-level", "debug"] + list(options)
        variables = clean_environment(self.home)
        variables.update(environment or {})
        super().__init__(arguments, os.path.join(folder, "node.log"), variables, **keywords)
        facts = wait_for(self._find_facts, "the node writes node.json")
        self.facts = facts
        self.url = facts["http"]
        self.socket = facts["socket"]
        self.port = int(self.url.rsplit(":", 1)[1])

    def _find_facts(self):
        self.fail_if_ended()
        try:
            with open(os.path.join(self.data, "node.json"), encoding="utf-8") as file:
                facts = json.load(file)
        except (OSError, ValueError):
            return None
        return facts if self._is_mine(facts["pid"]) else None

    def _is_mine(self, pid):
        return pid == self.pid

    def again(self, *more_options):
        upstream, options, environment, prefix, keywords = self._start
        return type(self)(self.folder, upstream, *options, *more_options, environment=environment,
                          prefix=prefix, **keywords)

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def ask(self, path, token=TOKEN, method="GET", headers=(), body=None, **keywords):
        return wire.ask(self.address, path, method=method, token=token, headers=headers, body=body,
                        **keywords)

    def ask_socket(self, path, token=TOKEN, method="GET", headers=(), body=None):
        return wire.ask(self.socket, path, method=method, token=token, headers=headers, body=body,
                        host="api.github.com")

    def client(self, token=TOKEN):
        return wire.Client(self.address, token)

    def stats(self):
        return self.ask("/-/stats", token=None).json()

    def is_fresh(self, path, token=TOKEN, headers=()):
        """Whether it would be answered without asking upstream."""
        asked = list(headers) + [("Cache-Control", "only-if-cached")]
        return self.ask(path, token, headers=asked).status != 504

    def wait_stale(self, path, token=TOKEN, headers=()):
        wait_for(lambda: not self.is_fresh(path, token, headers), f"{path} goes stale")

    def wait_written(self, writes):
        """Until the store has committed so many writes."""
        wait_for(lambda: self.stats()["cache_writes"] >= writes, f"{writes} writes are committed")

    def stop(self, deadline_s=DEADLINE_S):
        """SIGTERM; the exit code must be 0."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.wait(deadline_s)
        if code != 0:
            raise AssertionError(f"the node ended with {code}:\n{self.output()}")


class Bench(unittest.TestCase):
    """One folder, mock and node per test. Subclasses may set the options."""

    mock_options = ()
    node_options = ()

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="run mesh ", dir="/tmp")
        self.addCleanup(self._remove_folder)
        self.mock = self.start_mock(*self.mock_options)
        self.node = self.start_node(*self.node_options)

    def _remove_folder(self):
        if os.environ.get("RUNMESH_KEEP"):
            print(f"kept: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start_mock(self, *options):
        mock = Mock(self.folder, *options)
        self.addCleanup(mock.kill)
        return mock

    def start_node(self, *options, **keywords):
        node = Node(self.folder, self.mock.url, *options, **keywords)
        self.watch(node)
        return node

    def watch(self, node):
        """The node must be able to end properly when the test does."""
        self.addCleanup(self._end, node)

    @staticmethod
    def _end(node):
        try:
            if node.child.poll() is None:
                node.stop()
        finally:
            node.kill()

    def restart(self, node=None):
        node = node or self.node
        node.stop()
        self.node = node.again()
        self.watch(self.node)
        return self.node

    def assert_status(self, answer, status):
        self.assertEqual(answer.status, status, f"{answer.headers}\n{answer.body[:500]!r}\n"
                         f"node: {self.node.output()[-2000:]}")

    def assert_trace(self, answer, *parts):
        """Cache-Status says exactly this: `hit; detail=local` and the like, ttl left out."""
        self.assertEqual(answer.trace(), ("runmesh",) + parts, answer.headers)


def run(arguments, environment, deadline_s=60, cwd=None, data=None):
    """A client to its end; (exit code, stdout, stderr)."""
    if not shutil.which(arguments[0], path=environment.get("PATH")):
        raise AssertionError(f"{arguments[0]} is not installed")
    done = subprocess.run(arguments, env=environment, timeout=deadline_s, cwd=cwd, check=False,
                          input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return (done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"))


def main():
    unittest.main(verbosity=2)
