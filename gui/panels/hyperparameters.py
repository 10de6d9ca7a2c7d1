"""The panel of every setting of the experiment."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.knobs import Declared, SettingError
from engine.spec import Experiment
from gui.first import FIRST_EXPERIMENT
from gui.forms import Editor, Form
from gui.forms.buttons import Glyph, QuietButton, scaled
from gui.session import Session

TITLES = {"data": "Data", "network": "Network", "train": "Training"}
MARGIN = 12
RESTARTS = "restarts the training"


class Section(QWidget):
    """One part of the experiment, with a head that folds it and takes it back to defaults.

    Signals
    -------
    edited(str, object, str)
        The part's name, its proposed value, and what was done.
    """

    edited = Signal(str, object, str)

    def __init__(self, name: str, value: Declared, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        title = TITLES[name]
        self.head = QuietButton(self, title, "chevron-down", bold=True)
        self.head.setCheckable(True)
        self.head.setChecked(True)
        self.head.toggled.connect(self._fold)
        self.reset = QuietButton(self, "Defaults", name=f"Reset {title} to its defaults")
        self.reset.setToolTip(f"Take every setting of {title} back to its default")
        self.reset.clicked.connect(self._reset)
        self.form = Form(value, self)
        self.form.edited.connect(self._pass_on)
        self._lay_out()
        self.set_value(value)

    def set_value(self, value: Declared) -> None:
        self.form.set_value(value)
        self.reset.setVisible(value != getattr(FIRST_EXPERIMENT, self.name))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.head)
        line.addStretch(1)
        line.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 8, MARGIN, 12)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.form)

    def _fold(self, opened: bool) -> None:
        self.form.setVisible(opened)
        self.head.show_icon("chevron-down" if opened else "chevron-right")

    def _pass_on(self, value: Any, what: str) -> None:
        self.edited.emit(self.name, value, what)

    def _reset(self) -> None:
        usual = getattr(FIRST_EXPERIMENT, self.name)
        self.edited.emit(self.name, usual, f"Reset {TITLES[self.name]}")


class HyperparametersPanel(QWidget):
    """Everything that decides the run: the data, the network and the training.

    Parameters
    ----------
    session : Session
        Whose experiment is shown and changed.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._question: tuple[Experiment, ...] = ()
        self._asked: Section | None = None
        self._headline = Headline(self)
        self._area = UprightArea(self)
        self.sections: dict[str, Section] = {}
        for name in TITLES:
            section = Section(name, getattr(session.experiment, name), self._area.contents)
            section.edited.connect(self._change)
            self.sections[name] = section
        self._lay_out()
        session.experimentChanged.connect(self._refresh)
        session.refused.connect(self._show_refusal)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def sizeHint(self) -> QSize:
        return QSize(max(scaled(300), self.minimumSizeHint().width()), scaled(640))

    def event(self, event: QEvent) -> bool:
        """Keep Space for the control that has the focus, before the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressable = isinstance(QApplication.focusWidget(), QAbstractButton | QComboBox)
            if event.key() == Qt.Key.Key_Space and pressable:
                event.accept()
                return True
        return super().event(event)

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._area.contents)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for index, section in enumerate(self.sections.values()):
            if index:
                inner.addWidget(divider(self))
            inner.addWidget(section)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for each in (self._headline, divider(self), self._area, divider(self), Legend(self)):
            column.addWidget(each)

    # ------------------------------------------------------------ the experiment

    def _change(self, name: str, value: Any, what: str) -> None:
        before = self._session.experiment
        after = replace(before, **{name: value})
        self._question, self._asked = (before, after), self.sections[name]
        try:
            self._session.change(after, what)
        except SettingError as error:
            self._show_refusal(error)

    def _refresh(self) -> None:
        experiment = self._session.experiment
        if experiment not in self._question:
            self._asked = None
        for name, section in self.sections.items():
            section.set_value(getattr(experiment, name))

    def _show_refusal(self, error: ValueError) -> None:
        if self._asked is None:
            return
        if not isinstance(error, SettingError):
            error = SettingError("", str(error))
        self._asked.form.refuse(error)

    # ------------------------------------------------------------ the focus

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        while new is not None and not isinstance(new, Editor):
            new = new.parentWidget()
        self._headline.tell(new if new is not None and self.isAncestorOf(new) else None)


class UprightArea(QScrollArea):
    """Scrolls up and down; it is never narrower than what it holds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.contents = QWidget(self.viewport())
        self.setWidget(self.contents)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.contents.minimumSizeHint().width() + bar, scaled(120))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Headline(QWidget):
    """Tells what a change will do to the training."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setProperty("role", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, 8, MARGIN, 8)
        line.addWidget(self.text)
        self.tell(None)

    def tell(self, editor: Editor | None) -> None:
        """Say what changing the setting of an editor does."""
        if editor is None:
            self.text.setText("Applies at once, unless marked")
        elif editor.knob.applies == "restart":
            self.text.setText("This " + RESTARTS)
        else:
            self.text.setText("This applies at once")


class Legend(QWidget):
    """Says what the mark beside some settings means."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        text = QLabel(RESTARTS, self)
        text.setProperty("role", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, 6, MARGIN, 6)
        line.setSpacing(6)
        line.addWidget(Glyph(self, "reset", "muted", 12))
        line.addWidget(text, 1)


def divider(parent: QWidget) -> QFrame:
    """Return a thin horizontal line in the theme's colour."""
    line = QFrame(parent)
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setForegroundRole(QPalette.ColorRole.Mid)
    line.setFixedHeight(1)
    return line
