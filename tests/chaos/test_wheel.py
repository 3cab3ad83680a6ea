"""What `make wheel` builds works without the sources: installed elsewhere, it runs the town."""

import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhen.runtime import ports

from .conftest import environment, eventually

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="zhen-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def wheel(elsewhere: Path) -> Path:
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(elsewhere))
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = elsewhere.glob("*.whl")
    return built


def test_it_holds_the_built_pages_and_messages_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "zhen/web/static/dist/manifest.json" in names
    assert any(name.endswith("/zh_Hans/LC_MESSAGES/django.mo") for name in names)
    assert [name for name in names if "/tests/" in name or "/web/assets/" in name] == []


def test_installed_in_an_empty_folder_it_runs_the_town(wheel: Path, elsewhere: Path) -> None:
    settings = {**environment(), "ZHEN_HOME": str(elsewhere / "home"), "ZHEN_PORT": str(ports.free_port())}
    folder = elsewhere / "empty folder"
    folder.mkdir()
    python = folder / "env" / "bin" / "python"
    subprocess.run((sys.executable, "-m", "venv", str(folder / "env")), check=True)
    install = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python))
    packages = ("--require-hashes", "--requirement", str(ROOT / "requirements" / "base.txt"))
    subprocess.run((*install, *packages), check=True, env=_with_the_indexes_of_pip(settings))
    subprocess.run((*install, "--no-deps", "--offline", str(wheel)), check=True, env=settings)

    output = elsewhere / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            (python.with_name("zhen"), "up"), cwd=folder, env=settings, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        eventually(lambda: "\nready in" in output.read_text() or process.poll() is not None, 300)
        assert process.poll() is None, output.read_text()
        address = f"http://127.0.0.1:{settings['ZHEN_PORT']}"
        assert urllib.request.urlopen(f"{address}/healthz", timeout=20).read() == b"ok"
        portal = urllib.request.urlopen(f"{address}/", timeout=60).read().decode()
        assert "/static/dist/" in portal
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0, output.read_text()


def _with_the_indexes_of_pip(environment: dict[str, str]) -> dict[str, str]:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import setup
    finally:
        sys.path.pop(0)
    return {**environment, **setup.pip_settings_for_uv()}
