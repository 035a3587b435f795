"""HTTP as tests speak it: ordinary requests by http.client, odd ones byte by byte."""
import gzip
import http.client
import json
import socket
import urllib.parse

DEADLINE_S = 40.0
BLOCK = 65536


def quote(text):
    return urllib.parse.quote(text, safe="")


class Answer:
    """An answer that arrived whole. Header names are compared without case."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name):
        values = self.all(name)
        return values[0] if values else None

    def text(self):
        data = self.body
        if self.header("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        return data

    def json(self):
        return json.loads(self.text())

    def trace(self):
        """The parts of Cache-Status without ttl, which depends on the moment."""
        parts = [part.strip() for part in (self.header("Cache-Status") or "").split(";")]
        return tuple(part for part in parts if not part.startswith("ttl="))

    def ttl(self):
        for part in (self.header("Cache-Status") or "").split(";"):
            if part.strip().startswith("ttl="):
                return int(part.strip()[4:])
        return None

    def is_hit(self):
        return "hit" in self.trace()

    def links(self):
        """rel -> URL of the Link field."""
        found = {}
        for part in (self.header("Link") or "").split(","):
            if ";" in part:
                url, rel = part.split(";", 1)
                found[rel.split('"')[1]] = url.strip()[1:-1]
        return found


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def open_socket(address, timeout=DEADLINE_S):
    """A connected socket; address is (host, port) or the path of a unix socket."""
    if isinstance(address, str):
        found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        found.settimeout(timeout)
        found.connect(address)
        return found
    found = socket.create_connection(address, timeout)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


class Client:
    """A kept-alive connection with a token."""

    def __init__(self, address, token=None, scheme="token", timeout=DEADLINE_S):
        self._address = address
        self._token = token
        self._scheme = scheme
        if isinstance(address, str):
            self._connection = UnixConnection(address, timeout)
        else:
            self._connection = http.client.HTTPConnection(*address, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._connection.close()

    def ask(self, path, method="GET", headers=(), body=None, token=None, host=None):
        connection = self._connection
        token = token or self._token
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        default = self._address if isinstance(self._address, str) else None
        connection.putheader("Host", host or ("localhost" if default else
                                              "%s:%d" % self._address))
        if token:
            connection.putheader("Authorization", f"{self._scheme} {token}")
        if isinstance(body, str):
            body = body.encode()
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            connection.putheader(name, value)
        is_chunked = body is not None and "transfer-encoding" in names
        if body is not None and not is_chunked and "content-length" not in names:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body, encode_chunked=is_chunked)
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())


def ask(address, path, token=None, scheme="token", timeout=DEADLINE_S, **keywords):
    with Client(address, token, scheme, timeout) as client:
        return client.ask(path, **keywords)


class Reader:
    """Reads answers from a socket one by one, strictly."""

    def __init__(self, connection):
        self._connection = connection
        self.rest = b""

    def _more(self):
        data = self._connection.recv(BLOCK)
        self.rest += data
        return bool(data)

    def _until(self, mark):
        while mark not in self.rest:
            if not self._more():
                raise EOFError(f"closed after {self.rest!r}")
        found, self.rest = self.rest.split(mark, 1)
        return found

    def _bytes(self, size):
        while len(self.rest) < size:
            if not self._more():
                raise EOFError(f"closed {size - len(self.rest)} bytes early")
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def _chunks(self):
        body = b""
        while True:
            size = int(self._until(b"\r\n").split(b";")[0], 16)
            body += self._bytes(size)
            self._until(b"\r\n")
            if size == 0:
                return body

    def head(self):
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        return status, [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "")
                        for line in lines[1:]]

    def answer(self, method="GET"):
        status, headers = self.head()
        while status == 100:
            status, headers = self.head()
        answer = Answer(status, headers, b"")
        if method == "HEAD" or status in (204, 304):
            return answer
        if (answer.header("Transfer-Encoding") or "") == "chunked":
            answer.body = self._chunks()
        elif answer.header("Content-Length") is not None:
            answer.body = self._bytes(int(answer.header("Content-Length")))
        else:
            while self._more():
                pass
            answer.body, self.rest = self.rest, b""
        return answer

    def at_end(self):
        """Whether the other side has closed the connection."""
        try:
            return not self.rest and not self._more()
        except ConnectionResetError:
            return True


def raw(address, data, method="GET", timeout=DEADLINE_S):
    """Sends bytes as they are and reads one answer; None when the connection is closed instead."""
    if isinstance(data, str):
        data = data.encode("latin-1")
    with open_socket(address, timeout) as connection:
        try:
            connection.sendall(data)
            return Reader(connection).answer(method)
        except (EOFError, ConnectionError):
            return None
