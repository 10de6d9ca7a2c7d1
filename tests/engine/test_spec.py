"""The experiment's declaration: complete, readable, the same in a file as in memory."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS, ELU, Tanh
from engine.data_sources import SOURCES, Digits, XorTable
from engine.drawn_data import Points
from engine.initializers import INITIALIZERS
from engine.knobs import (
    Choice,
    Declared,
    Flag,
    Integer,
    ListOf,
    Matrices,
    OneOf,
    Optional,
    Positions,
    Real,
    SettingError,
    Text,
    Words,
    from_plain,
    knobs,
    needs_restart,
    to_plain,
)
from engine.losses import LOSSES
from engine.my_digits import INK, LENGTH, WrittenDigits
from engine.optimizers import OPTIMIZERS, SGD, Adam
from engine.schedules import SCHEDULES
from engine.spec import DataSpec, Experiment, HiddenLayer, NetworkSpec, TrainSpec
from engine.table_data import Sheet, Sheets

REGISTRIES = (ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS, SCHEDULES, SOURCES)
SPECS = (DataSpec, HiddenLayer, NetworkSpec, TrainSpec)
DECLARATIONS = [*SPECS, *(kind for registry in REGISTRIES for kind in registry.values())]


def values_of(domain):
    """Make a strategy for whatever a domain allows."""
    match domain:
        case Integer():
            low, high = max(domain.low, -(10**6)), min(domain.high, 10**7)
            return st.integers(int(low), int(high))
        case Real():
            low, high = max(domain.low, -1e6), min(domain.high, 1e6)
            return st.floats(low, high, exclude_min=domain.open_low, exclude_max=domain.open_high)
        case Flag():
            return st.booleans()
        case OneOf():
            return st.sampled_from(list(domain.options))
        case Optional():
            return st.none() | values_of(domain.inner)
        case Choice():
            return st.one_of([declared(kind) for kind in domain.registry.values()])
        case ListOf():
            return st.lists(declared(domain.kind), max_size=3).map(tuple)
        case Points():
            point = st.tuples(*[st.floats(-9, 9)] * (domain.numbers - 1), values_of(domain.answer))
            return st.lists(point, min_size=domain.least, max_size=3).map(tuple)
        case Positions():
            return st.lists(st.integers(0, 6), max_size=4).map(tuple)
        case Matrices():
            number = st.floats(-9, 9)
            column = st.lists(st.tuples(number), min_size=1, max_size=3).map(tuple)
            return st.lists(column, max_size=2).map(tuple)
        case WrittenDigits():
            line = st.text(INK[:10], min_size=LENGTH, max_size=LENGTH)
            return st.lists(line, max_size=3).map(tuple)
        case Sheets():
            return declared(Sheet)
        case Text():
            return st.text(max_size=5)
        case Words():
            return st.lists(st.text(max_size=5), max_size=3, unique=True).map(tuple)
    raise TypeError(domain)


def declared(kind):
    """Make a strategy for a declared class, over the domains of its knobs."""

    def build(values):
        try:
            return kind(**values)
        except SettingError:  # two settings that do not go together, such as low above high
            return kind()

    return st.fixed_dictionaries({each.name: values_of(each.domain) for each in knobs(kind)}).map(
        build
    )


experiments = st.builds(
    Experiment, data=declared(DataSpec), network=declared(NetworkSpec), train=declared(TrainSpec)
)


@given(experiments)
def test_a_file_holds_the_whole_experiment(experiment):
    text = json.dumps(to_plain(experiment), allow_nan=False)
    assert from_plain(Experiment, json.loads(text)) == experiment


def test_an_empty_file_is_the_default_experiment():
    assert from_plain(Experiment, {}) == Experiment()


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_every_setting_is_declared_in_full(kind):
    declared_knobs = knobs(kind)
    assert len(declared_knobs) == len(fields(kind))
    for each in declared_knobs:
        assert each.label, each.name
        assert each.help.endswith("."), each.name
        assert each.applies in ("live", "restart")
        assert each.domain.describe()


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_every_default_is_valid_and_relevance_can_be_asked(kind):
    holder = kind()
    assert isinstance(holder, Declared)
    for each in knobs(holder):
        assert each.domain.check(getattr(holder, each.name)) == getattr(holder, each.name)
        assert each.relevant(holder) in (True, False)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_what_can_be_chosen_is_known_by_its_name(registry):
    for name, kind in registry.items():
        assert kind.name == name
        assert issubclass(kind, registry.kind)
    labels = [kind.label for kind in registry.values()]
    assert len(set(labels)) == len(labels)


BASE = Experiment()

LIVE = [
    replace(BASE.train, learning_rate=0.1),
    replace(BASE.train, optimizer=SGD()),
    replace(BASE.train, optimizer=Adam(beta1=0.8)),
    replace(BASE.train, batch_size=None),
    replace(BASE.train, l1=0.1, l2=0.1, clip_norm=1.0),
    replace(BASE.train, epochs=5, patience=3),
    *(replace(BASE.train, schedule=kind()) for kind in SCHEDULES.values()),
]


@pytest.mark.parametrize("train", LIVE)
def test_training_settings_change_while_it_runs(train):
    assert not needs_restart(BASE, replace(BASE, train=train))


RESTART = [
    replace(BASE, data=replace(BASE.data, split_seed=1)),
    replace(BASE, data=DataSpec(source=XorTable())),
    replace(BASE, data=DataSpec(source=Digits(scale="minmax"))),
    replace(BASE, network=NetworkSpec(seed=1)),
    replace(BASE, network=NetworkSpec(bias=False)),
    replace(BASE, train=replace(BASE.train, loss=LOSSES["mse"]())),
]


@pytest.mark.parametrize("experiment", RESTART)
def test_data_and_initial_weights_start_the_training_anew(experiment):
    assert needs_restart(BASE, experiment)


@pytest.mark.parametrize("layers", [(), (HiddenLayer(65),), (HiddenLayer(activation=Tanh()),)])
def test_layers_change_while_training(layers):
    assert not needs_restart(BASE, replace(BASE, network=NetworkSpec(hidden=layers)))


def test_nothing_changed_needs_nothing():
    assert not needs_restart(BASE, Experiment())


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        (
            {"train": {"learning_rat": 1}},
            "train.learning_rat: unknown setting; did you mean 'learning_rate'?",
        ),
        (
            {"train": {"learning_rate": 0}},
            "train.learning_rate: must be a number above 0 and at most 100, not 0",
        ),
        (
            {"train": {"batch_size": 2.5}},
            "train.batch_size: must be a whole number at least 1 and at most 1000000, not 2.5",
        ),
        (
            {"train": {"optimizer": {"name": "adaam"}}},
            "train.optimizer: unknown optimizer 'adaam'; did you mean 'adam'?",
        ),
        (
            {"train": {"optimizer": {"name": "adam", "beta1": 1}}},
            "train.optimizer.beta1: must be a number at least 0 and below 1, not 1",
        ),
        (
            {"network": {"hidden": [{"units": 0}]}},
            "network.hidden.units: must be a whole number at least 1 and at most 4096, not 0",
        ),
        (
            {"network": {"seed": -1}},
            "network.seed: must be a whole number at least 0 and at most 4294967295, not -1",
        ),
        (
            {"data": {"source": {"name": "digit"}}},
            "data.source: unknown data set 'digit'; did you mean 'digits'?",
        ),
        (
            {"data": {"test_fraction": "half"}},
            "data.test_fraction: must be a number at least 0 and at most 0.9, not 'half'",
        ),
    ],
)
def test_a_refused_file_says_where_and_why(plain, message):
    with pytest.raises(SettingError) as refusal:
        from_plain(Experiment, plain)
    assert str(refusal.value) == message


def test_activations_carry_their_own_settings():
    layer = from_plain(HiddenLayer, {"activation": {"name": "elu", "alpha": 0.5}})
    assert layer.activation == ELU(alpha=0.5)
