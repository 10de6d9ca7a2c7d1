"""Forms as a person meets them: keys, clicks, and what is said when something is refused."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from engine.knobs import (
    Choice,
    Declared,
    Flag,
    Integer,
    ListOf,
    OneOf,
    Optional,
    Real,
    Registry,
    SettingError,
    knob,
)
from gui.forms import Form
from gui.forms.choices import describe
from gui.forms.stepping import start, step


class Shape(Declared):
    name: ClassVar[str]


SHAPES: Registry[Shape] = Registry("shape", Shape)


@SHAPES.register
@dataclass(frozen=True)
class Point(Shape):
    name: ClassVar[str] = "point"
    label: ClassVar[str] = "Point"
    formula: ClassVar[str] = "x < 0"
    good_for: ClassVar[str] = "Being small."
    watch_out: ClassVar[str] = "It has no size."


@SHAPES.register
@dataclass(frozen=True)
class Disc(Shape):
    name: ClassVar[str] = "disc"
    label: ClassVar[str] = "Disc"
    radius: float = knob(1.0, label="Radius", domain=Real(0, 9, open_low=True))


@dataclass(frozen=True)
class Stage(Declared):
    size: int = knob(8, label="Size", domain=Integer(1, 99))
    shape: Shape = knob(Point(), label="Shape", domain=Choice(SHAPES))
    loss: float = knob(0.0, label="Loss", domain=Real(0, 1), advanced=True)


@dataclass(frozen=True)
class Example(Declared):
    rate: float = knob(
        0.01,
        label="Rate",
        help="How fast.",
        domain=Real(0, 10, open_low=True, scale="log"),
        applies="live",
    )
    count: int = knob(3, label="Count", domain=Integer(1, 10), unit="times")
    batch: int | None = knob(32, label="Batch", domain=Optional(Integer(1, 100), "all"))
    stop: int | None = knob(None, label="Stop", domain=Optional(Integer(1, 100), "never"))
    warm: bool = knob(False, label="Warm", domain=Flag())
    degrees: int = knob(
        20, label="Degrees", domain=Integer(0, 90), relevant=lambda holder: holder.warm
    )
    mode: str = knob("mean", label="Mode", domain=OneOf({"mean": "the mean", "sum": "the sum"}))
    shape: Shape = knob(Disc(), label="Shape", domain=Choice(SHAPES))
    extra: Shape | None = knob(None, label="Extra", domain=Optional(Choice(SHAPES), "automatic"))
    stages: tuple[Stage, ...] = knob(
        (Stage(),), label="Stages", domain=ListOf(Stage, at_most=3, noun="stage")
    )
    hidden: float = knob(0.5, label="Hidden", domain=Real(0, 1), advanced=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode == "sum" and self.count > 5:
            raise SettingError("mode", "must be mean with more than 5")


class Owner(QWidget):
    """Answers a form as a session would: adopts what is proposed, or refuses it."""

    def __init__(self, value: Declared) -> None:
        super().__init__()
        self.form = Form(value)
        self.elsewhere = QWidget()
        self.elsewhere.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addWidget(self.form)
        column.addWidget(self.elsewhere)
        self.form.edited.connect(self.adopt)
        self.said: list[str] = []
        self.refusal: SettingError | None = None

    @property
    def value(self) -> Example:
        return self.form.value

    def adopt(self, value: Declared, what: str) -> None:
        if self.refusal is not None:
            self.form.refuse(self.refusal)
            return
        self.said.append(what)
        self.form.set_value(value)


@pytest.fixture
def owner(qtbot):
    made = Owner(Example())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def field(owner, name):
    return owner.form.fields[name].editor.field


def control(owner, name):
    return owner.form.fields[name].editor.focusProxy()


def write(widget, text, then=Qt.Key.Key_Return):
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)
    if then is not None:
        QTest.keyClick(widget, then)


def choose(owner, name, key):
    """Go to the first or the last entry of a list."""
    control(owner, name).setFocus()
    QTest.keyClick(control(owner, name), key)


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("0,25", 0.25), (" 1e-3 ", 0.001)])
def test_enter_commits_a_number_and_writes_it_the_short_way(owner, text, value):
    write(field(owner, "rate"), text)
    assert owner.value.rate == value
    assert owner.said == [f"Rate {value:g}"]
    assert field(owner, "rate").text() == f"{value:g}"


def test_leaving_the_field_commits(owner):
    write(field(owner, "rate"), "2", then=None)
    assert owner.value.rate == 0.01
    owner.elsewhere.setFocus()
    assert owner.value.rate == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-3", "Must be a number above 0 and at most 10, not -3"),
        ("fast", "'fast' is not a number"),
        ("", "Must be a number above 0 and at most 10"),
        ("nan", "Must be a number above 0 and at most 10, not nan"),
    ],
)
def test_nonsense_is_refused_beside_the_field_and_escape_brings_the_old_value_back(
    owner, text, reason
):
    widget = field(owner, "rate")
    widget.setFocus()
    widget.selectAll()
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    entry = owner.form.fields["rate"]
    assert entry.complaint == reason
    assert entry.tail.findChild(QLabel).isVisible()
    assert entry.tail.findChild(QLabel).property("role") == "error"
    assert widget.text() == text
    assert owner.value.rate == 0.01
    assert owner.said == []
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert widget.text() == "0.01"
    assert entry.complaint == ""
    assert not entry.tail.isVisible()


def test_the_complaint_goes_as_soon_as_the_text_is_right(owner):
    widget = field(owner, "count")
    write(widget, "99")
    assert owner.form.fields["count"].complaint.endswith("not 99")
    QTest.keyClick(widget, Qt.Key.Key_End)
    QTest.keyClick(widget, Qt.Key.Key_Backspace)
    assert owner.form.fields["count"].complaint == ""
    QTest.keyClick(widget, Qt.Key.Key_Return)
    assert owner.value.count == 9


def test_what_is_being_typed_stays_while_the_rest_is_refreshed(owner):
    widget = field(owner, "rate")
    write(widget, "0.00", then=None)
    owner.form.set_value(Example(rate=5.0, count=7))
    assert widget.text() == "0.00"
    assert field(owner, "count").text() == "7"
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert widget.text() == "5"


def test_a_refused_text_outlives_other_changes(owner):
    write(field(owner, "rate"), "-1")
    write(field(owner, "count"), "4")
    assert owner.value.count == 4
    assert field(owner, "rate").text() == "-1"
    assert "above 0" in owner.form.fields["rate"].complaint


def test_setting_values_emits_nothing(owner, qtbot):
    with qtbot.assertNotEmitted(owner.form.edited):
        owner.form.set_value(Example(rate=1.0, batch=None, warm=True, mode="sum", shape=Point()))


@pytest.mark.parametrize(
    ("key", "value"),
    [(Qt.Key.Key_Up, 0.02), (Qt.Key.Key_Down, 0.005), (Qt.Key.Key_PageUp, 10.0)],
)
def test_the_arrow_keys_step_through_round_numbers(owner, key, value):
    field(owner, "rate").setFocus()
    QTest.keyClick(field(owner, "rate"), key)
    assert owner.value.rate == value


def test_a_step_starts_from_what_is_typed(owner):
    write(field(owner, "count"), "6", then=Qt.Key.Key_Up)
    assert owner.value.count == 7


@pytest.mark.parametrize("name", ["rate", "count", "mode", "shape"])
def test_the_wheel_changes_nothing(owner, name):
    widget = control(owner, name)
    widget.setFocus()
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        QPointF(widget.mapToGlobal(centre.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    assert not event.isAccepted()
    assert owner.value == Example()


# ---------------------------------------------------------------- none


def test_the_word_for_none_turns_it_off_and_on_again(owner, qtbot):
    editor = owner.form.fields["batch"].editor
    qtbot.mouseClick(editor.none, Qt.MouseButton.LeftButton)
    assert owner.value.batch is None
    assert editor.none.isChecked()
    assert owner.said == ["Batch all"]
    qtbot.mouseClick(editor.none, Qt.MouseButton.LeftButton)
    assert owner.value.batch == 32
    assert not editor.none.isChecked()


@pytest.mark.parametrize("text", ["all", " "])
def test_the_word_or_nothing_may_be_typed_too(owner, text):
    write(field(owner, "batch"), text)
    assert owner.value.batch is None
    assert field(owner, "batch").text() == ""


def test_without_any_number_yet_the_word_hands_over_to_the_field(owner, qtbot):
    editor = owner.form.fields["stop"].editor
    qtbot.mouseClick(editor.none, Qt.MouseButton.LeftButton)
    assert owner.value.stop is None
    assert editor.none.isChecked()
    assert editor.field.hasFocus()
    QTest.keyClick(editor.field, Qt.Key.Key_Up)
    assert owner.value.stop == 1


# ---------------------------------------------------------------- choices


def test_space_switches_a_flag_and_shows_what_depends_on_it(owner):
    degrees = field(owner, "degrees")
    assert not degrees.isVisible()
    control(owner, "warm").setFocus()
    QTest.keyClick(control(owner, "warm"), Qt.Key.Key_Space)
    assert owner.value.warm
    assert owner.said == ["Warm on"]
    assert degrees.isVisible()


def test_a_choice_unfolds_its_own_settings(owner):
    write(sub(owner, "shape").fields["radius"].editor.field, "2.5")
    assert owner.value.shape == Disc(2.5)
    assert owner.said == ["Radius 2.5"]
    choose(owner, "shape", Qt.Key.Key_Home)
    assert owner.value.shape == Point()
    assert sub(owner, "shape") is None
    choose(owner, "extra", Qt.Key.Key_End)
    assert owner.value.extra == Disc()
    choose(owner, "extra", Qt.Key.Key_Home)
    assert owner.value.extra is None


def sub(owner, name):
    below = owner.form.fields[name].editor.below
    return below.findChild(Form) if below else None


def test_a_nested_number_complains_at_its_own_place(owner):
    radius = sub(owner, "shape").fields["radius"]
    write(radius.editor.field, "0")
    assert radius.complaint == "Must be a number above 0 and at most 9, not 0"
    assert owner.form.fields["shape"].complaint == ""


def test_what_the_whole_refuses_is_said_where_it_was_asked(owner):
    write(field(owner, "count"), "8")
    choose(owner, "mode", Qt.Key.Key_End)
    assert owner.value.mode == "mean"
    assert control(owner, "mode").currentText() == "the mean"
    assert owner.form.fields["mode"].complaint == "Must be mean with more than 5"


def test_a_refusal_from_outside_reaches_the_innermost_setting(owner):
    owner.refusal = SettingError("data.shape.radius", "is too round")
    radius = sub(owner, "shape").fields["radius"]
    write(radius.editor.field, "3")
    assert radius.complaint == "Is too round"
    assert radius.editor.field.text() == "3"
    QTest.keyClick(radius.editor.field, Qt.Key.Key_Escape)
    assert radius.editor.field.text() == "1"
    assert owner.value.shape == Disc()


def test_tooltips_tell_what_is_known_and_escape_it():
    text = describe(Point)
    assert "x &lt; 0" in text
    assert "Good for: Being small." in text
    assert "Watch out: It has no size." in text


# ---------------------------------------------------------------- lists


def stages(owner):
    return owner.form.fields["stages"].editor


def test_rows_are_added_changed_and_removed_with_the_keyboard(owner):
    add = stages(owner).add
    add.setFocus()
    QTest.keyClick(add, Qt.Key.Key_Space)
    assert owner.value.stages == (Stage(), Stage())
    row = stages(owner).rows[1]
    write(row.fields["size"].editor.field, "5")
    assert owner.value.stages == (Stage(), Stage(5))
    remove = stages(owner).rows[0].remove
    remove.setFocus()
    QTest.keyClick(remove, Qt.Key.Key_Space)
    assert owner.value.stages == (Stage(5),)
    assert owner.said == ["Add stage", "Stage 2: Size 5", "Remove stage 1"]
    assert stages(owner).rows[0].fields["size"].editor.field.text() == "5"


def test_removing_the_last_row_keeps_the_focus_in_the_list(owner):
    QTest.keyClick(stages(owner).add, Qt.Key.Key_Space)
    stages(owner).rows[1].remove.setFocus()
    QTest.keyClick(stages(owner).rows[1].remove, Qt.Key.Key_Space)
    assert stages(owner).rows[0].remove.hasFocus()
    QTest.keyClick(stages(owner).rows[0].remove, Qt.Key.Key_Space)
    assert stages(owner).add.hasFocus()
    assert owner.value.stages == ()


def test_a_number_half_typed_goes_with_its_row(owner):
    QTest.keyClick(stages(owner).add, Qt.Key.Key_Space)
    field = stages(owner).rows[1].fields["size"].editor.field
    field.setFocus()
    QTest.keyClicks(field, "7")
    owner.form.set_value(replace(owner.value, stages=()))  # as another experiment does
    assert owner.said == ["Add stage"]
    assert stages(owner).rows == []


def test_a_full_list_takes_no_more(owner):
    owner.form.set_value(Example(stages=(Stage(),) * 3))
    assert not stages(owner).add.isEnabled()


def test_what_is_seldom_set_in_a_row_shows_when_it_is_set(owner):
    loss = stages(owner).rows[0].fields["loss"].editor
    assert not loss.isVisible()
    owner.form.set_value(Example(stages=(Stage(loss=0.5),)))
    assert loss.isVisible()


def test_a_row_complains_under_itself(owner):
    size = stages(owner).rows[0].fields["size"]
    write(size.editor.field, "0")
    assert size.complaint == "Must be a whole number at least 1 and at most 99, not 0"
    assert size.tail.findChild(QLabel).isVisible()


# ---------------------------------------------------------------- the whole


def test_more_hides_what_is_seldom_turned_and_counts_what_was(owner):
    hidden = field(owner, "hidden")
    more = owner.form.more.button
    assert not hidden.isVisible()
    owner.form.set_value(Example(hidden=0.75))
    assert more.text() == "More · 1 changed"
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert hidden.isVisible()


def test_every_control_has_a_name_for_screen_readers(owner):
    for entry in owner.form.fields.values():
        proxy = entry.editor.focusProxy()
        if proxy is not None:
            assert proxy.accessibleName() == entry.knob.label
            assert proxy.accessibleDescription()
    row = stages(owner).rows[0]
    assert row.fields["size"].editor.field.accessibleName() == "Stage 1: Size"
    assert row.remove.accessibleName() == "Remove stage 1"
    assert "restarts the training" in control(owner, "count").accessibleDescription().lower()
    assert "applies at once" in control(owner, "rate").accessibleDescription().lower()


def test_tab_goes_down_the_form(owner):
    field(owner, "rate").setFocus()
    visited = []
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
    batch, stop = owner.form.fields["batch"].editor, owner.form.fields["stop"].editor
    assert visited == [field(owner, "count"), batch.field, batch.none, stop.field, stop.none]


def test_only_what_restarts_carries_the_mark(owner):
    from gui.forms.buttons import Glyph, LabelBox

    marked = {
        box.findChild(QLabel).text(): box.findChild(Glyph) is not None
        for box in owner.form.findChildren(LabelBox)
    }
    assert not marked["Rate"]
    assert marked["Count"]


# ---------------------------------------------------------------- stepping


@pytest.mark.parametrize(
    ("domain", "value", "count", "expected"),
    [
        (Real(0, 100, open_low=True, scale="log"), 0.001, 3, 0.01),
        (Real(0, 100, open_low=True, scale="log"), 0.003, -1, 0.002),
        (Real(0, 100, open_low=True, scale="log"), 60, 5, 100),
        (Real(0, 10, scale="log"), 0, 1, 1e-6),
        (Real(0, 10, scale="log"), 1e-6, -1, 0),
        (Real(0, 0.9), 0.2, 1, 0.25),
        (Real(0, 0.9), 0.9, 1, 0.9),
        (Real(0, 1, open_high=True), 0.95, 1, 0.95),
        (Real(-1000, 1000), 0.6, 1, 0.7),
        (Real(-1000, 1000), -0.4, -1, -0.5),
        (Integer(1, 9), 3, -5, 1),
        (Integer(1, 1000, scale="log"), 100, -2, 25),
        (Integer(1, 1000, scale="log"), 1, 1, 2),
        (Integer(1, 1000, scale="log"), 1, -1, 1),
    ],
)
def test_steps_stay_round_and_within_the_domain(domain, value, count, expected):
    assert step(domain, value, count) == pytest.approx(expected, rel=1e-12, abs=0)
    domain.check(step(domain, value, count))


def test_stepping_starts_inside_the_domain():
    assert start(Integer(1, 10)) == 1
    assert start(Real(0, 0.5)) == 0.5
