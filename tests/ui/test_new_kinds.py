"""The pages of the kinds that One of each does not have: each is shown with one put in, and says Keras' numbers."""

import itertools

import numpy as np
import pytest

from core.data import mnist
from core.network import activations, notation
from tests.ui.conftest import codes, opened
from ui.shared import text

ALONE = "Conv2D 6 3 same relu - {} - Flatten - Dense 10 softmax"


def words(app) -> str:
    return "\n".join(element.value for element in itertools.chain(app.markdown, app.caption))


def outputs(net: str, name: str) -> np.ndarray:
    """What the layer of this name gives for test image 0, worked out beside the page."""
    image = activations.as_input(mnist.sample("test", 0).image)
    return activations.run(notation.parse(net).upto(name), image)[-1].outputs


@pytest.mark.parametrize("training", ["true", "false"])
@pytest.mark.parametrize("net", [ALONE.format("BatchNormalization"), "Flatten - BatchNormalization - Dense 10 softmax"])
def test_batch_normalization_takes_one_value_apart(net, training):
    app = opened("batch_normalization", net=net, norm_training=training, norm_map="2", norm_row="9", norm_col="11")
    assert not app.exception and not app.error
    seen = net.replace("BatchNormalization", f"BatchNormalization training {training}")
    values = outputs(seen, "batch_normalization")
    value = values[9, 11, 2] if values.ndim == 3 else values[0]
    assert f"Keras gives `{value:.5g}`" in words(app)
    assert ("this image's mean" in words(app)) == (training == "true")
    for name in ("gamma", "beta", "moving_mean", "moving_variance"):
        assert f"`{name}`" in words(app)
    assert ("after this call" in words(app)) == (training == "true")


def test_batch_normalization_is_put_in_where_there_is_none():
    app = opened("batch_normalization")
    assert "One of each layer has no BatchNormalization: here is one behind `conv2d`" in words(app)
    app.toggle(key="norm_center").set_value(False).run()
    network = notation.parse(app.query_params["net"])
    assert network.names[1] == "batch_normalization" and not network["batch_normalization"].center
    assert "the beta" not in words(app) and not app.exception


@pytest.mark.parametrize("page", ["batch_normalization", "global_average_pooling2d", "depthwise_conv2d"])
def test_the_script_of_a_new_page_gives_its_numbers(page):
    app = opened(page)
    assert not app.exception and not app.error
    namespace = {}
    exec(codes(app)[0], namespace)
    values = np.asarray(namespace["y"])[0]
    table = next(element.value for element in app.markdown if element.value.startswith("| measure | input"))
    assert table.splitlines()[4].endswith(f"| {text.number(float(values.max()))} |")


def test_a_map_becomes_its_mean():
    app = opened("global_average_pooling2d", mean_map="3")
    assert "here is one behind `pooling`" in words(app)
    net = "Conv2D 8 3 same - ReLU - MaxPool2D - GlobalAveragePooling2D"
    value = outputs(net, "global_average_pooling2d")[3]
    assert f"Keras gives **`{value:.5g}`**" in words(app)
    assert "`14 × 14 × 8` → **`8`**" in words(app)


def test_a_depthwise_map_reads_one_map_and_costs_little():
    net = ALONE.format("DepthwiseConv2D 3 same depth_multiplier 2")
    app = opened("depthwise_conv2d", net=net, depth_map="7")
    assert not app.exception and not app.error
    assert "Output map 7 reads input map 3 and no other. 120 parameters; a Conv2D that gives 12 maps has 660." in words(
        app
    )
    values = outputs(net, "depthwise_conv2d")[..., 7]
    assert f"Map 7: min {text.number(values.min())}, max {text.number(values.max())}" in words(app)
    app.slider(key="depth_depth_multiplier").set_value(1).run()
    assert notation.parse(app.query_params["net"])["depthwise_conv2d"].depth_multiplier == 1
