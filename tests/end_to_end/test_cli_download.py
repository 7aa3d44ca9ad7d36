"""`treelet download` and `validate` as a user meets them: folders, mirrors, indexes, pip, uv, no network."""

from __future__ import annotations

import importlib.util
import json
import shlex
import shutil
import subprocess
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from random_package import save_random_package
from small_wheels import NAME, altered_wheel, environment, offline, served, write_index, write_wheel
from treelet.cli import run

FIRST, SECOND, LATER = (
    f"treelet_{NAME}-{version}-py3-none-any.whl" for version in ("0.1.0", "0.1.1", "0.1.2")
)
needs_pip = pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is not installed")
UV = shutil.which("uv") or (importlib.util.find_spec("uv") and "uv")
needs_uv = pytest.mark.skipif(not UV, reason="uv is not installed")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "tiny")


@pytest.fixture(scope="module")
def wheels(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three versions, the last one for a later library, and their table."""
    folder = tmp_path_factory.mktemp("wheels")
    for version in ("0.1.0", "0.1.1"):
        write_wheel(package, folder, version)
    write_wheel(package, folder, "0.1.2", ">=0.9.0,<1")
    assert run(["compatibility", str(folder)]) == 0
    return folder


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = offline(NO_PROXY="127.0.0.1")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "TREELET_MODELS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PIP_CONFIG_FILE", "PIP_RETRIES", "UV_NO_CONFIG", "PIP_INDEX_URL", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, settings[name])


def fetched(arguments: list[str], out: Path) -> list[str]:
    """Names of the wheels that `treelet download NAME … --to OUT` leaves."""
    assert run(["download", NAME, *arguments, "--to", str(out)]) == 0
    return sorted(path.name for path in out.iterdir())


@needs_pip
def test_from_first_to_upgrade_without_a_network(wheels: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")

    def treelet(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [python, "-m", "treelet", *arguments], capture_output=True, text=True, env=offline(), check=False
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout + done.stderr

    code, said = treelet("download", NAME, "--from", str(wheels), "--version", "0.1.0")
    assert (code, said.split(",")[0]) == (0, f"installed {NAME} 0.1.0")
    code, said = treelet("validate", "--from", str(wheels), "--json")
    row = next(row for row in json.loads(said) if row["name"] == NAME)
    assert (code, row["state"], row["newest"]) == (0, "newer", "0.1.1")
    code, said = treelet(*shlex.split(row["mend"])[1:])
    assert (code, "was 0.1.0" in said) == (0, True)
    weights = next((tmp_path / "venv").rglob(f"treelet_{NAME}/weights.safetensors"))
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    code, said = treelet("validate", "--from", str(wheels), "--hashes", "--json")
    row = next(row for row in json.loads(said) if row["name"] == NAME)
    assert (code, row["state"]) == (1, "damaged")
    assert treelet(*shlex.split(row["mend"])[1:])[0] == 0
    code, said = treelet("annotate", "Dogs bark.", "--model", NAME, "--to", "conllu")
    assert (code, "Dogs" in said) == (0, True)


@pytest.mark.parametrize("table", [True, False])
def test_the_newest_that_fits_comes_from_a_folder(wheels: Path, tmp_path: Path, table: bool) -> None:
    folder = tmp_path / "a share"
    shutil.copytree(wheels, folder)
    if not table:
        (folder / "compatibility.json").unlink()
    assert fetched(["--from", str(folder)], tmp_path / "a") == [SECOND]
    assert fetched(["--from", folder.as_uri(), "--version", "0.1.0"], tmp_path / "b") == [FIRST]
    assert (tmp_path / "a" / SECOND).read_bytes() == (wheels / SECOND).read_bytes()


def test_the_environment_names_the_source(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREELET_MODELS", str(wheels))
    assert fetched([], tmp_path / "out") == [SECOND]


def test_the_newest_that_fits_comes_from_a_mirror(wheels: Path, tmp_path: Path) -> None:
    with served(wheels) as address:
        assert fetched(["--from", address], tmp_path / "a") == [SECOND]
        assert fetched(["--from", f"{address}/", "--version", "0.1.0"], tmp_path / "b") == [FIRST]
        assert fetched(["--from", f"{address}/compatibility.json"], tmp_path / "c") == [SECOND]
        assert run(["download", f"{address}/{FIRST}", "--to", str(tmp_path / "d")]) == 0
    assert [path.name for path in (tmp_path / "d").iterdir()] == [FIRST]


@needs_pip
def test_the_newest_that_fits_comes_from_an_index(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_index(wheels, tmp_path)
    with served(tmp_path) as address:
        assert fetched(["--from", f"{address}/simple/"], tmp_path / "a") == [SECOND]
        assert "passed over en_core_random_sm 0.1.2: it is for treelet >=0.9.0,<1" in capsys.readouterr().err
        monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
        table = ["--table", str(wheels / "compatibility.json")]
        assert fetched([*table, "--version", "0.1.0"], tmp_path / "b") == [FIRST]


@needs_pip
def test_an_index_that_has_only_packages_of_other_libraries(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_wheel(package, tmp_path / "wheels", "0.1.2", ">=0.9.0,<1")
    write_index(tmp_path / "wheels", tmp_path)
    with served(tmp_path) as address:
        assert run(["download", NAME, "--from", f"{address}/simple"]) == 1
    assert "for others there are 0.1.2: pip install --upgrade treelet" in capsys.readouterr().err


@needs_uv
def test_uv_installs_where_there_is_no_pip(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = environment(tmp_path / "venv")
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("sys.executable", str(python))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pip" else find_spec(name))
    write_index(wheels, tmp_path)
    assert run(["download", NAME, "--from", str(wheels), "--version", "0.1.0"]) == 0
    manifest = next((tmp_path / "venv").rglob(f"treelet_{NAME}/manifest.json"))
    assert json.loads(manifest.read_bytes())["version"] == "0.1.0"
    with served(tmp_path) as address:
        assert run(["download", NAME, "--from", f"{address}/simple"]) == 0
        assert json.loads(manifest.read_bytes())["version"] == "0.1.1"
        assert "passed over" in capsys.readouterr().err
        assert run(["download", "de_core_random_sm", "--from", f"{address}/simple"]) == 1
    assert "no treelet-de-core-random-sm" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version", "0.1.2"], "is for treelet >=0.9.0,<1, this is treelet"),
        (["--version", "0.1.7"], "can have 0.1.1, 0.1.0"),
        (["--version", "1.0.0"], "can have 0.1.1, 0.1.0"),
    ],
)
def test_a_version_that_does_not_fit_is_refused(
    wheels: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["download", NAME, "--from", str(wheels), *arguments]) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", "nowhere", "http://127.0.0.1:9/wheels"])
def test_what_cannot_be_reached_is_told(
    capsys: pytest.CaptureFixture[str], place: str, tmp_path: Path
) -> None:
    assert run(["download", NAME, "--from", place or str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "no wheel of" in error or "there is no such file" in error or "cannot be reached" in error


@pytest.mark.parametrize("arguments", [["../evil"], ["en"], ["-x"], ["a.whl", "--from", "b"], []])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(["download", *arguments]) == 2


def test_a_wheel_changed_after_the_table_is_refused(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "wheels"
    shutil.copytree(wheels, folder)
    shutil.copyfile(wheels / FIRST, folder / SECOND)
    assert run(["download", NAME, "--from", str(folder), "--to", str(tmp_path / "out")]) == 1
    assert "damaged" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_wheel_with_code_is_refused(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def add(files: dict[str, bytes]) -> None:
        files["evil.pth"] = b"import os\n"

    altered_wheel(wheels / SECOND, tmp_path / "wheels", add)
    assert run(["download", NAME, "--from", str(tmp_path / "wheels"), "--to", str(tmp_path)]) == 1
    assert "evil.pth" in capsys.readouterr().err


def test_a_mirror_that_points_elsewhere_is_not_followed(
    wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Elsewhere(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "ftp://127.0.0.1/wheels")
            self.end_headers()

    with served(wheels, Elsewhere) as address:
        assert run(["download", NAME, "--from", address]) == 1
    assert "not followed" in capsys.readouterr().err


def test_signatures_are_asked_for(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")

    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    pem = serialization.Encoding.PEM
    ours, theirs = keys.Ed25519PrivateKey.generate(), keys.Ed25519PrivateKey.generate()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = [
        write(f"{n}.pem", key.public_key().public_bytes(pem, spki)) for n, key in enumerate((ours, theirs))
    ]
    pkcs8 = ours.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signed = tmp_path / "signed"
    arguments = ["--format", "wheel", "--sign", write("private.pem", pkcs8)]
    assert run(["package", str(package), str(signed), *arguments]) == 0
    out = ["--from", str(signed), "--to", str(tmp_path / "out")]
    assert run(["download", NAME, *out, "--trust", public[0]]) == 0
    assert run(["download", NAME, *out, "--trust", public[1]]) == 1
    assert "none of the trusted keys" in capsys.readouterr().err


def test_validate_asks_nobody_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate"]) == 0
    assert "en_core_web_sm" in capsys.readouterr().out


def test_validate_with_the_file_alone(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows of packages that are there: one for another library, one withdrawn, one that cannot be read."""
    from treelet.package import find_package

    def unpack(wheel: str, folder: str) -> Path:
        shutil.unpack_archive(wheels / wheel, tmp_path / folder, "zip")
        monkeypatch.syspath_prepend(str(tmp_path / folder))
        return tmp_path / folder / f"treelet_{NAME}"

    def rows(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run(["validate", "--json", *arguments])
        return code, next(row for row in json.loads(capsys.readouterr().out) if row["name"] == NAME)

    folder = unpack(FIRST, "first")
    assert find_package(NAME) == folder
    table = json.loads((wheels / "compatibility.json").read_text())
    changed = tmp_path / "compatibility.json"
    table["treelet"]["0.1"][NAME] = ["0.1.1"]
    changed.write_text(json.dumps(table))
    code, row = rows("--table", str(changed))
    assert (code, row["state"], row["mend"]) == (1, "withdrawn", f"treelet download {NAME}")
    (folder / "manifest.json").write_text("{")
    code, row = rows("--from", str(changed))
    assert (code, row["state"]) == (1, "damaged")
    assert "manifest.json" in row["problem"]
    assert row["mend"] == f"treelet download {NAME} --from {tmp_path}"
    unpack(LATER, "later")
    code, row = rows("--from", str(wheels))
    assert (code, row["state"]) == (1, "incompatible")
    assert row["mend"] == f"treelet download {NAME} --from {wheels}"
