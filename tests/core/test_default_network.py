import keras

from core.default_network import LAYERS, parameter_count
from core.pipeline import INPUT_SHAPE


def test_count_is_that_of_keras():
    model = keras.Sequential([keras.Input(INPUT_SHAPE), *(layer.build() for layer in LAYERS)])
    assert parameter_count() == model.count_params()
