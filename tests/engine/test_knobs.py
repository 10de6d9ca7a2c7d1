"""Settings declared once: what they accept, how they refuse, how they become plain data."""

import math
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    changed_knobs,
    from_plain,
    knob,
    knobs,
    needs_restart,
    read_number,
    show_number,
    to_plain,
)


class Fruit(Declared):
    """Anything that can be put into a bowl."""


FRUITS = Registry("fruit", Fruit)


@FRUITS.register
@dataclass(frozen=True)
class Apple(Fruit):
    name: ClassVar[str] = "apple"
    weight: float = knob(
        0.2, label="Weight", domain=Real(0, 5, open_low=True), applies="live", unit="kg"
    )


@FRUITS.register
@dataclass(frozen=True)
class Cherry(Fruit):
    name: ClassVar[str] = "cherry"


@dataclass(frozen=True)
class Bowl(Declared):
    fruit: Fruit = knob(Apple(), label="Fruit", domain=Choice(FRUITS))
    count: int = knob(3, label="Count", domain=Integer(1, 10), applies="live")
    colour: str = knob("red", label="Colour", domain=OneOf({"red": "Red", "blue": "Blue"}))
    washed: bool = knob(True, label="Washed", domain=Flag(), applies="live")
    lid: float | None = knob(None, label="Lid", domain=Optional(Real(0, 1), "none"))
    spare: tuple[Apple, ...] = knob((), label="Spare", domain=ListOf(Apple, at_most=2))


@dataclass(frozen=True)
class Table(Declared):
    bowl: Bowl = field(default_factory=Bowl)


# ---------------------------------------------------------------- domains

REFUSED = [
    (Real(0, 1), 1.5, "must be a number at least 0 and at most 1, not 1.5"),
    (Real(0, 1, open_low=True), 0, "must be a number above 0 and at most 1, not 0"),
    (Real(0, 1, open_high=True), 1, "must be a number at least 0 and below 1, not 1"),
    (Real(), math.nan, "must be a number, not nan"),
    (Real(), -math.inf, "must be a number, not -inf"),
    (Real(high=3), "two", "must be a number at most 3, not 'two'"),
    (Real(), True, "must be a number, not True"),
    (Real(), None, "must be a number, not None"),
    (Real(), [1], "must be a number, not [1]"),
    (Integer(), 10**400, f"must be a whole number, not 1{17 * '0'}...{19 * '0'}"),
    (OneOf({"a": "A"}), ["a"], "must be one of a, not ['a']"),
    (ListOf(Apple, 1, "apple"), 3, "must be at most 1 apples, not 3"),
    (Integer(1, 9), 2.5, "must be a whole number at least 1 and at most 9, not 2.5"),
    (Integer(1, 9), 0, "must be a whole number at least 1 and at most 9, not 0"),
    (Flag(), 1, "must be yes or no, not 1"),
    (OneOf({"a": "A", "b": "B"}), "c", "must be one of a, b, not 'c'"),
    (Optional(Integer(1), "all"), 0, "must be a whole number at least 1, not 0"),
    (Choice(FRUITS), "apple", "must be one of apple, cherry, not 'apple'"),
    (ListOf(Apple, 1, "apple"), (Apple(), Apple()), "must be at most 1 apples"),
    (ListOf(Apple, 1, "apple"), (Cherry(),), "must be at most 1 apples"),
]


@pytest.mark.parametrize(("domain", "value", "message"), REFUSED)
def test_a_domain_says_what_came_and_what_is_allowed(domain, value, message):
    with pytest.raises(ValueError, match="must be") as refusal:
        domain.check(value)
    assert str(refusal.value) == message


ACCEPTED = [
    (Real(0, 1), 1, 1.0, float),
    (Real(), np.float32(0.5), 0.5, float),
    (Real(), np.array(2.0), 2.0, float),
    (Integer(1, 9), 4.0, 4, int),
    (Integer(1, 9), np.int64(4), 4, int),
    (Flag(), False, False, bool),
    (Optional(Integer(1), "all"), None, None, type(None)),
    (ListOf(Apple, 2), [Apple()], (Apple(),), tuple),
]


