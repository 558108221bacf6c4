"""What a step costs is a plain count of what Keras builds, and grows with what a person makes larger."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network.notation import parse
from core.training import cost

LARGE = parse("Conv2D 16 5 same relu - MaxPool2D - Flatten - Dense 32 relu - Dense 10 softmax")


@settings(deadline=None, derandomize=True, max_examples=10)
@given(st.integers(1, 6), st.integers(1, 9), st.integers(1, 64), st.sampled_from([1, 2]))
def test_bytes_are_those_of_all_outputs_twice_and_of_all_weights(filters, units, batch, slots):
    network = parse(f"Conv2D {filters} 3 same - ReLU - Flatten - Dense {units} - Dense 10 softmax")
    model = network.build()
    outputs = sum(np.zeros((batch, *layer.output.shape[1:]), np.float32).nbytes for layer in model.layers[1:])
    weights = sum(array.nbytes for array in model.get_weights())
    # an output and its gradient; a weight, its gradient, and what the optimizer keeps
    assert cost.step_bytes(network, batch, slots) == 2 * outputs + (2 + slots) * weights


def test_seconds_grow_with_the_batch_and_with_the_multiplications():
    assert cost.step_seconds(LARGE, 64) == 2 * cost.step_seconds(LARGE, 32) > 0
    more = parse("Conv2D 16 5 same relu - Conv2D 16 5 same - MaxPool2D - Flatten - Dense 32 relu - Dense 10 softmax")
    each = sum(stage.multiply_adds for stage in more.stages()) / sum(stage.multiply_adds for stage in LARGE.stages())
    assert np.isclose(cost.step_seconds(more, 8) / cost.step_seconds(LARGE, 8), each)


def test_what_is_too_much_is_one_sentence_and_what_fits_is_none():
    assert cost.problem(LARGE, 512, 2) is None
    deep = parse(f"{'Conv2D 64 3 same - ' * 24}Flatten - Dense 10 softmax")
    for batch, said in ((512, "GB of memory"), (8, None)):
        problem = cost.problem(deep, batch, 2)
        assert (problem is None) == (said is None)
        assert said is None or (said in problem and f"with {batch} images" in problem and problem.endswith("."))
