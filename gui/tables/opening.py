"""Opens tables: from a file that is chosen, or was opened before."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from engine.files import name_of
from engine.knobs import SettingError
from engine.spec import Experiment
from engine.table_data import Sheet, TableData
from gui.dropping import TABLES
from gui.messages import complain
from gui.session import Session
from gui.settings import RECENT_TABLES
from gui.tables.reading import read_file
from gui.waiting import Waiting

FILTER = f"Tables ({' '.join('*' + each for each in TABLES)});;All files (*)"


class TableOpening(QObject):
    """Has tables read, asks what their columns are for, and trains on them.

    Parameters
    ----------
    session : Session
        Whose data they become.
    window : QWidget
        What dialogs stand in front of.

    Attributes
    ----------
    recent : QMenu
        The tables opened before, the newest first.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._dialog: QWidget | None = None
        self._waiting = Waiting(session, window)
        self.recent = QMenu("Recent ta&bles", window)
        self.recent.aboutToShow.connect(self._list_recent)
        self.recent.menuAction().setEnabled(bool(self._known()))

    @Slot()
    def ask_for_file(self) -> None:
        """Let a person choose a file."""
        known = self._known()
        folder = str(Path(known[0]).parent) if known else ""
        name, _kind = QFileDialog.getOpenFileName(self._window, "Open a table", folder, FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Read a file, and ask what its columns are for."""
        self._waiting.read(
            path.name,
            partial(read_file, path),
            partial(self._ask_what_for, path),
            partial(self._complain, path),
        )

    # ------------------------------------------------------------ what was read

    def _ask_what_for(self, path: Path, sheet: Sheet) -> None:
        from gui.tables.dialog import TableDialog  # seldom wanted

        if self._dialog is not None:
            self._session.noticed.emit(
                f"{name_of(path)} was not opened: another table is being asked about."
            )
            self._dialog.activateWindow()
            return
        dialog = TableDialog(sheet, self._window)
        dialog.chosen.connect(partial(self._train_on, path))
        dialog.destroyed.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None

    def _train_on(self, path: Path, sheet: Sheet) -> None:
        self._remember(path)
        try:
            self._session.open(
                with_table(self._session.experiment, sheet), f"Open {sheet.file}", True
            )
        except SettingError as error:
            self._complain(path, str(error))
            return
        self._session.noticed.emit(f"Learning to predict {sheet.target} from {sheet.file}.")

    def _complain(self, path: Path, why: str) -> None:
        self._forget(path)
        complain(self._window, "Not opened", f"{name_of(path)} was not opened.", advice=why)

    # ------------------------------------------------------------ recent ones

    def _known(self) -> list[str]:
        return list(RECENT_TABLES.value)

    def _remember(self, path: Path) -> None:
        others = [each for each in self._known() if each != str(path)]
        self._keep([str(path), *others])

    def _forget(self, path: Path) -> None:
        self._keep([each for each in self._known() if each != str(path)])

    def _keep(self, paths: list[str]) -> None:
        RECENT_TABLES.keep(tuple(paths))
        self.recent.menuAction().setEnabled(bool(paths))

    @Slot()
    def _list_recent(self) -> None:
        self.recent.clear()
        for each in self._known():
            action = self.recent.addAction(Path(each).name.replace("&", "&&"))
            action.setToolTip(each)
            action.triggered.connect(partial(self._open_again, each))

    def _open_again(self, path: str, _checked: bool = False) -> None:
        self.open(Path(path))


def with_table(experiment: Experiment, sheet: Sheet) -> Experiment:
    """Return an experiment with a table as its data, and an output that goes with it."""
    before = experiment.data.source
    source = replace(before, sheet=sheet) if isinstance(before, TableData) else TableData(sheet)
    return replace(
        experiment,
        data=replace(experiment.data, source=source),
        network=replace(experiment.network, output=None),
        train=replace(experiment.train, loss=None),
    )