@pytest.mark.parametrize(("domain", "value", "canonical", "kind"), ACCEPTED)
def test_a_domain_gives_the_canonical_type(domain, value, canonical, kind):
    checked = domain.check(value)
    assert checked == canonical
    assert type(checked) is kind


TYPED = [
    (Real(), " 0,05 ", 0.05),
    (Real(), "−3", -3.0),
    (Real(), "1e-3", 0.001),
    (Integer(), "32", 32),
    (Flag(), "Yes", True),
    (Flag(), "off", False),
    (OneOf({"a": "A"}), "a ", "a"),
    (Optional(Integer(), "all"), "all", None),
    (Optional(Integer(), "all"), "", None),
    (Optional(Integer(), "all"), "7", 7),
    (Choice(FRUITS), "cherry", Cherry()),
]


@pytest.mark.parametrize(("domain", "text", "value"), TYPED)
def test_what_a_person_types_is_read(domain, text, value):
    assert domain.parse(text) == value


@pytest.mark.parametrize(
    ("domain", "text", "message"),
    [
        (Real(), "abc", "'abc' is not a number"),
        (Integer(), "1.5", "must be a whole number, not 1.5"),
        (Flag(), "perhaps", "must be yes or no, not 'perhaps'"),
        (Choice(FRUITS), "cherri", "unknown fruit 'cherri'; did you mean 'cherry'?"),
        (Choice(FRUITS), "brick", "unknown fruit 'brick'; there are apple, cherry"),
    ],
)
def test_what_cannot_be_read_is_refused(domain, text, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  (the whole message follows)
        domain.parse(text)
    assert str(refusal.value) == message


@given(st.floats(-1e300, 1e300))
def test_numbers_survive_being_shown_and_read(number):
    assert read_number(show_number(number)) == pytest.approx(number, rel=1e-9)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_an_interval_accepts_what_lies_in_it_and_nothing_else(low, high, value):
    try:
        accepted = Real(low, high).check(value) == value
    except ValueError:
        accepted = False
    assert accepted == (low <= value <= high)


# ---------------------------------------------------------------- declarations


def test_an_invalid_one_cannot_be_made():
    with pytest.raises(SettingError) as refusal:
        Bowl(count=0)
    assert refusal.value.setting == "count"
    assert str(refusal.value) == ("count: must be a whole number at least 1 and at most 10, not 0")
    with pytest.raises(SettingError, match="colour: must be one of red, blue, not 'green'"):
        replace(Bowl(), colour="green")


def test_they_are_frozen_and_comparable():
    with pytest.raises(FrozenInstanceError):
        Bowl().count = 4
    assert Bowl() == Bowl()
    assert hash(Bowl()) == hash(Bowl(count=3))
    assert Bowl() != Bowl(count=4)


def test_knobs_know_their_names():
    assert [each.name for each in knobs(Bowl)] == [
        "fruit", "count", "colour", "washed", "lid", "spare",
    ]  # fmt: skip
    assert knobs(Apple())[0].unit == "kg"
    assert knobs(Apple())[0].relevant(Apple())


CHANGES = [
    (Bowl(), [], False),
    (Bowl(count=4), ["count"], False),
    (Bowl(fruit=Apple(1)), ["fruit.weight"], False),
    (Bowl(fruit=Cherry()), ["fruit"], True),
    (Bowl(colour="blue", washed=False), ["colour", "washed"], True),
    (Bowl(spare=(Apple(),)), ["spare"], True),
    (Bowl(lid=0.5), ["lid"], True),
]


@pytest.mark.parametrize(("new", "paths", "restart"), CHANGES)
def test_what_changed_and_whether_it_restarts(new, paths, restart):
    assert [path for path, _knob in changed_knobs(Bowl(), new)] == paths
    assert needs_restart(Bowl(), new) is restart
    nested = [path for path, _knob in changed_knobs(Table(), Table(new))]
    assert nested == [f"bowl.{path}" for path in paths]


# ---------------------------------------------------------------- registries


def test_a_registry_holds_what_was_registered_in_order():
    assert list(FRUITS) == ["apple", "cherry"]
    assert FRUITS.get("apple") is Apple
    with pytest.raises(ValueError, match=r"unknown fruit 'aple'; did you mean 'apple'\?"):
        FRUITS.get("aple")


# ---------------------------------------------------------------- plain data


fruits = st.one_of(st.just(Cherry()), st.floats(0, 5, exclude_min=True, width=32).map(Apple))
bowls = st.builds(
    Bowl,
    fruit=fruits,
    count=st.integers(1, 10),
    colour=st.sampled_from(["red", "blue"]),
    washed=st.booleans(),
    lid=st.none() | st.floats(0, 1),
    spare=st.lists(st.floats(0.1, 5).map(Apple), max_size=2).map(tuple),
)


@given(bowls)
def test_plain_data_is_the_whole_truth(bowl):
    assert from_plain(Table, to_plain(Table(bowl))) == Table(bowl)


def test_plain_data_reads_well():
    assert to_plain(Bowl(spare=(Apple(1),))) == {
        "fruit": {"name": "apple", "weight": 0.2},
        "count": 3,
        "colour": "red",
        "washed": True,
        "lid": None,
        "spare": [{"name": "apple", "weight": 1.0}],
    }


def test_what_is_left_out_takes_its_default():
    assert from_plain(Bowl, {}) == Bowl()
    assert from_plain(Bowl, {"fruit": {"name": "apple"}}) == Bowl()


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"bowl": {"cout": 1}}, "bowl.cout: unknown setting; did you mean 'count'?"),
        (
            {"bwol": {}},
            "bwol: unknown setting; did you mean 'bowl'?",
        ),
        ({"bowl": 3}, "bowl: must be an object of settings, not 3"),
        (
            {"bowl": {"count": 11}},
            "bowl.count: must be a whole number at least 1 and at most 10, not 11",
        ),
        (
            {"bowl": {"fruit": {"name": "aple"}}},
            "bowl.fruit: unknown fruit 'aple'; did you mean 'apple'?",
        ),
        (
            {"bowl": {"fruit": {"weight": 1}}},
            "bowl.fruit: must be an object with a name (one of apple, cherry)",
        ),
        (
            {"bowl": {"fruit": {"name": "apple", "weight": -1}}},
            "bowl.fruit.weight: must be a number above 0 and at most 5, not -1",
        ),
        ({"bowl": {"spare": "none"}}, "bowl.spare: must be a list, not 'none'"),
        (
            {"bowl": {"spare": [{"weight": "heavy"}]}},
            "bowl.spare.weight: must be a number above 0 and at most 5, not 'heavy'",
        ),
        ({"bowl": {"lid": 2}}, "bowl.lid: must be a number at least 0 and at most 1, not 2"),
    ],
)
def test_a_refusal_names_the_dotted_path(plain, message):
    with pytest.raises(SettingError) as refusal:
        from_plain(Table, plain)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "plain",
    [
        {"count": [1]},
        {"count": {}},
        {"fruit": {"name": 3}},
        {"fruit": {"name": ["apple"]}},
        {"colour": ["red"]},
        {"colour": {}},
        {"washed": "yes"},
        {"spare": [3]},
        {"spare": {"weight": 1}},
        {"lid": "open"},
        {3: 4},
        [],
        None,
    ],
)
def test_nonsense_in_a_file_is_refused_not_a_crash(plain):
    with pytest.raises(SettingError):
        from_plain(Bowl, plain)


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "fruit", "count", "spare", "weight", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(nonsense)
def test_whatever_stands_in_a_file_is_read_or_refused(plain):
    try:
        bowl = from_plain(Bowl, plain)
    except SettingError:
        return
    assert from_plain(Bowl, to_plain(bowl)) == bowl
