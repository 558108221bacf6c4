"""What a browser sends is anything; what a callback reads has no infinity, and is as deep as a message is."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import components
from ui.evaluate import settings as evaluate_settings
from ui.layers import faces

# who declares the settings that are picked
assert evaluate_settings and faces

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
)


def floats(value):
    if isinstance(value, dict):
        return [each for inner in value.values() for each in floats(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in floats(inner)]
    return [value] if isinstance(value, float) else []


@given(values)
def test_infinity_becomes_nothing_and_the_rest_stays(value):
    found = components._finite(value, 100)
    assert all(math.isfinite(each) for each in floats(found))
    if all(math.isfinite(each) for each in floats(value)):
        assert found == value
    json.dumps(found, allow_nan=False)


def test_what_is_nested_too_deep_is_nothing():
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    json.dumps(components._finite(deep))


@pytest.mark.parametrize("pick", [math.inf, -math.inf, math.nan, 1e400, "x", None, [], {"a": math.inf}])
@pytest.mark.parametrize("module", ["flat_strip", "sample_wall", "confusion"])
def test_receivers_ignore_what_is_no_number(module, pick, monkeypatch):
    receiver = __import__(f"ui.components.{module}", fromlist=["_picked"])
    key = getattr(receiver, "_KEY", "wall")
    monkeypatch.setattr(components.st, "session_state", {key: Sent(pick)})
    monkeypatch.setattr(receiver.state, "put", lambda values: pytest.fail(f"{values} was believed"))
    receiver._picked(*{"sample_wall": (key, "test"), "confusion": (key,)}.get(module, ()))


class Sent(dict):
    """What Streamlit holds for a component with one event."""

    def __init__(self, pick):
        super().__init__(pick=pick if not isinstance(pick, dict) else {"eval_true": pick["a"], "eval_pred": 1})
