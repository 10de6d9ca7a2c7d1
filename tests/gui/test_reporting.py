"""What breaks is told once, truly, in a box that can be closed by any way."""

import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget

from gui.log import start_logging
from gui.messages import complain
from gui.reporting import Reporter


@pytest.fixture
def reporter(qapp):
    """A reporter of its own, with nothing in front of the next."""
    made = Reporter()
    yield made
    for each in boxes():
        each.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def boxes():
    found = QApplication.topLevelWidgets()
    return [each for each in found if isinstance(each, QMessageBox) and each.isVisible()]


def broken(name="gui/data/plot.py", error=ValueError):
    """Return what an exception in a module carries."""
    from gui.settings import Path

    path = Path(__file__).resolve().parents[2] / name
    try:
        exec(compile("\n\nraise error('no such row')", str(path), "exec"), {"error": error})
    except error:
        return sys.exc_info()


@pytest.mark.parametrize("way", ["close", "reject", "accept", "key", "parent"])
def test_the_box_survives_being_closed_by_any_way(qtbot, reporter, way):
    parent = QWidget() if way == "parent" else None
    reporter.window = parent
    for count in range(3):
        reporter._catch(*broken(f"gui/data/plot{count}.py"))
        qtbot.waitUntil(lambda: len(boxes()) == 1)
        [box] = boxes()
        if way == "key":
            qtbot.keyClick(box, "\x1b")
        elif way == "parent":
            box.close()
        else:
            getattr(box, way)()
        qtbot.waitUntil(lambda: reporter._dialog is None)


def test_it_tells_which_part_and_whether_the_training_goes_on(qtbot, reporter):
    reporter.training = lambda: "running"
    reporter._catch(*broken())
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    [box] = boxes()
    assert box.text() == "Something went wrong in the data panel."
    assert "The training goes on" in box.informativeText()
    assert "Reset" not in box.informativeText()
    copy = next(each for each in box.findChildren(QPushButton) if "Copy" in each.text())
    copy.click()
    assert "no such row" in QGuiApplication.clipboard().text()
    assert box.isVisible()


def test_reset_is_advised_only_where_the_training_failed(qtbot, reporter):
    reporter.training = lambda: "failed"
    reporter.show("ZeroDivisionError: division by zero", "Traceback …")
    [box] = boxes()
    assert "initial weights" in box.informativeText()


def test_the_same_fault_is_told_once_and_logged_less_and_less(qtbot, reporter, caplog):
    for _ in range(150):
        reporter._catch(*broken())
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    boxes()[0].close()
    qtbot.waitUntil(lambda: reporter._dialog is None)
    reporter._catch(*broken())
    QCoreApplication.processEvents()
    assert boxes() == []
    assert len(caplog.records) == 3


def test_nothing_of_what_broke_is_kept_and_its_painter_has_ended(reporter, monkeypatch):
    image = QImage(9, 9, QImage.Format.Format_ARGB32)

    def paint():
        painter = QPainter(image)
        raise IndexError(str(painter.isActive()))

    monkeypatch.setattr(sys, "last_traceback", None, raising=False)
    try:
        paint()
    except IndexError:
        kind, error, trace = sys.exc_info()
        sys.last_traceback = trace
        reporter._catch(kind, error, trace)
    assert not image.paintingActive()
    assert sys.last_traceback is None


def test_what_breaks_in_a_thread_is_told_by_the_windows(qtbot, reporter, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", reporter._catch_in_thread)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(boxes()) == 1)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "word " * 20_000, "<h1>" * 50, "\n" * 5_000 + "end", "/a" * 4_000]
)
def test_no_message_makes_a_large_box(qtbot, text):
    box = complain(None, text, text, text, text)
    qtbot.addWidget(box)
    qtbot.waitExposed(box)
    assert box.width() <= 600
    assert box.height() <= 400
    box.close()


def test_a_crash_of_last_time_is_kept_in_the_log_and_told_once(qapp, tmp_path, monkeypatch):
    from gui import log

    monkeypatch.setattr(log, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(log.faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(log, "qInstallMessageHandler", lambda handler: None)
    root = log.logging.getLogger()
    handlers, level = root.handlers[:], root.level
    (tmp_path / "chainrule-1.crash").write_text("Fatal Python error: Segmentation fault\n")
    (tmp_path / "chainrule-2.crash").write_text("")
    try:
        start_logging()
        first = log._trace
        assert "Segmentation fault" in (tmp_path / "chainrule.log").read_text()
        assert len(list(tmp_path.glob("*.crash"))) == 1  # one's own
        [told] = log.take_problems()
        assert "did not end properly" in told
        first.write(b"of one that lives")
        first.flush()
        log._take_up_traces(tmp_path / "chainrule.log")
        assert log.take_problems() == []
        first.close()
    finally:
        for each in set(root.handlers) - set(handlers):
            root.removeHandler(each)
            each.close()
        root.setLevel(level)
