"""An Input of float64 is cast to float32 by the first layer: the script prints what is shown, and networks do so."""

import numpy as np

from core.data import mnist
from core.lessons import input_dtype
from core.network import saved
from core.network.presets import Blocks

SMALL = Blocks(filters=(4, 8), convolutions=1, dense_units=16).network()


def test_the_script_prints_what_is_shown(capsys):
    exec(input_dtype.SCRIPT, {})
    assert capsys.readouterr().out.strip() == input_dtype.PRINTS


def test_a_whole_network_computes_and_answers_in_float32():
    plain, double = {}, {}
    code = SMALL.seeded(3).as_code()
    assert code.count('name="image")') == 1
    exec(code, plain)
    exec(code.replace('name="image")', 'name="image", dtype=tf.float64)'), double)
    assert double["model"].inputs[0].dtype == "float64"
    assert {layer.compute_dtype for layer in double["model"].layers} == {"float32"}
    assert all(weights.dtype == np.float32 for weights in double["model"].get_weights())
    images = saved.as_batch(mnist.half("test").images[:8])
    answers = double["model"](images.astype(np.float64)).numpy()
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, plain["model"](images).numpy(), rtol=1e-5)
