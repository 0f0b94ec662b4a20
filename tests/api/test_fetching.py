"""A picture's address leads to an allowed host in the open internet, or nowhere at all."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from select import select
from socket import create_server
from threading import Thread
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bihuan.api import fetching
from bihuan.api.fetching import Forbidden, Network, Unreachable, fetch, is_allowed, is_public
from tests.factories import NOW

HOSTS = ["photos.example.org", "more.example.org"]
OPEN = "8.8.8.8"
MOST = 1000
INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    "ff02::1", "2001:db8::1", "2001:0:7f00:1:0:0:f5ff:fffe",
]  # fmt: skip

Page = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A host with pages, on this machine; whoever asks for it by name is led here."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str]] = []
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self.server.server_address[1])

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.headers["Host"].partition(":")[0], self.path))
                site.pages.get(self.path, _status(404))(self)

            def log_message(self, *arguments: object) -> None:
                """Say nothing in the tests' output."""

        return Handler

    def network(self, *addresses: str) -> Network:
        def connect(host: str, address: str) -> http.client.HTTPConnection:
            assert address == addresses[0]
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.putheader = _with_host(connection, host)  # type: ignore[method-assign]
            return connection

        return Network(resolve=lambda host: list(addresses), connect=connect)


def _with_host(connection: http.client.HTTPConnection, host: str) -> Callable[..., None]:
    """The fake is asked by the name of the host, as the real one is."""
    put = connection.putheader

    def putheader(name: str | bytes, *values: str | bytes | int) -> None:
        put(name, *((host,) if name == "Host" else values))

    return putheader


def _page(data: bytes, *, length: int | None = None) -> Page:
    def show(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if length != -1:
            handler.send_header("Content-Length", str(len(data) if length is None else length))
        handler.end_headers()
        handler.wfile.write(data)

    return show


def _status(status: int, location: str = "") -> Page:
    def show(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if location:
            handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return show


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


def _fetch(site: Site, path: str = "/1.jpg", *addresses: str) -> bytes:
    network = site.network(*(addresses or (OPEN,)))
    return fetch(f"https://photos.example.org{path}", hosts=HOSTS, most=MOST, network=network)


# --------------------------------------------------------------------- addresses
@pytest.mark.parametrize(
    "url",
    [
        "https://photos.example.org/1.jpg",
        "https://photos.example.org:443/a?b=c",
        "https://PHOTOS.example.org/",
    ],
)
def test_an_address_on_an_allowed_host_is_allowed(url: str) -> None:
    assert is_allowed(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://photos.example.org/1.jpg",
        "ftp://photos.example.org/1.jpg",
        "file:///etc/passwd",
        "https://example.org/1.jpg",
        "https://photos.example.org.evil.example/1.jpg",
        "https://evil.photos.example.org/1.jpg",
        "https://photos.example.org@evil.example/1.jpg",
        "https://user@photos.example.org/1.jpg",
        "https://user:secret@photos.example.org/1.jpg",
        "https://photos.example.org:22/1.jpg",
        "https://photos.example.org:99999/1.jpg",
        "https://photos.example.org:x/1.jpg",
        "https://127.0.0.1/1.jpg",
        "https://[::1]/1.jpg",
        "https://[photos.example.org/1.jpg",
        "https://photos.example.org/1.jpg\r\nHost: inside",
        "https://photos.example.org/1 .jpg",
        "https://photos。example.org/1.jpg",
        "//photos.example.org/1.jpg",
        "photos.example.org/1.jpg",
        "",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    assert not is_allowed(url, HOSTS)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_a_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [OPEN, "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_in_the_open_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_a_host_that_leads_inside_is_never_connected_to(address: str, site: Site) -> None:
    with pytest.raises(Forbidden):
        _fetch(site, "/1.jpg", address)

    assert site.asked == []


def test_one_address_inside_is_enough_to_refuse(site: Site) -> None:
    with pytest.raises(Forbidden):
        _fetch(site, "/1.jpg", OPEN, "10.0.0.1")

    assert site.asked == []


def test_the_real_way_out_resolves_before_it_connects() -> None:
    """`localhost` needs no network to be found, and must not be connected to."""
    with pytest.raises(Forbidden):
        fetch("https://localhost/1.jpg", hosts=["localhost"], most=MOST)


# ----------------------------------------------------------------------- answers
def test_what_is_there_is_fetched(site: Site) -> None:
    site.pages["/1.jpg?size=big"] = _page(b"picture")

    assert _fetch(site, "/1.jpg?size=big") == b"picture"
    assert site.asked == [("photos.example.org", "/1.jpg?size=big")]


@pytest.mark.parametrize("length", [None, -1])
def test_as_much_as_is_allowed_is_read_and_no_more(site: Site, length: int | None) -> None:
    site.pages["/full"] = _page(b"x" * MOST, length=length)
    site.pages["/over"] = _page(b"x" * (MOST + 1), length=length)

    assert len(_fetch(site, "/full")) == MOST
    with pytest.raises(Forbidden):
        _fetch(site, "/over")


def test_a_redirect_on_the_host_is_followed(site: Site) -> None:
    site.pages["/1.jpg"] = _status(302, "/2.jpg")
    site.pages["/2.jpg"] = _status(307, "https://photos.example.org/3.jpg")
    site.pages["/3.jpg"] = _page(b"picture")

    assert _fetch(site) == b"picture"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/1.jpg",
        "https://more.example.org/1.jpg",
        "http://photos.example.org/1.jpg",
        "https://photos.example.org:8443/1.jpg",
        "https://127.0.0.1/",
        "//evil.example/1.jpg",
        "file:///etc/passwd",
        "/1.jpg",
    ],
)
def test_a_redirect_elsewhere_or_without_end_is_not(site: Site, target: str) -> None:
    site.pages["/1.jpg"] = _status(302, target)

    with pytest.raises(Forbidden):
        _fetch(site)

    assert {host for host, _ in site.asked} == {"photos.example.org"}
    assert len(site.asked) <= fetching.REDIRECTS + 1


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410])
def test_another_answer_is_final(site: Site, status: int) -> None:
    site.pages["/1.jpg"] = _status(status)

    with pytest.raises(Forbidden):
        _fetch(site)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_host_in_trouble_is_tried_again(site: Site, status: int) -> None:
    site.pages["/1.jpg"] = _status(status)

    with pytest.raises(Unreachable):
        _fetch(site)


