"""What is true of the window at rest, whatever was pressed before."""

from pathlib import Path

from PySide6.QtWidgets import QDockWidget

from tests.soak._paths import top_levels


def broken(window):
    """Name what does not hold now, wherever the training is."""
    session = window.session
    frame, data, stack = session.frame, session.dataset, session.undo_stack
    if not 0 <= stack.index() <= stack.count():
        yield f"the undo stack is at {stack.index()} of {stack.count()}"
    if frame is not None and data is not None:
        yield from _frame_fits(frame, data)
    yield from _title(window)
    if window.docks.complete:
        yield from _rows(window, data)


def _frame_fits(frame, data):
    shape = frame.shape
    if shape.sizes[0] != data.features:
        yield f"a frame of {shape.sizes[0]} inputs stands beside data of {data.features}"
    if shape.sizes[-1] != data.outputs:
        yield f"a frame of {shape.sizes[-1]} outputs stands beside data of {data.outputs}"
    if len(shape.input_names) not in (0, shape.sizes[0]):
        yield f"{len(shape.input_names)} names for {shape.sizes[0]} inputs"
    if shape.image_shape != data.image_shape:
        yield "frame and data differ in the picture's shape"


def _title(window):
    title, _, program = window.windowTitle().partition(" – ")
    path = getattr(window.files, "_path", None)
    if program and path is not None:
        if Path(path).name not in title:
            yield "the title names another file than the one saved"
        if not Path(path).is_file():
            yield "the title names a file that is not there"


def _rows(window, data):
    from gui.data.gallery import Gallery

    panel = window.docks.panel("data")
    there = len(data.shown_rows[0]) if data is not None else 0
    for gallery in panel.findChildren(Gallery):
        on_page = panel.page.isAncestorOf(gallery)  # another page shows what it showed before
        if on_page and any(not 0 <= tile.row < there for tile in gallery.tiles):
            yield "the gallery shows rows that the data do not have"


def unsettled(window):
    """Name what does not fit between the window and the training's thread; empty once it does."""
    session = window.session
    worker = session._worker
    training = worker.training
    if session.state != "loading" and session.running != training:
        thread = "trains" if training else "rests"
        return f"the window says {session.state}, the thread {thread}"
    frame, history = session.frame, session.history
    if frame is None or history is None or training or session.state == "loading":
        return ""
    aside = session.trained or session.walked or frame.walked or frame.trained
    if not aside and len(history) != frame.epoch:
        return "the history has another length than the epochs of the frame"
    return ""


def strays(window):
    """Name windows that are left when all dialogs and menus are closed."""
    for each in top_levels():
        usual = each is window or isinstance(each, QDockWidget) or each.parentWidget() is not None
        if not usual:
            yield f"{each.metaObject().className()} '{each.windowTitle()}' is nobody's"
