"""A cache holds what fits its bytes, the latest first, and makes each value once however many ask."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs import folders
from tests.core.runs.sample_runs import trained
from ui.shared import cache, models, networks
from ui.shared.cache import Cache


@given(st.integers(1, 60), st.lists(st.tuples(st.integers(0, 8), st.integers(1, 30)), max_size=60))
def test_it_holds_the_latest_that_fit_and_the_newest_whatever_it_weighs(most, asked):
    made, held = Cache(most, len), []  # keys, the latest last
    sizes = {}
    for key, size in asked:
        if key in held:
            assert made.get(key, lambda: pytest.fail("it was there")) == bytes(sizes[key])
            held.remove(key)
        else:
            sizes[key] = size
            assert made.get(key, lambda size=size: bytes(size)) == bytes(size)
        held.append(key)
        while len(held) > 1 and sum(sizes[each] for each in held) > most:
            held.pop(0)
        assert made.held == sum(sizes[each] for each in held)
        assert made.held <= most or len(held) == 1


def test_what_many_ask_for_is_made_once():
    made, count, start = Cache(100, len), [], threading.Barrier(8)

    def make():
        count.append(1)
        return b"value"

    def ask(_):
        start.wait(60)
        return made.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {b"value"}
    assert len(count) == 1


def test_what_fails_is_asked_for_again():
    made = Cache(100, len)
    with pytest.raises(ZeroDivisionError):
        made.get("key", lambda: 1 / 0)
    assert made.get("key", lambda: b"value") == b"value"
    made.clear()
    assert made.held == 0 and made.get("key", lambda: b"other") == b"other"


def test_the_decorator_keeps_by_arguments():
    calls = []

    @cache.bounded(100, len)
    def made(text):
        calls.append(text)
        return text.encode()

    assert [made("a"), made("b"), made("a")] == [b"a", b"b", b"a"] and calls == ["a", "b"]


def test_an_array_that_comes_twice_counts_once():
    one, other = np.zeros(10, np.float32), np.zeros(5, np.float32)
    assert cache.array_bytes([one, other, one]) == 60


@pytest.mark.usefixtures("own_runs")
def test_traces_of_many_digits_stay_within_their_bytes(monkeypatch):
    run = trained()
    wanted = networks.named(run.id)
    models._traces.clear()
    one = models.trace(wanted, "test", 0)
    size = models._traces.held
    assert size >= sum(result.outputs.nbytes for result in one.values())
    monkeypatch.setattr(models._traces, "most", 3 * size)
    for index in range(10):
        models.trace(wanted, "test", index)
    assert models._traces.held <= 3 * size
    assert models.trace(wanted, "test", 9) is models.trace(wanted, "test", 9)
    folders.remove(run)