def test_half_a_picture_is_none(site: Site) -> None:
    site.pages["/1.jpg"] = _page(b"half", length=8)

    with pytest.raises(Unreachable):
        _fetch(site)


def test_a_host_that_drips_is_left(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.0)
    site.pages["/1.jpg"] = _page(b"picture")

    with pytest.raises(Unreachable):
        _fetch(site)


def _dripping(*, before: bytes) -> Page:
    """Answers so far, and goes on a byte at a time for as long as anybody reads."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(before)
        with suppress(OSError):
            for _ in range(600):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                select([handler.connection], [], [], 0.02)

    return drip


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /",
    ],
    ids=["status", "headers", "body", "body-without-length", "redirect"],
)
def test_a_host_that_drips_is_cut_off_at_the_end_of_the_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    """Each byte comes before the pause of the connection is over; no read alone takes long."""
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    site.pages["/1.jpg"] = _dripping(before=before)
    began = monotonic()

    with pytest.raises(Unreachable):
        _fetch(site)

    assert monotonic() - began < 5  # the host goes on for twelve seconds and more


def test_a_handshake_that_drips_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before the first byte of HTTP, by the connection that is really used."""
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    monkeypatch.setattr(fetching, "PAUSE", 30.0)

    def connect(host: str, address: str) -> http.client.HTTPConnection:
        connection = fetching.INTERNET.connect(host, "127.0.0.1")
        connection.port = silent.getsockname()[1]
        return connection

    with create_server(("127.0.0.1", 0)) as silent:
        way = Network(resolve=lambda host: [OPEN], connect=connect)
        began = monotonic()
        with pytest.raises(Unreachable):
            fetch("https://photos.example.org/1.jpg", hosts=HOSTS, most=MOST, network=way)

    assert monotonic() - began < 5


def test_a_host_that_is_not_there_is_tried_again(site: Site) -> None:
    def refuse(host: str, address: str) -> http.client.HTTPConnection:
        raise ConnectionRefusedError

    with pytest.raises(Unreachable):
        fetch(
            "https://photos.example.org/1.jpg",
            hosts=HOSTS,
            most=MOST,
            network=Network(resolve=lambda host: [OPEN], connect=refuse),
        )


# --------------------------------------------------------------------------- TLS
def test_the_certificate_must_be_that_of_the_host(site: Site, tmp_path: Path) -> None:
    """The real connection goes to the address it is given and asks for the host's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    connection = fetching.INTERNET.connect("photos.example.org", "127.0.0.1")
    connection.port = site.port

    with closing(connection), pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/1.jpg")

    assert site.asked == []


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "photos.example.org")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
