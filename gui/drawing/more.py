"""The menu of what is done more rarely: pictures, my digits, training on them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from engine.data_sources import Digits, Source
from engine.digits.drawings import Merge
from engine.files import name_of, reason_of
from engine.knobs import SettingError, knobs
from engine.my_digits import MyDigits
from gui.drawing.canvas import Canvas
from gui.drawing.collection import Collection
from gui.drawing.files import read_file, trace_picture, write_file, write_out
from gui.drawing.pictures import FILTER, Traced, save_picture
from gui.messages import complain
from gui.session import Session
from gui.waiting import Waiting

DIGITS_FILTER = "Drawings (*.npz)"
MODES = {
    "set": "The &data set",
    "both": "The data set &and my digits",
    "mine": "&Only my digits",
}


class More(QObject):
    """A menu, and what its entries do.

    Parameters
    ----------
    session : Session
        Whose experiment trains on my digits.
    canvas : Canvas
        Where pictures are put.
    collection : Collection
        What my digits are in.
    parent : QWidget
        What dialogs stand in front of.

    Signals
    -------
    noticed(str)
        A sentence for the status line.
    """

    noticed = Signal(str)

    def __init__(
        self, session: Session, canvas: Canvas, collection: Collection, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._collection = collection
        self._widget = parent
        self._wanted = ""
        self.menu = QMenu(parent)
        self.menu.setToolTipsVisible(True)
        self._fill()
        self.menu.aboutToShow.connect(self.refresh)
        canvas.dropped.connect(self.take)
        self._waiting = Waiting(session, parent)

    def _fill(self) -> None:
        self.open_picture = self._add("&Open a picture of a digit…", self._ask_for_picture)
        self.open_picture.setToolTip("Or drop a picture on the canvas, or paste one")
        self.save = self._add("&Save this drawing as a picture…", self._ask_where_to_save)
        self.menu.addSeparator()
        self.train_menu = self.menu.addMenu("&Train on")
        group = QActionGroup(self.train_menu)
        for mode, text in MODES.items():
            action = self.train_menu.addAction(text)
            action.setCheckable(True)
            action.setData(mode)
            group.addAction(action)
        self.train_menu.triggered.connect(self._choose_mode)
        self.export = self._add("&Export my digits…", self._ask_where_to_export)
        self.import_ = self._add("&Import digits…", self._ask_what_to_import)

    def _add(self, text: str, slot: object) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(slot)
        return action

    @Slot()
    def refresh(self) -> None:
        """Offer what is possible now."""
        mine = len(self._collection.labelled)
        self.save.setEnabled(bool(self._canvas.sketch.finished))
        self.export.setEnabled(mine > 0)
        self.export.setText(f"&Export my {mine} digits…" if mine != 1 else "&Export my digit…")
        present = mode_of(self._session.experiment.data.source)
        for action in self.train_menu.actions():
            action.setChecked(action.data() == present)
            action.setEnabled(action.data() == "set" or mine > 0)
        used = digits_in(self._session.experiment.data.source)
        both = self.train_menu.actions()[1]
        newer = f" (now {mine}, in training {used})" if used and used != mine else f" ({mine})"
        both.setText(MODES["both"] + (newer if mine else ""))
        self.train_menu.setToolTip("" if mine else "Draw digits, and say what they are")

    # ------------------------------------------------------------ pictures

    @Slot()
    def _ask_for_picture(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self._widget, "Open a picture of a digit", "", f"{FILTER};;All files (*)"
        )
        if name:
            self.take(Path(name))

    @Slot(object)
    def take(self, source: Path | QImage) -> None:
        """Put the digit of a picture on the canvas; a file of drawings is imported."""
        if isinstance(source, Path) and source.suffix.lower() == ".npz":
            self.import_from(source)
        else:
            name = source.name if isinstance(source, Path) else "the picture"
            self._waiting.read(
                name,
                partial(trace_picture, source),
                self._take_traced,
                partial(self._complain, "No digit found"),
            )

    def _take_traced(self, traced: Traced) -> None:
        if traced.complaint:
            self._complain("No digit found", traced.complaint)
        else:
            self._canvas.load(traced.strokes)

    @Slot()
    def _ask_where_to_save(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self._widget, "Save this drawing as a picture", "digit.png", "PNG picture (*.png)"
        )
        if name:
            self.save_to(ending_in(".png", name))

    def save_to(self, path: Path) -> None:
        """Write the drawing on the canvas as a picture."""
        strokes = self._canvas.sketch.strokes
        try:
            save_picture(path, strokes, self._canvas.pen_width)
        except OSError as error:
            self._complain("Not saved", f"{path} cannot be written: {reason_of(error)}.")
        else:
            self.noticed.emit(f"Saved {path}")

    # ------------------------------------------------------------ my digits

    @Slot()
    def _ask_where_to_export(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self._widget, "Export my digits", "my-digits.npz", DIGITS_FILTER
        )
        if name:
            self.export_to(ending_in(".npz", name))

    def export_to(self, path: Path) -> None:
        """Write my digits to a file."""
        mine = self._collection.labelled
        self._session.ask_aside(
            partial(write_file, path, mine),
            partial(self._exported, path, len(mine)),
            partial(self._complain, "Not exported"),
            writes=True,
        )

    def _exported(self, path: Path, count: int, _nothing: None) -> None:
        self.noticed.emit(f"Exported {counted(count, 'digit')} to {path}")

    @Slot()
    def _ask_what_to_import(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self._widget, "Import digits", "", f"{DIGITS_FILTER};;All files (*)"
        )
        if name:
            self.import_from(Path(name))

    def import_from(self, path: Path) -> None:
        """Put what a file has of new drawings on the shelf; can be undone."""
        self._waiting.read(
            path.name,
            partial(read_file, path, self._collection.drawings),
            partial(self._import, path),
            partial(self._complain, "Not imported"),
        )

    def _import(self, path: Path, found: Merge) -> None:
        self._collection.add(found.new, found.replaced)
        self.noticed.emit(f"{name_of(path)}: {told(found)}")

    # ------------------------------------------------------------ training on them

    @Slot(QAction)
    def _choose_mode(self, action: QAction) -> None:
        self.train_on(action.data())

    def train_on(self, mode: str) -> None:
        """Train on the set, on 'both', or on 'mine' alone; can be undone."""
        mine = self._collection.labelled if mode != "set" else ()
        work = partial(write_out, mine)
        self._session.ask(work, partial(self._train_on, mode), of_run=False)

    def _train_on(self, mode: str, digits: tuple[str, ...]) -> None:
        experiment = self._session.experiment
        source = source_for(experiment.data.source, mode, digits)
        data = replace(experiment.data, source=source)
        texts = {"set": "Train on the data set", "both": "Train on my digits too"}
        text = texts.get(mode, "Train only on my digits")
        try:
            self._session.change(replace(experiment, data=data), text)
        except SettingError as error:
            self._complain("Not changed", error.reason)

    def _complain(self, title: str, text: str) -> None:
        complain(self._widget, title, text)


def ending_in(ending: str, name: str) -> Path:
    """Return the path that a person typed, its ending added where they left it out.

    >>> ending_in(".npz", "my.digits").name, ending_in(".png", "seven.PNG").name
    ('my.digits.npz', 'seven.PNG')
    """
    return Path(name if name.lower().endswith(ending) else name + ending)


# ---------------------------------------------------------------- what is trained on


def mode_of(source: Source) -> str:
    """Say which of :data:`MODES` a data set is; empty if it is none of digits.

    >>> mode_of(Digits()), mode_of(MyDigits())
    ('set', 'both')
    """
    if isinstance(source, MyDigits):
        return "both" if source.together else "mine"
    return "set" if isinstance(source, Digits) else ""


def digits_in(source: Source) -> int:
    """Return how many digits of one's own a data set has."""
    return len(source.digits) if isinstance(source, MyDigits) else 0


def source_for(present: Source, mode: str, digits: tuple[str, ...]) -> Source:
    """Return the data set of a mode, its settings as they are at present.

    >>> source_for(Digits(augment=True), "both", ("7" + "0" * 64,)).augment
    True
    """
    known = present if isinstance(present, Digits) else Digits(augment=True)
    settings = {each.name: getattr(known, each.name) for each in knobs(Digits)}
    if mode == "set":
        return Digits(**settings)
    return MyDigits(**settings, digits=digits, together=mode == "both")


def counted(number: int, thing: str) -> str:
    """Say how many of a thing there are.

    >>> counted(1, "digit"), counted(1200, "digit")
    ('1 digit', '1,200 digits')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def told(merge: Merge) -> str:
    """Say what was imported.

    >>> told(Merge(new=(), replaced=(), known=3, disputed=1))
    'none added, 3 were there already (1 with another label, which stays)'
    """
    said = f"{len(merge.new) or 'none'} added"
    if merge.known:
        said += f", {merge.known:,} {'was' if merge.known == 1 else 'were'} there already"
    if merge.disputed:
        said += f" ({merge.disputed:,} with another label, which stays)"
    return said
