"""An upstream that does exactly what a test says, byte by byte, and keeps what it was sent.

The mock GitHub behaves; this one does not have to.
"""
import hashlib
import re
import socket
import threading

BLOCK = 65536
DEADLINE_S = 60


class Request:
    """What arrived: the head as bytes, the body as size and hash."""

    def __init__(self, head, size, digest):
        self.head = head
        self.size = size
        self.digest = digest
        self.line = head.split(b"\r\n", 1)[0].decode("latin-1")
        self.method, self.target, _ = self.line.split(" ", 2)
        self.headers = [tuple(line.decode("latin-1").split(": ", 1))
                        for line in head.split(b"\r\n")[1:] if b": " in line]

    def header(self, name):
        for key, value in self.headers:
            if key.lower() == name.lower():
                return value
        return None


def answer(body=b"{}", status="200 OK", headers=()):
    """A plain answer as bytes."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json; charset=utf-8",
             f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


class Upstream:
    """script(request, connection) sends what it wants; True keeps the connection. With an
    ssl.SSLContext it speaks TLS."""

    def __init__(self, script, tls=None):
        self._script = script
        self._tls = tls
        self.requests = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        self._thread.join()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(DEADLINE_S)
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        with connection:
            rest = b""
            try:
                while True:
                    request, rest = self._read(connection, rest)
                    if not request:
                        return
                    self.requests.append(request)
                    if not self._script(request, connection):
                        return
            except OSError:
                return

    @staticmethod
    def _read(connection, rest):
        while b"\r\n\r\n" not in rest:
            data = connection.recv(BLOCK)
            if not data:
                return None, b""
            rest += data
        head, rest = rest.split(b"\r\n\r\n", 1)
        body = Body(connection, rest)
        if re.search(rb"(?i)\r\ntransfer-encoding: *chunked", head):
            body.read_chunks()
        else:
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body.read(int(length.group(1)) if length else 0)
        return Request(head, body.size, body.hash.hexdigest()), body.rest


class Body:
    def __init__(self, connection, rest):
        self._connection = connection
        self.rest = rest
        self.size = 0
        self.hash = hashlib.sha256()

    def _more(self):
        data = self._connection.recv(BLOCK)
        if not data:
            raise ConnectionError("closed in the body")
        self.rest += data

    def read(self, size):
        while size:
            if not self.rest:
                self._more()
            taken, self.rest = self.rest[:size], self.rest[size:]
            self.hash.update(taken)
            self.size += len(taken)
            size -= len(taken)

    def _line(self):
        while b"\r\n" not in self.rest:
            self._more()
        line, self.rest = self.rest.split(b"\r\n", 1)
        return line

    def read_chunks(self):
        while True:
            size = int(self._line().split(b";")[0], 16)
            self.read(size)
            self._line()
            if size == 0:
                return
