"""Some hundred random events on the real window, and a short lesson, each in its own process."""

import sys

import pytest

from tests.soak import long, monkey
from tests.soak._paths import find, path_of
from tests.soak._run import read_events, run

linux = pytest.mark.skipif(sys.platform != "linux", reason="what is counted is read in /proc")


@linux
def test_random_events_do_no_harm(tmp_path):
    job = {**monkey.job_of(monkey.read_options(["--seed", "7", "--events", "400", "--untimed"]))}
    found = run(job, tmp_path / "events.jsonl")
    assert found.faults == {}
    assert found.figures["events"] == 400
    assert len(read_events(tmp_path / "events.jsonl")) == 400


@linux
def test_recorded_events_are_played_again(tmp_path):
    job = monkey.job_of(monkey.read_options(["--untimed"]))
    event = {"do": "shortcut", "name": "play", "luck": 1}
    found = run(job, None, events=[event, {"do": "rest", "ms": 20, "luck": 1}, event])
    assert found.faults == {}
    assert found.figures["kinds"] == {"shortcut": 2, "rest": 1}


def test_a_widget_is_found_where_its_path_says(window):
    canvas = window.docks.panel("draw").canvas
    assert find(path_of(canvas)) is canvas
    assert find(path_of(window)) is window
    assert find("MainWindow/NoSuchThing") is None


def sample(hours, memory, widgets=800):
    same = dict.fromkeys(long.COUNTS, 3)
    return {**same, "hours": hours, "seconds": 60 * hours, "MB": memory, "widgets": widgets}


def test_what_grows_is_a_fault():
    steady = [sample(hour, 300 + hour % 2) for hour in range(12)]
    assert long.judge(steady)[0] == []
    leaking = [sample(hour, 300 + 2 * hour) for hour in range(12)]
    assert "memory grows by 2.00 MB an hour" in long.judge(leaking)[0]
    piling = [sample(hour, 300, 800 + hour) for hour in range(12)]
    assert any("widgets grow" in each for each in long.judge(piling)[0])
