"""HTTPS to the upstream: only a certificate that vouches for its name is believed."""
import os
import ssl
import subprocess

import harness
import upstream
from harness import TOKEN

PATH = "/repos/o/r/labels"
DAYS = "2"


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Certificate:
    """A self-signed certificate for the names of one alternative-name field."""

    def __init__(self, folder, name, names):
        self.certificate = os.path.join(folder, name + ".pem")
        self.key = os.path.join(folder, name + ".key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", DAYS, "-subj", "/CN=" + name, "-addext",
                "subjectAltName=" + names, "-keyout", self.key, "-out", self.certificate)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class TestCertificates(harness.Bench):
    def start_upstream(self, certificate, context=None):
        self.upstream = upstream.Upstream(
            lambda request, connection: connection.sendall(upstream.answer(b"[]")) or True,
            tls=context or certificate.context())
        self.addCleanup(self.upstream.close)
        folder = os.path.join(self.folder, "tls")
        node = harness.Node(folder, self.upstream.url, "--set",
                            f"github.ca_file={certificate.certificate}")
        self.watch(node)
        return node

    def assert_refused(self, node):
        answer = node.ask(PATH, token=TOKEN)
        self.assert_status(answer, 502)
        self.assertTrue(answer.json()["documentation_url"].startswith("https://docs.github.com"))
        self.assertEqual(self.upstream.requests, [])

    def test_a_trusted_certificate_for_the_address_is_believed(self):
        node = self.start_upstream(Certificate(self.folder, "good", "IP:127.0.0.1"))
        answer = node.ask(PATH, token=TOKEN)
        self.assert_status(answer, 200)
        self.assertEqual(answer.body, b"[]")
        self.assertEqual(self.upstream.requests[0].header("Authorization"), f"token {TOKEN}")

    def test_a_certificate_for_another_name_gets_no_token(self):
        self.assert_refused(self.start_upstream(
            Certificate(self.folder, "other", "DNS:api.github.example")))

    def test_a_certificate_that_nobody_vouches_for_gets_no_token(self):
        shown = Certificate(self.folder, "shown", "IP:127.0.0.1")
        believed = Certificate(self.folder, "believed", "IP:127.0.0.1")
        self.assert_refused(self.start_upstream(believed, shown.context()))

    def test_an_old_version_of_tls_gets_no_token(self):
        certificate = Certificate(self.folder, "old", "IP:127.0.0.1")
        context = certificate.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.assert_refused(self.start_upstream(certificate, context))


if __name__ == "__main__":
    harness.main()
