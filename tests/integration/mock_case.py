"""One mock-github per test, asked directly; and GitHub's ETag recipe, computed anew here."""
import hashlib
import shutil
import tempfile
import unittest

import harness

REPO = "/repos/octocat/hello-world"
SECRET = "/repos/octo-org/secret"
TOKEN = "tok-first"
OTHER = "tok-second"
AGENT = ("User-Agent", "integration-tests")


def recipe(body, *values):
    """GitHub's ETag over the values of Accept, Authorization and Cookie, in that order."""
    digest = hashlib.sha256()
    for value in values:
        digest.update(value.encode() + b":")
    digest.update(body)
    return f'"{digest.hexdigest()}"'


class MockCase(unittest.TestCase):
    options = ()

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="run mesh ", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.mock = harness.Mock(self.folder, *self.options)
        self.addCleanup(self.mock.kill)

    def get(self, path, token=TOKEN, headers=(), **keywords):
        return self.mock.ask(path, token=token, headers=headers, **keywords)

    def status(self, path, token=TOKEN, headers=(), **keywords):
        return self.get(path, token, headers, **keywords).status

    def revalidate(self, path, etag, token=TOKEN, headers=()):
        return self.get(path, token, [("If-None-Match", etag), *headers])
