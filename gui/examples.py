"""Experiments to begin with, as entries of a menu."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from engine.recipes import RECIPES, Recipe
from gui.docks import Docks
from gui.first import FIRST
from gui.session import Session

BY_HAND = "Press F8 to walk through the update."


def example_actions(session: Session, docks: Docks, owner: QWidget) -> list[str | QAction | None]:
    """Make an action for every recipe; None stands between their groups."""
    entries: list[str | QAction | None] = []
    for group in (*RECIPES, (FIRST,)):
        entries += [None] * bool(entries) + [_action(session, docks, each, owner) for each in group]
    return entries


def _action(session: Session, docks: Docks, recipe: Recipe, owner: QWidget) -> QAction:
    action = QAction(recipe.label, owner)
    action.setStatusTip(recipe.about)
    action.setToolTip(f"{recipe.about}\n{recipe.source}".rstrip())
    action.triggered.connect(partial(_begin, session, docks, recipe))
    return action


def _begin(session: Session, docks: Docks, recipe: Recipe, _checked: bool = False) -> None:
    """Go over to a recipe: to be walked through by hand it rests, else it trains at once."""
    if not recipe.by_hand:  # else who walks through one example may go on to walk the next
        docks.expect_another()
    session.open(recipe.experiment, recipe.label, play=not recipe.by_hand)
    session.noticed.emit(f"{recipe.label}. {BY_HAND if recipe.by_hand else recipe.about}")
