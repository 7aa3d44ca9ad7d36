"""An http(s) address in, its bytes out: within limits, or an error that says what to do.

Proxies are those of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, certificates those of the system or of
SSL_CERT_FILE, user and password those in the address, else those of ~/.netrc.
"""

from __future__ import annotations

import base64
import http.client
import netrc
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from treelet import __version__
from treelet.errors import PackageError

SECONDS = 30
"""That a server may be silent."""
_CHUNK = 1 << 16
_HINTS = {
    401: "; give user and password in the address (https://USER:PASSWORD@HOST/…) or in ~/.netrc",
    403: "; the server does not let you have it: is a user and a password missing, or is a proxy in between?",
    407: "; the proxy wants a user and a password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
}


def is_web(text: str) -> bool:
    """Whether it is an address that this file can open."""
    return text.lower().startswith(("http://", "https://"))


def without_secrets(url: str) -> str:
    """The address as it may be shown: no password, no query."""
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return "an address that cannot be read"


def beside(url: str, file: str) -> str:
    """The address of a file in the folder that an address names; a query stays."""
    parts = urlsplit(url)
    return urlunsplit((*parts[:2], parts.path.rstrip("/") + "/" + quote(file), parts.query, ""))


def read_url(url: str, most: int) -> bytes:
    """All bytes at an address. Raises PackageError where there are more than `most`, or it cannot be had."""
    parts: list[bytes] = []
    _receive(url, most, parts.append)
    return b"".join(parts)


def fetch_url(url: str, target: Path, most: int, advance: Callable[[int], object]) -> None:
    """Write the bytes at an address to a file; `advance` hears how many came. Errors as of `read_url`."""
    with open(target, "wb") as file:

        def write(chunk: bytes) -> None:
            file.write(chunk)
            advance(len(chunk))

        _receive(url, most, write)


def _receive(url: str, most: int, take: Callable[[bytes], object]) -> None:
    shown = without_secrets(url)
    try:
        with _open(url) as response:
            told = response.headers.get("Content-Length", "")
            size = 0
            while chunk := response.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise PackageError(
                        f"{shown}: more than {most:,} bytes; it is not what was expected there"
                    )
                take(chunk)
            if told.isdecimal() and size != int(told):
                raise PackageError(
                    f"{shown}: found {size} bytes of {told}; the connection broke off, try again"
                )
    except urllib.error.HTTPError as error:
        raise PackageError(
            f"{shown}: the server says {error.code} {error.reason}{_HINTS.get(error.code, '')}"
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PackageError(f"{shown}: cannot be reached: {_reason(error)}") from None


def _open(url: str) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("expected an address such as https://host/folder")
    request = urllib.request.Request(_bare(parts), headers={"User-Agent": f"treelet/{__version__}"})
    if authorization := _authorization(parts):
        request.add_unredirected_header("Authorization", authorization)  # never sent on to another host
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=ssl.create_default_context()), _Redirects()
    )
    return opener.open(request, timeout=SECONDS)


def _bare(parts: SplitResult) -> str:
    """The address without user and password, its path in the characters that an address may have."""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, quote(parts.path, safe="/%:@!$&'()*+,;=~"), parts.query, ""))


def _authorization(parts: SplitResult) -> str:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user:
        try:
            known = netrc.netrc(os.environ.get("NETRC")).authenticators(parts.hostname or "")
        except (OSError, netrc.NetrcParseError):
            known = None
        user, _, password = (text or "" for text in known or ("", "", ""))
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http(s) alone, and never from https to http."""

    def redirect_request(self, req: urllib.request.Request, *rest: Any) -> urllib.request.Request | None:
        target = urlsplit(rest[-1])
        if target.scheme != "https" and (target.scheme != "http" or urlsplit(req.full_url).scheme == "https"):
            raise ValueError(f"it points on to {without_secrets(rest[-1])}, which is not followed")
        return super().redirect_request(req, *rest)


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({inner.verify_message}); behind a proxy that reads along, "
            "or with a certificate of your own: SSL_CERT_FILE=/path/to/authority.pem treelet …"
        )
    if isinstance(inner, TimeoutError):
        return f"no answer in {SECONDS} seconds; behind a proxy: HTTPS_PROXY=http://HOST:PORT treelet …"
    if isinstance(inner, OSError) and inner.strerror:
        return f"{inner.strerror}; behind a proxy: HTTPS_PROXY=http://HOST:PORT treelet …"
    return str(inner) or type(inner).__name__
