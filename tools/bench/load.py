"""A load generator whose clients each wait for an answer before the next request: `python -m
tools.bench.load`.

Reads one JSON object on standard input and writes one to standard output. It is deliberately small,
because it shares the machine with the server.
"""

import json
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from threading import Barrier, Thread

MOST_HEADER = 65_536
FILE = b"{file}"
# A page answers 200; an accepted form redirects, and a refused one is shown again.
SHOWN = (b"HTTP/1.1 200 ",)
TAKEN = (b"HTTP/1.1 302 ", b"HTTP/1.1 303 ")


@dataclass(frozen=True)
class Plan:
    """The target, the requests, the session, and when to stop: by time or by count."""

    port: int
    cookie: str
    paths: list[str]
    clients: int
    seconds: float
    most: int
    warm_up: float
    # Bodies to POST: each request takes the next of these bodies.
    bodies: list[str] = field(default_factory=list)
    content_type: str = "application/x-www-form-urlencoded"
    # The file inserted into a body where it has a placeholder.
    file: str = ""
    # Retry a form until it is accepted, as a person does who gets no answer.
    retry: bool = False
    # Follow the redirect of a form, and count both as one request.
    follow: bool = False


@dataclass(frozen=True)
class Answered:
    """The result."""

    requests: int
    seconds: float
    milliseconds: list[float]

    @property
    def a_second(self) -> float:
        return self.requests / self.seconds


class Unanswered(Exception):
    """The server did not answer a request as expected."""


class NotTaken(Exception):
    """The server showed a form again instead of accepting it, and would do so every time."""


class Client:
    """One connection that stays open as long as the server allows."""

    def __init__(self, plan: Plan, first: int) -> None:
        self._plan = plan
        self._paths = islice(cycle(plan.paths), first, None)
        own = plan.bodies[first :: plan.clients]
        self._most = len(own) if plan.bodies else plan.most
        self._bodies = iter(own)
        self._file = Path(plan.file).read_bytes() if plan.file else b""
        self._socket: socket.socket | None = None
        self._rest = b""
        self.spent: list[tuple[float, float]] = []
        self.failure: Exception | None = None

    def run(self, start: Barrier, until: float) -> None:
        try:
            start.wait()
            for path in islice(self._paths, self._most):
                began = time.perf_counter()
                if began > until:
                    break
                self._sent(path)
                self.spent.append((began, time.perf_counter()))
        except Exception as error:
            self.failure = error
        finally:
            self._close()

    def _sent(self, path: str) -> None:
        """Send a request once, or as often as necessary."""
        request = self._request(path)
        while True:
            try:
                answer = self._ask(path, request)
                if self._plan.follow:
                    self._follow(answer)
                return
            except (OSError, Unanswered):
                if not self._plan.retry:
                    raise
                self._close()
                time.sleep(0.2)

    def _follow(self, answer: dict[bytes, bytes]) -> None:
        """Follow a redirect as a browser does: with the cookie from the response."""
        path = answer[b"location"].decode()
        given = answer.get(b"set-cookie", b"").partition(b";")[0].decode()
        self._ask(path, self._get(path, f"{self._plan.cookie}; {given}"))

    def _ask(self, path: str, request: bytes) -> dict[bytes, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._plan.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head = self._head()
        if request.startswith(b"POST ") and head.startswith(SHOWN):
            raise NotTaken(f"{path}: the form was not taken")
        if not head.startswith(TAKEN if request.startswith(b"POST ") else SHOWN):
            raise Unanswered(f"{path}: {head.splitlines()[0].decode()}")
        lines = (line.split(b": ", 1) for line in head.splitlines()[1:])
        fields = {name.lower(): value for name, value in lines}
        self._body(int(fields[b"content-length"]))
        if fields.get(b"connection", b"").lower() == b"close":
            self._close()
        return fields

    def _request(self, path: str) -> bytes:
        if not self._plan.bodies:
            return self._get(path, self._plan.cookie)
        common = f"Host: 127.0.0.1\r\nCookie: {self._plan.cookie}\r\n"
        body = next(self._bodies).encode().replace(FILE, self._file)
        kind = f"Content-Type: {self._plan.content_type}\r\nContent-Length: {len(body)}\r\n"
        return f"POST {path} HTTP/1.1\r\n{common}{kind}\r\n".encode() + body

    @staticmethod
    def _get(path: str, cookie: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()

    def _head(self) -> bytes:
        data = self._rest
        while b"\r\n\r\n" not in data:
            if len(data) > MOST_HEADER:
                raise Unanswered("a header without an end")
            data += self._more()
        head, _, self._rest = data.partition(b"\r\n\r\n")
        return head

    def _body(self, length: int) -> None:
        missing = length - len(self._rest)
        while missing > 0:
            missing -= len(self._more())
        self._rest = b""

    def _more(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(262_144)
        if not data:
            raise Unanswered("the server hung up")
        return data

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""


def ask(plan: Plan) -> Answered:
    """Run the clients until the time or count is reached; requests during the warm-up are not
    counted.
    """
    clients = [Client(plan, number) for number in range(plan.clients)]
    start = Barrier(plan.clients + 1)
    counted_from = time.perf_counter() + plan.warm_up
    until = counted_from + plan.seconds
    threads = [Thread(target=client.run, args=(start, until)) for client in clients]
    for thread in threads:
        thread.start()
    start.wait()
    for thread in threads:
        thread.join()
    for client in clients:
        if client.failure:
            raise client.failure
    spent = [each for client in clients for each in client.spent if each[0] >= counted_from]
    if not spent:
        raise Unanswered(f"{plan.paths[0]}: nothing was asked for after the warm-up")
    seconds = max(end for _, end in spent) - min(began for began, _ in spent)
    milliseconds = sorted(1000 * (end - began) for began, end in spent)
    return Answered(len(spent), seconds, milliseconds)


def main() -> int:
    try:
        answered = ask(Plan(**json.load(sys.stdin)))
    except (OSError, Unanswered, NotTaken) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps(asdict(answered)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
