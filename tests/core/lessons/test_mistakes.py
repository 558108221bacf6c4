"""Every slip is run: it fails, or gives, what its card says, and the right form does not."""

import numpy as np
import pytest

from core.lessons.mistakes import LAYER_SLIPS, SLIPS
from core.network.presets import one_of_each

OF_LAYERS = [slip for slips in LAYER_SLIPS.values() for slip in slips]
EVERY = [*SLIPS, *OF_LAYERS]


def value(lines, namespace):
    """What lines of Python give whose last one is an expression."""
    *before, last = lines.split("\n")
    exec("\n".join(before), namespace)
    return eval(last, namespace)


def shown(found):
    return str(found.numpy() if hasattr(found, "numpy") else found)


def ready(slip):
    namespace = {}
    exec(slip.setup, namespace)
    return namespace


@pytest.mark.parametrize("slip", EVERY, ids=lambda slip: slip.wrong)
def test_slips_fail_as_stated_and_the_right_line_works(slip):
    if slip.error:
        with pytest.raises(Exception) as caught:  # the slip itself names the type
            value(slip.wrong, ready(slip))
        assert slip.error in f"{type(caught.value).__name__}: {caught.value}"
    else:
        assert shown(value(slip.wrong, ready(slip))) == slip.result
    right = value(slip.right, ready(slip))
    assert right is not None
    if slip.result:
        assert shown(right) != slip.result


def test_slips_name_an_error_or_a_result():
    assert all(bool(slip.error) != bool(slip.result) for slip in EVERY)


def test_they_belong_to_stages_with_a_page():
    assert set(LAYER_SLIPS) == set(one_of_each().names) - {"output"}


def right_form(stage, word):
    (slip,) = (slip for slip in LAYER_SLIPS[stage] if word in slip.wrong)
    return value(slip.right, ready(slip))


def test_what_the_reasons_say_of_the_right_forms():
    assert right_form("conv2d", "weight[0]") == ((3, 3, 1, 3), (3,))
    assert right_form("conv2d", "Conv2D(image)").shape == (1, 26, 26, 3)
    assert right_form("activation", "np.min") == 0
    assert right_form("pooling", "MaxPool2D").shape == (1, 7, 7, 3)
    assert right_form("flatten", "100").shape == (1,)
    (flat,) = LAYER_SLIPS["flatten"]
    namespace = ready(flat)
    assert value("flatten[:, :100]", namespace).shape == (1, 100)
    assert namespace["flatten"].shape == (1, 588)
    assert right_form("dense", "maps") == (1, 32)
    dropped = right_form("dropout", "layer").numpy()
    np.testing.assert_allclose(dropped[dropped != 0], 1 / (1 - 0.7), rtol=1e-6)
    assert (dropped == 0).any()


def test_a_layer_of_an_earlier_cell_is_used_without_a_word():
    """What the card of the missing `layer =` says of notebooks."""
    slip = LAYER_SLIPS["conv2d"][0]
    namespace = ready(slip)
    exec("layer = tf.keras.layers.Conv2D(5, 3)", namespace)
    assert value(slip.wrong, namespace).shape == (1, 26, 26, 5)


def test_fit_trains_with_dropout_and_predict_does_not():
    """What the card of Dropout says of Keras' own calls: a layer in its place notes what it is told."""
    import tensorflow as tf

    seen = []

    class Spy(tf.keras.layers.Layer):
        def call(self, x, training=None):
            seen.append(training)
            return x

    model = tf.keras.Sequential([tf.keras.layers.Input((2,)), Spy(), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((2, 2)), np.ones(2)
    for call, training in ((lambda: model.fit(x, y, verbose=0), True), (lambda: model.predict(x, verbose=0), False)):
        seen.clear()
        call()
        assert set(seen) == {training}
    seen.clear()
    model.evaluate(x, y, verbose=0)
    assert set(seen) == {False}
