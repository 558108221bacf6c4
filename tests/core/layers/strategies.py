"""Layers drawn at random from the tables of their kinds, so that a new kind takes part in the tests by itself."""

import math
from dataclasses import fields

from hypothesis import strategies as st

from core.layers import kernels
from core.layers.kinds import KINDS

_NUMBERS = st.floats(-5, 5, allow_nan=False)
_KERNELS = [kernels.as_text(kernel) for kernel in kernels.PRESETS.values()]
# fields that hold several values, or a name of a file, of which no table says what they may be
_OTHERS = {
    "kernel": st.lists(st.sampled_from(_KERNELS), max_size=3).map(tuple),
    "biases": st.lists(_NUMBERS, max_size=2).map(tuple),
    "source": st.just(""),
}


def layers_of(kind, most=math.inf):
    """Layers of one kind with all that its tables allow. most: an upper bound for sizes, which begin at 1."""
    return st.builds(kind, **{field.name: _values(kind, field, most) for field in fields(kind)})


def all_kinds(most=math.inf):
    """A strategy a kind."""
    return {kind: layers_of(kind, most) for kind in KINDS}


def buildable(layer) -> bool:
    """Whether Keras builds the layer, however large the input is: strides and dilation may exclude each other."""
    return layer.problem((9999, 9999, 1)) is None


def _values(kind, field, most):
    if field.name in _OTHERS:
        return _OTHERS[field.name]
    if field.name in kind.options:
        return st.sampled_from(kind.options[field.name])
    words = [*kind.words.values(), *kind.aliases.values()]
    if said := sorted({word[field.name] for word in words if field.name in word}):
        return st.sampled_from(said)
    low, high = kind.limits.get(field.name, (-5, 5))
    whole = st.integers(low, min(high, most) if low > 0 else high)
    match field.default:
        case bool():
            return st.booleans()
        case int():
            return whole
        case float():
            return st.floats(low, high)
        case (int(), int()):
            # the default often: strides and dilation both larger than 1 are possible in no kind
            return st.one_of(st.just(field.default), st.tuples(whole, whole))
    raise TypeError(f"What may {field.name} of {kind.__name__} be? No table says so.")
