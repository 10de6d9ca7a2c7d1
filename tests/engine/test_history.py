"""The history: columns that grow while others read."""

import threading

import numpy as np
import pytest

from engine.history import History, Record


def test_appends_and_reads_back():
    history = History(capacity=2)
    for epoch in range(1, 6):
        history.append(Record(epoch=epoch, train_loss=1 / epoch))
    assert len(history) == 5
    assert history["epoch"].tolist() == [1, 2, 3, 4, 5]
    assert history.record(-1).train_loss == 0.2
    assert history.record(0).train_loss == 1.0
    assert np.isnan(history["test_loss"]).all()


def test_views_are_read_only():
    history = History()
    history.append(Record(epoch=1))
    with pytest.raises(ValueError, match="read-only"):
        history["epoch"][0] = 5


def test_unknown_columns_are_named():
    with pytest.raises(KeyError, match="unknown column 'loss'"):
        History()["loss"]


def test_no_record_yet():
    with pytest.raises(IndexError):
        History().record(-1)


def test_until_is_a_copy():
    history = History()
    for epoch in range(1, 6):
        history.append(Record(epoch=epoch))
    cut = history.until(3)
    cut.append(Record(epoch=99))
    assert cut["epoch"].tolist() == [1, 2, 3, 99]
    assert history["epoch"].tolist() == [1, 2, 3, 4, 5]


def test_one_thread_reads_while_another_appends():
    history, wrong, done = History(capacity=1), [], threading.Event()

    def read():
        while not done.is_set():
            column = history["epoch"]
            if not np.array_equal(column, np.arange(1, len(column) + 1)):
                wrong.append(column)

    reader = threading.Thread(target=read)
    reader.start()
    for epoch in range(1, 20_000):
        history.append(Record(epoch=epoch))
    done.set()
    reader.join()
    assert not wrong
