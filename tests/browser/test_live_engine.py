"""Every layer's numbers in the browser, in WebAssembly and in plain JavaScript, are those of Keras."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import mnist
from core.layers.activation import FUNCTIONS
from core.layers.kinds import Activation, Conv2D, Dense, DepthwiseConv2D, Flatten, Pooling
from core.live.bundle import bundle
from core.network import activations, notation, saved
from core.network.activations import Tracer
from core.network.network import Network
from core.network.presets import BASIC_CNN, PRESETS
from tests.browser import live
from tests.core.network.test_any_network import fitting, quick
from ui.live import scripts

LOOPS = ("wasm", "js")
CLOSE = 1e-4


@pytest.fixture(scope="module")
def page(chromium):
    opened = live.page_with_engine(chromium)
    yield opened
    opened.close()


def weights_of(network):
    """Weights that keep values of about the same size from layer to layer, and no two alike."""
    rng = np.random.default_rng(11)
    arrays = []
    for stage in network.stages():
        for shape in stage.spec.weight_shapes(stage.input_shape):
            if len(shape) == 1:
                arrays.append(rng.uniform(0.2, 1, shape).astype(np.float32))
            else:
                arrays.append((rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32))
    return arrays


def by_keras(network, weights, image):
    """Every layer's output at rest."""
    left, inputs, outputs = list(weights), image.reshape(28, 28, 1), []
    for stage in network.stages():
        own = tuple(left.pop(0) for _ in stage.spec.weight_shapes(stage.input_shape))
        inputs = activations.run_layer(stage.spec.at_rest(), inputs, own).outputs
        outputs.append(inputs)
    return outputs


def assert_same(found, expected, names):
    for one, other, name in zip(found, expected, names, strict=True):
        np.testing.assert_allclose(one, other, rtol=CLOSE, atol=CLOSE, err_msg=name)


def noise(seed=0):
    return np.random.default_rng(seed).random((28, 28), np.float32)


@given(fitting(), st.sampled_from(LOOPS))
@quick(60)
def test_random_networks_give_what_keras_gives(page, network, loops):
    weights = weights_of(network)
    (found,) = live.run(page, network, weights, [noise()], loops)
    assert_same(found, by_keras(network, weights, noise()), map(repr, network))


# what random settings might miss: few and many pixels, maps that are no multiple of four, every function
HARD = [
    (Conv2D(5, (3, 3), (2, 3), "same"), Conv2D(9, (5, 2), padding="valid", dilation_rate=(2, 3)), Flatten(), Dense(7)),
    (Pooling("average", (5, 4), (3, 3), "same"), DepthwiseConv2D((3, 3), depth_multiplier=6), Conv2D(3, (10, 10))),
    (Conv2D(130, (1, 1)), DepthwiseConv2D((2, 2), (2, 2), "valid"), Pooling("max", (3, 3), (1, 1), "same")),
    (Pooling("max", (14, 14), (14, 14)), Conv2D(6, (2, 2), padding="valid"), Flatten(), Dense(3)),
    (Pooling("max", (9, 9), (9, 9)), DepthwiseConv2D((3, 2), depth_multiplier=3), Dense(4)),
    *((Conv2D(3, (3, 3), activation=name), Dense(4, name)) for name in FUNCTIONS),
    *((Conv2D(2, (3, 3)), Activation(name, negative_slope=0.07, alpha=1.7)) for name in FUNCTIONS),
]


@pytest.mark.parametrize("loops", LOOPS)
def test_hard_settings_give_what_keras_gives(page, loops):
    for layers in HARD:
        network = Network(tuple((f"layer{number}", layer) for number, layer in enumerate(layers)))
        weights = weights_of(network)
        (found,) = live.run(page, network, weights, [noise() * 4], loops)
        assert_same(found, by_keras(network, weights, noise() * 4), map(repr, network))


@pytest.fixture(scope="module")
def shipped():
    model = saved.load_pretrained()
    return PRESETS[BASIC_CNN], model.get_weights(), model


@pytest.mark.parametrize(("loops", "digits"), [("wasm", 500), ("js", 40)])
def test_the_shipped_network_reads_digits_as_keras_does(page, shipped, loops, digits):
    network, weights, model = shipped
    images = mnist.half("test").images[:digits]
    sent = [live.text(bundle(network, weights).data), live.text(images.astype(np.float32) / 255), loops, False, []]
    found = live.floats(page.evaluate(live.RUN, sent)[1]).reshape(digits, 2, 10)
    np.testing.assert_allclose(found[:, 0], saved.predict(model, images), atol=CLOSE)
    np.testing.assert_allclose(np.exp(found[:, 1]) / np.exp(found[:, 1]).sum(1, keepdims=True), found[:, 0], atol=1e-6)


def test_every_layer_of_the_shipped_network_is_that_of_keras(page, shipped):
    network, weights, model = shipped
    tracer, images = Tracer(model, network), mnist.half("test").images[:4]
    for loops in LOOPS:
        found = live.run(page, network, weights, images / 255, loops)
        for image, layers in zip(images, found, strict=True):
            expected = tracer.trace(image)
            assert_same(layers, [expected[name].outputs for name in network.names], network.names)


@pytest.mark.parametrize(("numbers", "close"), [("float16", 0.0015), ("int8", 0.05)])
def test_smaller_numbers_change_no_answer(page, shipped, numbers, close):
    network, weights, model = shipped
    images = mnist.half("test").images[:300]
    sent = [live.text(bundle(network, weights, numbers).data), live.text(images.astype(np.float32) / 255), "wasm"]
    found = live.floats(page.evaluate(live.RUN, [*sent, False, []])[1]).reshape(-1, 2, 10)[:, 0]
    expected = saved.predict(model, images)
    assert (found.argmax(1) == expected.argmax(1)).all()
    assert 0 < np.abs(found - expected).max() < close


