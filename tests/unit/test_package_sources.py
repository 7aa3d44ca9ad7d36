"""What --from means, and what comes over http(s): proxies, passwords, certificates, limits."""

from __future__ import annotations

import base64
import datetime
import http.server
import ipaddress
import os
import ssl
from pathlib import Path
from typing import Any

import pytest

from small_wheels import served
from treelet.errors import PackageError
from treelet.installing.source import Folder, Index, LooseWheel, Mirror, source_of
from treelet.installing.web import beside, fetch_url, read_url, without_secrets

WHEEL = "treelet_en_core_web_sm-0.1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "TREELET_MODELS"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("index", Index()),
        (None, Index()),
        ("index+https://host/pypi/simple", Index("https://host/pypi/simple")),
        ("https://host/pypi/simple/", Index("https://host/pypi/simple/")),
        ("https://host/simple", Index("https://host/simple")),
        ("https://host/wheels", Mirror("https://host/wheels")),
        ("HTTPS://host/wheels/compatibility.json", Mirror("HTTPS://host/wheels/")),
        (f"https://host/{WHEEL}#sha256=ab", LooseWheel(f"https://host/{WHEEL}#sha256=ab")),
    ],
)
def test_an_address_says_what_it_is(text: str | None, source: Any) -> None:
    assert source_of(text) == source


def test_a_path_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    assert source_of(str(tmp_path)) == Folder(tmp_path, None)
    assert source_of(tmp_path.as_uri()) == Folder(tmp_path, None)
    assert source_of(str(tmp_path / WHEEL)) == LooseWheel(str(tmp_path / WHEEL))
    table = tmp_path / "compatibility.json"
    table.write_text("{}")
    assert source_of(str(tmp_path)) == source_of(str(table)) == Folder(tmp_path, table)
    (tmp_path / "other.json").write_text("{}")
    assert source_of(str(tmp_path / "other.json")) == Folder(tmp_path, tmp_path / "other.json")
    for wrong in (
        tmp_path / "missing",
        tmp_path / "notes.txt",
        "ftp://host/wheels",
        "index+ftp://host",
        "sftp:x",
    ):
        with pytest.raises(PackageError, match="expected"):
            source_of(str(wrong))


def test_the_environment_is_asked_when_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TREELET_MODELS", str(tmp_path))
    assert source_of(None) == Folder(tmp_path, None)
    assert source_of("index") == Index()


@pytest.mark.skipif(os.name == "nt", reason="there it is a share")
def test_a_share_by_address_has_to_be_mounted() -> None:
    with pytest.raises(PackageError, match="mount it"):
        source_of("file://server/share")


def test_no_password_is_ever_shown(tmp_path: Path) -> None:
    secret = "http://me:hunter2@127.0.0.1:9/w?token=hunter2"
    for source in (
        source_of(secret),
        source_of(f"index+{secret}"),
        source_of(f"http://me:hunter2@127.0.0.1:9/{WHEEL}"),
    ):
        assert "hunter2" not in source.told
    with pytest.raises(PackageError, match=r"^http://127\.0\.0\.1:9/w: cannot be reached") as caught:
        read_url(secret, 10)
    assert "hunter2" not in str(caught.value)


def test_addresses_beside() -> None:
    assert beside("https://host/a b?sig=1", "x.whl") == "https://host/a b/x.whl?sig=1"
    assert without_secrets("https://u:p@host/a?b#c") == "https://host/a"


class Answers(http.server.SimpleHTTPRequestHandler):
    """Says what it was asked for; remembers it."""

    asked: list[tuple[str, str | None]] = []  # noqa: RUF012 - each test makes its own class

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")


def answers() -> Any:
    return type("Own", (Answers,), {"asked": []})


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_passwords_of_the_address_and_of_netrc(tmp_path: Path) -> None:
    handler = answers()
    with served(tmp_path, handler) as address:
        host = address.removeprefix("http://")
        assert read_url(f"http://me:p%40ss@{host}/a", 10) == b"hello"
        assert read_url(f"{address}/b", 10) == b"hello"
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login you password word\n")
        assert read_url(f"{address}/c d", 10) == b"hello"
    assert handler.asked == [("/a", basic("me", "p@ss")), ("/b", None), ("/c%20d", basic("you", "word"))]


def test_a_password_is_not_sent_on(tmp_path: Path) -> None:
    handler = answers()
    with served(tmp_path, handler) as elsewhere:

        class PointsOn(http.server.SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", f"{elsewhere}/there")
                self.end_headers()

        with served(tmp_path, PointsOn) as address:
            assert read_url(address.replace("http://", "http://me:secret@"), 10) == b"hello"
    assert handler.asked == [("/there", None)]


def test_the_proxy_of_the_environment_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = answers()
    with served(tmp_path, handler) as address:
        monkeypatch.setenv("HTTP_PROXY", address)
        assert read_url("http://mirror.invalid/wheels/x", 10) == b"hello"
        monkeypatch.setenv("NO_PROXY", "mirror.invalid")
        with pytest.raises(PackageError, match="cannot be reached"):
            read_url("http://mirror.invalid/wheels/x", 10)
    assert handler.asked == [("http://mirror.invalid/wheels/x", None)]


def test_limits(tmp_path: Path) -> None:
    class CutShort(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"x")

    (tmp_path / "file").write_bytes(bytes(100))
    came: list[int] = []
    with served(tmp_path) as address:
        fetch_url(f"{address}/file", tmp_path / "copy", 100, came.append)
        assert ((tmp_path / "copy").read_bytes(), sum(came)) == (bytes(100), 100)
        with pytest.raises(PackageError, match="more than 99 bytes"):
            read_url(f"{address}/file", 99)
        with pytest.raises(PackageError, match="the server says 404"):
            read_url(f"{address}/nothing", 99)
    with served(tmp_path, CutShort) as address, pytest.raises(PackageError, match="1 bytes of 100"):
        read_url(address, 1000)


@pytest.mark.parametrize(
    "url", ["http://", "https:///x", "http://[::1", "http://host:port/", "http://a\nb/", "http://\udcff/"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(PackageError):
        read_url(url, 10)


def test_a_certificate_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    with served(tmp_path, answers(), context) as address:
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
        with pytest.raises(PackageError, match=r"its certificate is not trusted .* SSL_CERT_FILE="):
            read_url(address, 10)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        assert read_url(address, 10) == b"hello"


def _certificate(folder: Path) -> Path:
    """A key and a certificate of 127.0.0.1 that it signs itself, in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(
        now + datetime.timedelta(1)
    )
    builder = builder.add_extension(host, critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(True, None), critical=True).sign(
        key, hashes.SHA256()
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "authority.pem"
    path.write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    return path
