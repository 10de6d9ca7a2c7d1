"""Start Chainrule: watch a neural network learn, and understand why it does."""

if __name__ == "__main__":
    from gui.ending import heed_signals

    heed_signals()  # before whatever takes time

import argparse
import ctypes
import os
import sys
from pathlib import Path
from typing import NoReturn

from engine.version import __version__
from gui import ending


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong with the command line in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (--help lists the options)\n")


def window_size(text: str) -> tuple[int, int]:
    """Read ``1280x800``."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 1280x800")
    if not (640 <= int(width) <= 7680 and 480 <= int(height) <= 4320):
        raise argparse.ArgumentTypeError(f"'{text}' is not between 640x480 and 7680x4320")
    return int(width), int(height)


def count(text: str) -> int:
    """Read a number of epochs."""
    if not text.isdecimal() or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 to 1000000")
    return int(text)


def picture_file(text: str) -> Path:
    """Check that a picture can be written where `text` says."""
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"'{text}' does not end in .png")
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise argparse.ArgumentTypeError(
            f"cannot write '{text}': {(error.strerror or 'error').lower()}"
        ) from None
    if path.stat().st_size == 0:
        path.unlink()
    return path


def digit(text: str) -> int:
    """Read a digit to draw."""
    if not (len(text) == 1 and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a digit from 0 to 9")
    return int(text)


def existing_file(text: str) -> Path:
    """Check that there is a file to open."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file '{text}'")
    return Path(text)


def parse_options(arguments: list[str]) -> argparse.Namespace:
    parser = OneLineParser(prog="chainrule", description=__doc__)
    parser.add_argument(
        "file", nargs="?", type=existing_file, help="a table (CSV) or a saved training to open"
    )
    parser.add_argument("--version", action="version", version=f"Chainrule {__version__}")
    parser.add_argument("--theme", choices=("dark", "light"), help="instead of the system's")
    parser.add_argument(
        "--size", type=window_size, metavar="WxH", help="size of the window, such as 1280x800"
    )
    parser.add_argument(
        "--screenshot",
        type=picture_file,
        metavar="FILE.png",
        help="train, save a picture of the window, and exit",
    )
    parser.add_argument(
        "--epochs", type=count, default=30, metavar="N", help="epochs before the picture (30)"
    )
    parser.add_argument(
        "--draw", type=digit, metavar="D", help="draw this digit on the canvas at the start"
    )
    parser.add_argument(
        "--reset-settings", action="store_true", help="start with the usual settings"
    )
    options = parser.parse_args(arguments)
    if options.file and options.screenshot:
        parser.error("--screenshot takes no file to open")
    return options


def check_qt_libraries() -> None:
    """Say what is missing where Qt would abort without a word that helps."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise SystemExit(
            "chainrule: no screen to open a window on (DISPLAY and WAYLAND_DISPLAY are unset); "
            "QT_QPA_PLATFORM=offscreen draws without one"
        )
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError:
        raise SystemExit(
            "chainrule: Qt needs the library libxcb-cursor.so.0, which this system lacks; on "
            "Debian and Ubuntu: sudo apt-get install libxcb-cursor0"
        ) from None


def main(arguments: list[str] | None = None) -> int:
    ending.heed_signals()
    options = parse_options(sys.argv[1:] if arguments is None else arguments)
    check_qt_libraries()
    try:
        from gui.app import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("engine", "gui", "resources"):
            raise
        print(
            f"chainrule: cannot start: {error}; 'python3 dev.py run' installs what is needed",
            file=sys.stderr,
        )
        return 1
    return 0 if ending.told() else run(options)


if __name__ == "__main__":
    raise SystemExit(main())
