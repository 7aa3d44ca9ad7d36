"""Small wheels of one package: any version, for any library, with what a test wants wrong; where they lie."""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
import sys
import sysconfig
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from treelet.package.manifest import manifest_to_json
from treelet.publishing import Contents, build_wheel, read_contents, wheel_name
from treelet.publishing.metadata import distribution_name

NAME = "en_core_random_sm"
FOLDER = f"treelet_{NAME}"


def write_wheel(package: Path, out: Path, version: str, treelet: str = ">=0.1.0,<1") -> Path:
    """A wheel of the package in a folder, under another version."""
    contents = read_contents(package)
    manifest = contents.manifest
    structure = {**manifest.structure, "version": version.rpartition(".")[0]}
    made = replace(manifest, version=version, treelet=treelet, structure=structure)
    files = {**contents.files, "manifest.json": manifest_to_json(made)}
    out.mkdir(exist_ok=True)
    path = out / wheel_name(made)
    path.write_bytes(build_wheel(Contents(made, files)))
    return path


def altered_wheel(
    wheel: Path, out: Path, change: Callable[[dict[str, bytes]], object], record: bool = True
) -> Path:
    """A copy whose files are changed in place; `record`: RECORD is made right again."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    info = next(name for name in files if name.endswith("/RECORD"))
    if record:
        files[info] = record_of(files, info)
    out.mkdir(exist_ok=True)
    with zipfile.ZipFile(out / wheel.name, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out / wheel.name


def record_of(files: Mapping[str, bytes], info: str) -> bytes:
    """RECORD of files, itself called `info`, as it should be."""
    from base64 import urlsafe_b64encode

    rows = []
    for name, data in files.items():
        if name != info:
            digest = urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            rows.append(f"{name},sha256={digest},{len(data)}\n")
    return "".join([*rows, f"{info},,\n"]).encode()


def write_index(wheels: Path, out: Path) -> Path:
    """A package index (PEP 503) of the wheels in a folder."""
    project = out / "simple" / distribution_name(NAME)
    project.mkdir(parents=True)
    links = ""
    for wheel in sorted(wheels.glob("*.whl")):
        data = wheel.read_bytes()
        (project / wheel.name).write_bytes(data)
        links += f'<a href="{wheel.name}#sha256={hashlib.sha256(data).hexdigest()}">{wheel.name}</a>\n'
    (project / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
    return out / "simple"


@contextmanager
def served(
    folder: Path,
    handler: type[SimpleHTTPRequestHandler] = SimpleHTTPRequestHandler,
    context: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """A folder behind http, with a context https, on this machine alone; yields its address."""

    class Quiet(handler):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def environment(folder: Path) -> Path:
    """A fresh virtual environment that imports everything of this one; its Python.

    What is installed into it goes into its own folder alone.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    others = [path for path in sys.path if path.endswith("-packages")]
    lines = [f"import site; site.addsitedir({path!r})\n" for path in others]
    (own / "of_the_tests.pth").write_text("".join(lines))
    return folder / "bin" / "python"


def offline(**more: str) -> dict[str, str]:
    """The environment of a process that gets nowhere when it asks the network."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "TREELET_"))
    }
    nowhere = "http://127.0.0.1:9"
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "UV_NO_CONFIG": "1"}
    indexes = {"PIP_INDEX_URL": f"{nowhere}/simple", "UV_DEFAULT_INDEX": f"{nowhere}/simple"}
    return {**kept, **settings, **indexes, "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, **more}
