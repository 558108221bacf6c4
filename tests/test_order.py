"""The order in which several processes do the tests."""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import conftest

FILES = ("browser/test_train.py", "browser/test_home.py", "browser/test_pages.py", "test_types.py", "core/test_a.py")


def items_of(*counts):
    paths = [f"tests/{file}" for file, count in zip(FILES, counts, strict=True) for _ in range(count)]
    return [SimpleNamespace(nodeid=f"{path}::test_{i}", path=path) for i, path in enumerate(paths)]


@given(st.tuples(*[st.integers(0, 12)] * len(FILES)), st.integers(1, 6))
def test_every_test_is_in_one_share_and_no_file_of_the_browser_in_two(counts, processes):
    items = items_of(*counts)
    shares = conftest._shares(items, processes)
    assert sorted(each.nodeid for share in shares for each in share) == sorted(each.nodeid for each in items)
    parts = Counter(file for share in shares for file in {each.path for each in share if "browser" in each.path})
    assert set(parts.values()) <= {1}


@pytest.mark.parametrize(
    ("processes", "heads"),
    [
        (2, {0: "browser/test_train.py", 28: "browser/test_home.py", 33: "test_types.py"}),
        (3, {0: "browser/test_train.py", 18: "browser/test_home.py", 37: "test_types.py"}),
    ],
)
def test_what_takes_long_is_at_the_head_of_what_each_process_is_given(processes, heads, monkeypatch):
    items = items_of(5, 5, 5, 1, 40)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(processes))
    conftest.pytest_collection_modifyitems(items)
    assert {place: items[place].path.removeprefix("tests/") for place in heads} == heads
