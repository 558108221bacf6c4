"""The numbers of a view are those of numpy and Keras for the same layer and digit."""

import numpy as np
import pytest

from core.data import mnist
from core.layers.kinds import Conv2D
from core.lessons import expression
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError
from core.network import activations, notation, saved
from ui.lessons import quantities
from ui.lessons import view as views

NET = "Conv2D 4 3 same bias -0.1 - ReLU - MaxPool2D 2 - Flatten - Dense 10 softmax"


def of(address):
    return quantities.of(views.parse(address))


def test_a_layer():
    found = of(f"/activation?net={NET}&index=5&act_map=2&act_row=9&act_col=20")
    first = activations.run_layer(Conv2D(4, bias=-0.1), activations.as_input(mnist.sample("test", 5).image))
    after = np.maximum(first.outputs, 0)
    assert found["output_shape"] == after.shape == (28, 28, 4)
    np.testing.assert_array_equal(found["output"], after)
    for name, wanted in {
        "zeros": (after == 0).mean(),
        "input_negatives": (first.outputs < 0).mean(),
        "maximum": after.max(),
        "mean": after.mean(dtype=np.float64),
        "dead_maps": sum(not after[..., channel].any() for channel in range(4)),
        "activation": "relu",
        "parameters": 0,
    }.items():
        assert found[name] == pytest.approx(wanted) if not isinstance(wanted, str) else found[name] == wanted


def test_the_chosen_cell_is_the_nearest_that_there_is():
    found = of(f"/conv2d?net={NET}&conv_map=9&conv_row=27&conv_col=3")
    assert (found["map"], found["row"], found["column"]) == (3, 27, 3)
    assert found["value"] == found["output"][27, 3, 3]


def test_the_network_and_its_answer():
    found = of(f"/network?net={NET}&index=2")
    model = notation.parse(NET).build()
    probabilities = saved.predict(model, mnist.sample("test", 2).image)[0]
    np.testing.assert_allclose(found["probability"], probabilities, rtol=1e-5)
    assert found["reads"] == probabilities.argmax()
    assert found["network_parameters"] == model.count_params()
    assert (found["label"], found["drawn"], found["layers"]) == (1, False, 5)


def test_a_digit_that_is_drawn_is_read_where_the_page_follows_it():
    drawn = "Y2CgP_iPBYzKjcrhkqMnAAA"
    assert of(f"/predict?drawn={drawn}")["drawn"]
    assert not of(f"/predict?drawn={drawn}&pred_source=sample")["drawn"]


def test_dropout_is_called_as_its_page_calls_it():
    address = "/dropout?net=Flatten - Dropout 0.5 - Dense 10 softmax"
    found, rest = of(address), of(f"{address}&drop_training=false")
    assert found["kept"] + (0 if found["training"] else 1) < 784
    assert rest["kept"] == 784 and not rest["training"]


def test_what_a_page_has_not_is_said():
    with pytest.raises(NotYetError, match="no zeros"):
        of("/tensors")["zeros"]
    with pytest.raises(NotYetError, match="Start training"):
        of("/train?fit_seed=9876")["val_accuracy"]
    with pytest.raises(NotYetError, match="expects maps"):
        of("/network?net=Flatten - Conv2D 4 3 - Dense 10 softmax")["network_parameters"]


@pytest.mark.parametrize("page", ["conv2d", "pooling", "network", "evaluate", "predict", "tensors", "dataset", "train"])
def test_every_number_that_a_page_has_can_be_asked_for(page):
    for name in of(f"/{page}"):
        assert KNOWN[name]
        assert expression.parse(name, KNOWN).names == {name}
