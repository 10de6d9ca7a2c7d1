"""The step as matrices: what goes in, what comes out, with shapes."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.formulas import Row, Symbol, superscripted
from engine.formulas.writer import to_text
from engine.trace import Operand, Step
from engine.trace.sums import ColumnSum, Product
from gui.debugger.debugger import Debugger
from gui.debugger.focus import Focus
from gui.debugger.matrices import Matrix, MatrixStrip

_SIDES = {0: "left", 1: "right"}
MOST = 4  # matrices in a row, the result included


class Whole(MatrixStrip):
    """The present step's matrices; click an entry to put it in focus, or to see its origin."""

    def __init__(self, debugger: Debugger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._debugger = debugger
        self.chosen.connect(debugger.go_to)
        debugger.moved.connect(self.refresh)

    def showEvent(self, event: object) -> None:
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the debugger's step."""
        step = self._debugger.step
        if step is not None and self.isVisible():
            self.show_matrices(matrices_of(step, self._debugger.focus))


def matrices_of(step: Step, focus: Focus) -> list[Matrix]:
    """Return the arrays of a step in the order of its formula."""
    arrays = [each for each in step.operands if each.value.ndim][: MOST - 1]
    signs = _signs(step, arrays)
    made = [
        _matrix(operand, sign, focus, step, position)
        for position, (operand, sign) in enumerate(zip(arrays, signs, strict=True))
    ]
    result = step.operand()
    mark = focus.of(step)
    made.append(
        Matrix(
            result.symbol, _flat(result.value), result.shape, result.role, step.key,
            _two(mark), "=" if made else "",
        )
    )  # fmt: skip
    return made


def _signs(step: Step, arrays: list[Operand]) -> list[str]:
    """Return what stands before each array."""
    if isinstance(step, Product):
        return ["", "·", "+"][: len(arrays)]
    if isinstance(step, ColumnSum):
        return ["Σ"][: len(arrays)]
    return [_sign_between(step, arrays) if position else "" for position in range(len(arrays))]


def _sign_between(step: Step, arrays: list[Operand]) -> str:
    """Return what the formula has between two arrays if it is made of these alone."""
    items = step.right.items if isinstance(step.right, Row) else ()
    symbols = [to_text(each) for each in items[::2]]
    if len(items) == 3 and symbols == [to_text(each.symbol) for each in arrays]:
        return to_text(items[1])
    return ","


def _matrix(operand: Operand, sign: str, focus: Focus, step: Step, position: int) -> Matrix:
    """Return an operand with what the entry in focus depends on marked."""
    turned = isinstance(step, Product) and step.transposed == _SIDES.get(position)
    name = superscripted(operand.symbol, Symbol("T")) if turned else operand.symbol
    values = operand.value.T if turned else operand.value
    return Matrix(
        name, _flat(values), values.shape, operand.role, operand.origin,
        _mark(operand, focus, step, position), sign, turned,
    )  # fmt: skip


def _mark(operand: Operand, focus: Focus, step: Step, position: int) -> tuple[int, int] | None:
    index = focus.of(step)
    if isinstance(step, Product) and position < 2:
        return (index[0], -1) if position == 0 else (-1, index[1])
    if isinstance(step, ColumnSum):
        return (-1, index[0])
    if operand.origin:
        index = focus.index(operand.origin, operand.shape, operand.by_row)
    return _two(index) if len(index) == operand.value.ndim else None


def _flat(values: np.ndarray) -> np.ndarray:
    return np.atleast_2d(values)


def _two(index: tuple[int, ...]) -> tuple[int, int] | None:
    if not index:
        return None
    return (0, index[0]) if len(index) == 1 else (index[0], index[1])