@pytest.mark.parametrize("loops", LOOPS)
def test_a_scaled_map_is_what_the_next_layers_see(page, loops):
    network = notation.parse("Conv2D 3 3 same relu - MaxPool2D 2 - Flatten - Dense 10 softmax")
    weights = weights_of(network)
    scales = [{"layer": 0, "map": 1, "factor": 0}, {"layer": 2, "map": 7, "factor": -2.5}]
    (found,) = live.run(page, network, weights, [noise()], loops, scales=scales)
    expected = by_keras(Network(network.layers[:1]), weights[:2], noise())
    expected[0] = expected[0] * np.array([1, 0, 1], np.float32)
    pooled = activations.run_layer(network["max_pooling2d"], expected[0]).outputs
    flat = activations.run_layer(network["flatten"], pooled).outputs.copy()
    flat[7] *= -2.5
    answer = activations.run_layer(network["dense"], flat, tuple(weights[2:])).outputs
    assert_same(found, [*expected, pooled, flat, answer], network.names)


def test_a_value_that_is_no_number_stays_one(page):
    """A training that diverged leaves such weights: what follows must not look like an answer."""
    network = notation.parse("Conv2D 2 3 relu - MaxPool2D 2 - Flatten - Dense 3")
    weights = weights_of(network)
    weights[0][0, 0, 0, 1] = np.nan
    for loops in LOOPS:
        (found,) = live.run(page, network, weights, [noise()], loops)
        assert np.isfinite(found[0][..., 0]).all() and np.isnan(found[0][..., 1]).all()
        assert np.isnan(found[1][..., 1]).all() and np.isnan(found[3]).all()


def test_without_webassembly_the_loops_are_javascript(page):
    network = notation.parse("Flatten - Dense 3")
    found = page.evaluate(
        """([text, script]) => {
          const kept = WebAssembly.Module;
          WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("no SIMD here"); } };
          try {
            const { Engine } = new Function(`${script}; return LivingNetwork;`)(); // has compiled nothing yet
            return new Engine(bytesOf(text).buffer).loops.name;
          } finally {
            WebAssembly.Module = kept;
          }
        }""",
        [live.text(bundle(network, weights_of(network)).data), scripts.engine()],
    )
    assert found == "js"


def test_what_the_engine_does_not_know_is_said(page):
    made = bundle(notation.parse("Flatten - Dense 3"), weights_of(notation.parse("Flatten - Dense 3")))
    changed = made.data.replace(b'"order"', b'"other"')
    said = page.evaluate(
        "(text) => { try { new LivingNetwork.Engine(bytesOf(text).buffer); } catch (error) { return error.message; } }",
        live.text(changed),
    )
    assert said == "flatten does what this browser's part does not know: other, linear."


CONTRIBUTIONS = """([bundle, image, asked]) => {
  const engine = new LivingNetwork.Engine(bytesOf(bundle).buffer);
  engine.run(floatsOf(image));
  return asked.map(([layer, map]) => textOf(LivingNetwork.contributions(engine, layer, map)));
}"""


def windows_of(inputs, layer):
    """|input| under every window: (row, column, tap down, tap right, channel), 0 beyond the ends."""
    height, width = layer.axes(inputs.shape)
    found = np.zeros((height.output, width.output, height.kernel, width.kernel, inputs.shape[-1]))
    for row, column in np.ndindex(found.shape[:2]):
        for i, r in enumerate(height.window(row)):
            for j, c in enumerate(width.window(column)):
                if 0 <= r < inputs.shape[0] and 0 <= c < inputs.shape[1]:
                    found[row, column, i, j] = np.abs(inputs[r, c])
    return found


def test_contributions_are_those_of_numpy(page):
    network = notation.parse(
        "Conv2D 4 3 same strides 2 tanh - DepthwiseConv2D 3x2 valid depth_multiplier 2 dilation_rate 2 - "
        "Conv2D 3 2 valid - BatchNormalization - MaxPool2D 2 - Flatten - Dense 5 tanh - Dense 10"
    )
    weights, image = weights_of(network), noise()
    names, outputs = network.names, by_keras(network, weights, image)
    inputs = [image.reshape(28, 28, 1), *outputs[:-1]]
    asked = [(0, 3), (1, 5), (2, 1), (3, 2), (4, 1), (5, 7), (6, 4), (7, 9)]
    sent = [live.text(bundle(network, weights).data), live.text(image), asked]
    found = [live.floats(said) for said in page.evaluate(CONTRIBUTIONS, sent)]
    first, each, second = (np.abs(weights[place]) for place in (0, 2, 4))
    expected = [
        np.einsum("yxijc,ijc->c", windows_of(inputs[0], network[names[0]]), first[..., 3]),
        np.einsum("yxij,ij->", windows_of(inputs[1], network[names[1]])[..., 2], each[:, :, 2, 1]) * np.eye(4)[2],
        np.einsum("yxijc,ijc->c", windows_of(inputs[2], network[names[2]]), second[..., 1]),
        weights[6][2] / np.sqrt(weights[9][2] + 0.001) * np.abs(inputs[3][..., 2]).sum() * np.eye(3)[2],
        np.abs(inputs[4][..., 1]).sum() * np.eye(3)[1],
        np.abs(outputs[5][7]) * np.eye(3)[7 % 3],
        inputs[6] * weights[10][:, 4],
        inputs[7] * weights[12][:, 9],
    ]
    for one, other, place in zip(found, expected, asked, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5, err_msg=str(place))
    # a unit is its bias and what feeds it
    np.testing.assert_allclose(found[7].sum() + weights[13][9], outputs[7][9], rtol=1e-4)
