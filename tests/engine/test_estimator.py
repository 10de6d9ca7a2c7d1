"""The estimators among scikit-learn's own tools, and beside its own networks."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from engine.activations import ELU
from engine.estimator import NetworkClassifier, NetworkRegressor
from engine.initializers import He
from engine.losses import Huber
from engine.optimizers import OPTIMIZERS, AdamW
from engine.schedules import Cosine

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X_IRIS, Y_IRIS = load_iris(return_X_y=True)
X_CURVE = np.linspace(-3, 3, 120)[:, np.newaxis]
Y_CURVE = np.sin(X_CURVE[:, 0])


def classifier(**parameters):
    defaults = {"learning_rate_init": 0.01, "max_iter": 60, "random_state": 0}
    return NetworkClassifier((16,), **(defaults | parameters))


def regressor(**parameters):
    defaults = {"learning_rate_init": 0.02, "max_iter": 60, "random_state": 0, "batch_size": 20}
    return NetworkRegressor((16,), **(defaults | {"activation": "tanh"} | parameters))


# ---------------------------------------------------------------- scikit-learn's own checks


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "at_least"), [(NetworkClassifier, 55), (NetworkRegressor, 52)])
def test_every_check_of_scikit_learn_passes(kind, at_least, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # without it, one of the checks is skipped
    results = check_estimator(kind(), on_fail=None, on_skip=None)
    assert [each for each in results if each["status"] != "passed"] == []
    assert len(results) >= at_least


# ---------------------------------------------------------------- its tools


def test_in_a_pipeline_and_a_cross_validation():
    model = make_pipeline(StandardScaler(), classifier(batch_size=16))
    assert cross_val_score(model, X_IRIS, Y_IRIS, cv=3).mean() > 0.9
    model = make_pipeline(StandardScaler(), regressor())
    assert model.fit(X_CURVE, Y_CURVE).score(X_CURVE, Y_CURVE) > 0.9


def test_in_a_grid_search():
    grid = {"activation": ["relu", ELU(0.5)], "hidden_layer_sizes": [(4,), (8, 4)]}
    search = GridSearchCV(classifier(max_iter=10), grid, cv=2).fit(X_IRIS, Y_IRIS)
    assert len(search.cv_results_["mean_test_score"]) == 4
    assert search.best_estimator_.score(X_IRIS, Y_IRIS) == search.score(X_IRIS, Y_IRIS)


def test_a_copy_is_the_same_and_a_pickle_predicts_the_same():
    model = classifier(solver=AdamW(), learning_rate=Cosine(), initializer=He())
    assert clone(model).get_params() == model.get_params()
    model.fit(X_IRIS, Y_IRIS)
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict_proba(X_IRIS), model.predict_proba(X_IRIS))
    assert np.array_equal(
        again.partial_fit(X_IRIS, Y_IRIS).predict_proba(X_IRIS),
        model.partial_fit(X_IRIS, Y_IRIS).predict_proba(X_IRIS),
    )


# ---------------------------------------------------------------- swapping the import


def shared_parameters(ours, theirs):
    return ours.get_params().keys() & theirs.get_params().keys()


@pytest.mark.parametrize(
    ("ours", "theirs", "missing"),
    [
        (NetworkClassifier(), MLPClassifier(), {"power_t", "max_fun"}),
        (NetworkRegressor(), MLPRegressor(), {"power_t", "max_fun"}),
    ],
)
def test_parameters_have_their_names_and_defaults(ours, theirs, missing):
    assert theirs.get_params().keys() - ours.get_params().keys() <= missing
    for name in shared_parameters(ours, theirs) - {"loss"}:
        assert getattr(ours, name) == getattr(theirs, name), name


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_as_good_as_theirs_with_their_words(activation, solver):
    x, y = load_digits(return_X_y=True)
    x, y = x[:600] / 16, y[:600]
    parameters = {
        "hidden_layer_sizes": 24,
        "activation": activation,
        "solver": solver,
        "learning_rate_init": 0.01 if solver == "adam" else 0.1,
        "batch_size": 50,
        "max_iter": 25,
        "random_state": 1,
    }
    ours = NetworkClassifier(**parameters).fit(x, y)
    theirs = MLPClassifier(**parameters).fit(x, y)
    assert ours.score(x, y) > theirs.score(x, y) - 0.03
    assert [each.shape for each in ours.coefs_] == [each.shape for each in theirs.coefs_]
    assert [each.shape for each in ours.intercepts_] == [each.shape for each in theirs.intercepts_]
    for name in ("n_layers_", "n_outputs_", "out_activation_"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert np.array_equal(ours.classes_, theirs.classes_)


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities(classes):
    x, y = X_IRIS[classes > Y_IRIS], np.array(["a", "b", "c"])[Y_IRIS[classes > Y_IRIS]]
    model = classifier().fit(x, y)
    probabilities = model.predict_proba(x)
    assert probabilities.shape == (len(x), classes)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(x)), probabilities)
    assert np.array_equal(model.predict(x), model.classes_[probabilities.argmax(axis=1)])
    assert model.score(x, y) > 0.9


def test_several_numbers_at_once():
    y = np.column_stack([Y_CURVE, -2 * Y_CURVE])
    model = regressor().fit(X_CURVE, y)
    assert model.predict(X_CURVE).shape == y.shape
    assert model.score(X_CURVE, y) > 0.9


@pytest.mark.parametrize("solver", OPTIMIZERS)
def test_every_optimizer_of_the_engine_by_its_name(solver):
    model = classifier(solver=solver, learning_rate_init=0.02).fit(X_IRIS, Y_IRIS)
    assert model.loss_ < model.loss_curve_[0]


def test_what_the_engine_has_beyond_theirs():
    extras = {"dropout": 0.1, "l1": 1e-4, "clip_norm": 1.0, "initializer": "he", "loss": Huber()}
    model = regressor(**extras, learning_rate="warm_up").fit(X_CURVE, Y_CURVE)
    assert model.score(X_CURVE, Y_CURVE) > 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_that_of_the_rows(dtype):
    model = classifier(max_iter=3).fit(X_IRIS.astype(dtype), Y_IRIS)
    assert model.coefs_[0].dtype == dtype
    assert model.predict_proba(X_IRIS.astype(dtype)).dtype == dtype


# ---------------------------------------------------------------- how long it trains


def test_the_same_random_state_gives_the_same_network():
    first, again = classifier().fit(X_IRIS, Y_IRIS), classifier().fit(X_IRIS, Y_IRIS)
    other = classifier(random_state=1).fit(X_IRIS, Y_IRIS)
    assert np.array_equal(first.coefs_[0], again.coefs_[0])
    assert not np.array_equal(first.coefs_[0], other.coefs_[0])


def test_it_stops_when_the_loss_no_longer_falls():
    model = classifier(max_iter=1000, tol=0.01, n_iter_no_change=5).fit(X_IRIS, Y_IRIS)
    losses = np.array(model.loss_curve_)
    assert model.n_iter_ == len(losses) < 1000
    best_before = np.minimum.accumulate(losses)[-7:-1]
    assert (losses[-6:] > best_before - 0.01).all()
    assert model.best_loss_ == losses.min()


@pytest.mark.filterwarnings("default::sklearn.exceptions.ConvergenceWarning")
def test_it_says_when_the_epochs_were_too_few():
    with pytest.warns(ConvergenceWarning, match=r"after all 3 epochs \(max_iter\)"):
        classifier(max_iter=3).fit(X_IRIS, Y_IRIS)


def test_early_stopping_goes_back_to_the_best_weights():
    model = classifier(
        early_stopping=True, validation_fraction=0.3, n_iter_no_change=4, max_iter=500,
        learning_rate_init=0.1,
    ).fit(X_IRIS, Y_IRIS)  # fmt: skip
    losses = model.validation_loss_curve_
    assert len(losses) < 500
    assert int(np.argmin(losses)) == len(losses) - 1 - 4


def test_training_can_be_taken_up_again():
    model = classifier(warm_start=True, max_iter=10).fit(X_IRIS, Y_IRIS)
    losses = list(model.loss_curve_)
    model.fit(X_IRIS, Y_IRIS)
    assert model.n_iter_ == 20
    assert model.loss_curve_[:10] == losses
    straight = classifier(max_iter=20).fit(X_IRIS, Y_IRIS)
    assert np.array_equal(model.coefs_[0], straight.coefs_[0])


def test_epoch_by_epoch_is_the_same_as_at_once():
    model = classifier(max_iter=5)
    for _epoch in range(5):
        model.partial_fit(X_IRIS, Y_IRIS, classes=[0, 1, 2])
    at_once = classifier(max_iter=5).fit(X_IRIS, Y_IRIS)
    assert np.array_equal(model.coefs_[0], at_once.coefs_[0])
    assert model.loss_curve_ == at_once.loss_curve_


def test_rows_may_come_in_parts():
    model = regressor()
    order = np.random.default_rng(0).permutation(len(X_CURVE))
    for _round in range(40):
        for part in np.array_split(order, 3):
            model.partial_fit(X_CURVE[part], Y_CURVE[part])
    assert model.score(X_CURVE, Y_CURVE) > 0.9


def test_weights_put_in_by_hand_count():
    model = regressor(max_iter=2).fit(X_CURVE, Y_CURVE)
    model.coefs_[1][:] = 0
    model.intercepts_[1][:] = 7
    assert (model.predict(X_CURVE) == 7).all()


# ---------------------------------------------------------------- refusals

REFUSED = [
    ({"hidden_layer_sizes": (8, 0)}, "hidden_layer_sizes: must be a whole number at least 1"),
    ({"hidden_layer_sizes": -3}, "hidden_layer_sizes: must be a whole number at least 1"),
    ({"activation": "rellu"}, "activation: unknown activation 'rellu'; did you mean 'relu'?"),
    ({"activation": 3}, "activation: must be one of "),
    ({"solver": "lbfgs"}, "solver: unknown optimizer 'lbfgs'"),
    ({"solver": None}, "solver: must be one of "),
    ({"alpha": -1}, "alpha: must be a number at least 0, not -1"),
    ({"alpha": "small"}, "alpha: must be a number at least 0, not 'small'"),
    ({"batch_size": 0}, "batch_size: must be a whole number at least 1"),
    ({"batch_size": "all"}, "batch_size: must be a whole number at least 1"),
    ({"learning_rate": "adaptive"}, "learning_rate: unknown schedule 'adaptive'"),
    ({"learning_rate_init": 0}, "learning_rate_init: must be a number above 0"),
    ({"max_iter": 0}, "max_iter: must be a whole number at least 1, not 0"),
    ({"momentum": 1.0, "solver": "sgd"}, "momentum: must be a number at least 0 and below 1"),
    ({"beta_1": 1.5}, "beta_1: must be a number at least 0 and below 1, not 1.5"),
    ({"epsilon": 0}, "epsilon: must be a number above 0"),
    ({"tol": float("nan")}, "tol: must be a number at least 0, not nan"),
    ({"dropout": 1}, "dropout: must be a number at least 0 and below 1, not 1"),
    ({"early_stopping": True, "validation_fraction": 1.0}, "validation_fraction: must be"),
    ({"shuffle": "yes"}, "shuffle: must be yes or no, not 'yes'"),
    ({"loss": "mean"}, "loss: unknown loss 'mean'"),
]


@pytest.mark.parametrize(("parameters", "message"), REFUSED)
def test_a_refusal_names_the_parameter_and_leaves_no_model(parameters, message):
    model = classifier().set_params(**parameters)
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  (the message follows)
        model.fit(X_IRIS, Y_IRIS)
    assert str(refusal.value).startswith(message)
    with pytest.raises(NotFittedError):
        model.predict(X_IRIS)


def test_partial_fit_knows_its_classes():
    model = classifier()
    with pytest.raises(ValueError, match="classes must be given at the first call"):
        model.partial_fit(X_IRIS, Y_IRIS)
    with pytest.raises(ValueError, match=r"y must be among the classes \[0 1\], not 2"):
        model.partial_fit(X_IRIS, Y_IRIS, classes=[0, 1])
    model.partial_fit(X_IRIS[:60], Y_IRIS[:60], classes=[0, 1, 2])
    with pytest.raises(ValueError, match="classes must be those of the first call"):
        model.partial_fit(X_IRIS, Y_IRIS, classes=[0, 1])
    assert model.predict_proba(X_IRIS).shape == (150, 3)
    with pytest.raises(ValueError, match="early_stopping must be False for partial_fit"):
        classifier(early_stopping=True).partial_fit(X_IRIS, Y_IRIS, classes=[0, 1, 2])


def test_other_classes_cannot_be_learnt_on_top():
    model = classifier(warm_start=True, max_iter=2).fit(X_IRIS, Y_IRIS)
    with pytest.raises(ValueError, match="y must hold the classes of the last fit"):
        model.fit(X_IRIS[:100], Y_IRIS[:100])


def test_one_class_only_is_refused():
    with pytest.raises(ValueError, match=r"y holds one class only \(0\)"):
        classifier().fit(X_IRIS[:10], Y_IRIS[:10])


def test_divergence_is_said_in_words():
    with pytest.raises(ValueError, match="Learning rate 100 is too high"):
        regressor(solver="sgd", learning_rate_init=100, activation="relu").fit(
            1000 * X_CURVE, 1000 * Y_CURVE
        )
