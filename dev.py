"""The one command surface of the project; needs nothing but Python 3.11 or newer.

    python3 dev.py run [options of main.py]   open the window
    python3 dev.py test [options of pytest]   run the tests, without a screen
    python3 dev.py lint                       format, lint, types, import contract
    python3 dev.py check                      lint, then test
    python3 dev.py format                     rewrite the code in the house format
    python3 dev.py bench [NAME] [--json FILE] compare with the peers; no NAME lists them
    python3 dev.py soak [NAME] [options]      try to break the program; no NAME lists the ways

Whatever is missing (Qt's system libraries, a virtual environment, the pinned packages)
is installed first, once.
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TESTS = ROOT / "tests"

# Shared libraries that Qt loads, and the Debian packages that hold them.
OFFSCREEN_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND_LIBRARIES = {"libwayland-cursor.so.0": "libwayland-cursor0"}


def fail(message: str) -> None:
    print(f"dev.py: {message}", file=sys.stderr)
    raise SystemExit(2)


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """Name the Debian packages of the libraries that cannot be loaded."""
    missing = set()
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.add(package)
    return sorted(missing)


def apt_install(packages: list[str]) -> None:
    """Install Debian packages where that is allowed, else say what to type."""
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        by_hand = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        fail(
            "this system lacks libraries that Qt or Python needs; please run\n"
            f"    {by_hand}\n(these are Debian's names: other systems name them much alike)"
        )
    print(f"installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if command is install and done.returncode == 0:
            return
    fail(f"could not install {' '.join(packages)} (apt-get's reasons stand above)")


def ensure_system_libraries(with_display: bool) -> None:
    if not sys.platform.startswith("linux"):
        return
    libraries = dict(OFFSCREEN_LIBRARIES)
    if with_display:
        libraries |= X11_LIBRARIES
        if os.environ.get("WAYLAND_DISPLAY"):
            libraries |= WAYLAND_LIBRARIES
    packages = missing_packages(libraries)
    if packages:
        apt_install(packages)


def wanted_stamp(requirements: Path) -> str:
    """Tell this interpreter and these requirements from any others."""
    pins = (ROOT / "requirements.txt").read_bytes() + requirements.read_bytes()
    return hashlib.sha256(pins + sys.version.encode()).hexdigest()


def ensure_environment(requirements_name: str) -> None:
    """Make ``.venv`` with the pinned packages unless it stands already."""
    requirements = ROOT / requirements_name
    stamp = VENV / f"installed-{requirements.stem}"
    wanted = wanted_stamp(requirements)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    try:
        import ensurepip  # noqa: F401  (bare Debian ships venv without it)
    except ImportError:
        apt_install([f"python3.{sys.version_info.minor}-venv"])
    print("setting up .venv (once; a minute or two) …", flush=True)
    same_python = VENV / f"python-{platform.python_version()}"
    if not (PYTHON.exists() and same_python.exists()):
        if VENV.is_symlink():
            VENV.unlink()  # what it points to is not this project's to clear
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
        same_python.touch()
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", str(requirements)], check=False).returncode:
        fail("the packages could not be installed; pip's reasons stand above")
    stamp.write_text(wanted)


def python(*arguments: str, **environment: str) -> int:
    """Run the environment's Python from the project's folder; return its exit status."""
    command = [str(PYTHON), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode


def run(arguments: list[str]) -> int:
    headless = os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal")
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not (headless or has_display):
        fail(
            "no screen to open a window on (DISPLAY and WAYLAND_DISPLAY are unset); "
            "QT_QPA_PLATFORM=offscreen draws without one"
        )
    ensure_system_libraries(with_display=not headless)
    ensure_environment("requirements.txt")
    command = [str(PYTHON), str(ROOT / "main.py"), *arguments]  # in the caller's folder
    if os.name == "posix":  # Ctrl+C is the program's then: it ends in order, and is not killed
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command).returncode


def prepare_checks() -> None:
    ensure_system_libraries(with_display=False)
    ensure_environment("requirements-dev.txt")


def test(arguments: list[str]) -> int:
    prepare_checks()
    on_every_core = ("-n", "auto", "--dist", "worksteal")  # `-n 0` after it runs them here
    return python("-m", "pytest", "-q", *on_every_core, *arguments, QT_QPA_PLATFORM="offscreen")


def lint(arguments: list[str]) -> int:
    prepare_checks()
    steps = [
        ("-m", "ruff", "format", "--check", "."),
        ("-m", "ruff", "check", "."),
        ("-m", "mypy"),
        ("-c", "from importlinter.cli import lint_imports_command as main; main()"),
    ]
    return max(python(*step) for step in steps)


def check(arguments: list[str]) -> int:
    return lint([]) or test(arguments)


def format_code(arguments: list[str]) -> int:
    prepare_checks()
    return python("-m", "ruff", "check", "--fix", "-q", ".") | python("-m", "ruff", "format", ".")


def run_one_of(folder: str, arguments: list[str]) -> int:
    """Run a module of a folder of the tests by its name, the first argument."""
    names = sorted(path.stem for path in (TESTS / folder).glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        fail(f"a name is needed: {', '.join(names)}")
    prepare_checks()
    name, *options = arguments
    return python("-m", f"tests.{folder}.{name}", *options)


def bench(arguments: list[str]) -> int:
    return run_one_of("benchmarks", arguments)


def soak(arguments: list[str]) -> int:
    return run_one_of("soak", arguments)


COMMANDS = {
    "run": run,
    "test": test,
    "lint": lint,
    "check": check,
    "format": format_code,
    "bench": bench,
    "soak": soak,
}


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  (older ones read this file too)
        fail(f"Python 3.11 or newer is needed; this is {platform.python_version()}")
    name, *rest = arguments or ["run"]
    if name in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    if name not in COMMANDS:
        fail(f"unknown command '{name}'; choose from {', '.join(COMMANDS)}")
    return COMMANDS[name](rest)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
