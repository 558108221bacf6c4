"""The loss of one image as a sum, against Keras' losses on probabilities that Keras made."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.training import data
from core.training.loss_terms import loss_sum
from core.training.spec import LOSSES, TrainingSpec

LOGITS = st.lists(st.floats(-60, 60, width=32), min_size=10, max_size=10)


@given(LOGITS, st.integers(0, 9), st.sampled_from(LOSSES))
@settings(derandomize=True, max_examples=60)
def test_the_sum_is_keras_loss(logits, label, loss):
    values = np.array(logits, np.float32)
    found = loss_sum(values, label, loss)
    probabilities = keras.activations.softmax(keras.ops.convert_to_tensor(values[np.newaxis]))
    spec = TrainingSpec(loss=loss)
    expected = getattr(keras.losses, loss)(data.encode(np.array([label]), spec.one_hot), probabilities)
    assert found.total == pytest.approx(float(expected[0]), rel=1e-5, abs=1e-6)
    assert found.terms[label] == pytest.approx(-np.log(found.probabilities[label]), rel=1e-6, abs=1e-9)
    if found.averaged:
        # float64 has no digits left for 1 - p where p is nearly 1
        unsure = (np.arange(10) != label) & (found.probabilities < 0.999)
        assert found.terms[unsure] == pytest.approx(-np.log1p(-found.probabilities[unsure]), rel=1e-6, abs=1e-9)
    else:
        assert found.probabilities.sum() == pytest.approx(1)
        np.testing.assert_allclose(found.probabilities, np.asarray(probabilities)[0], rtol=1e-4, atol=1e-7)
        assert not np.delete(found.terms, label).any()


def test_another_loss_is_refused():
    with pytest.raises(ValueError, match=r"The loss must be one of .*, not 'mse'\."):
        loss_sum(np.zeros(10), 0, "mse")
