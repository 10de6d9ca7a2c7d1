"""Whether the program was told to end: by Ctrl+C, by the system, by its terminal.

A signal only sets a flag, which the window's beat looks at. Python's own handler raises an
exception wherever the program happens to be, and inside a call of Qt's that is a crash. There is
no Qt in this file, and nothing else that is slow to import: it is there before all else.
"""

import signal

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_told = False


def heed_signals() -> None:
    """Take note of signals from now on; in the main thread."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # each system has some of them
        if number is None:
            continue
        if name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN:
            continue  # it was started to outlive its terminal
        signal.signal(number, _take_note)


def told() -> bool:
    """Return whether the program was told to end."""
    return _told


def _take_note(_number: int, _frame: object) -> None:
    global _told
    _told = True
