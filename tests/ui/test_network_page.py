"""The Network page and the trained kernels of the Conv2D page, with the shipped network and with runs."""

import itertools
import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import mnist
from core.layers import Conv2D, steps
from core.layers.activation import ACTIVATIONS
from core.lessons import input_dtype
from core.network import activations, saved
from core.network.activations import Tracer
from core.network.presets import Blocks
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui.conftest import opened
from ui.layers import settings
from ui.network import build
from ui.shared import navigation, networks, text, warmup
from viz.memory_bars import size

pytestmark = pytest.mark.usefixtures("own_runs")
TINY = Blocks((4, 6, 3), 1, 5, "leaky_relu", 7, 0.1)
LAYERS = [layer.name for layer in Blocks().layers()]


def trained(spec=TINY, name="tiny", epochs=3, change=None):
    """A run with the weights of several epochs, here simply of several seeds."""
    run = folders.create(TrainingSpec(network=spec), name)
    for epoch in range(epochs):
        weights = spec.build(seed=epoch).get_weights()
        if change:
            weights = change(weights)
        files.write_arrays(run.folder / "weights" / f"{epoch:04d}.npz", weights)
    return run


@pytest.fixture
def broken_file(tmp_path, monkeypatch):
    """The shipped network's file is gone."""
    caches = (networks.model, networks._bench, networks.trace, settings._first_convolution)

    def forget():
        saved.load_pretrained.cache_clear()
        for cache in caches:
            cache.clear()

    forget()
    monkeypatch.setattr(saved, "FILE", tmp_path / "basic_cnn.keras")
    yield
    monkeypatch.undo()
    forget()


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in itertools.chain(app.markdown, app.caption, app.subheader))


def look(**query: str) -> AppTest:
    return opened("network", cnn_part="look", **query)


def table(app: AppTest) -> dict[str, list]:
    return app.dataframe[0].value.to_dict("list")


def assert_shows(app: AppTest, spec: Blocks):
    """Totals, table and code are those of `spec`."""
    assert not app.exception and not app.error
    layers = spec.layers()
    assert [metric.value for metric in app.metric] == [
        f"{spec.parameter_count():,}",
        size(4 * spec.parameter_count()),
        f"{sum(layer.multiply_adds for layer in layers):,}",
        size(sum(layer.activation_bytes for layer in layers)),
    ]
    columns = table(app)
    assert columns["Layer"] == [layer.name for layer in layers]
    assert columns["Output shape"] == [text.shape(layer.output_shape) for layer in layers]
    assert columns["Parameters"] == [layer.parameters for layer in layers]
    assert sum(columns["Share of parameters"]) == pytest.approx(100)
    assert columns["Multiply-adds"] == [layer.multiply_adds for layer in layers]
    assert columns["Activation memory"] == [layer.activation_bytes / 1000 for layer in layers]
    assert app.code[0].value == spec.as_code()


# -- building ---------------------------------------------------------------------------------------------


def test_the_page_opens_with_basic_cnn():
    app = opened("network")
    assert_shows(app, Blocks())
    said = words(app)
    assert "`dense`: 1,606,144 of 1,676,266 (95.8%), 3,136 inputs times 512 units" in said
    assert "`block1_conv2`: 7,225,344 of 19,899,904 (36.3%), the same kernels work at each of 784 places" in said
    assert "`layers.Input` with a capital I" in said and "softmax, not ReLU" in said


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("cnn_blocks", 3, Blocks((32, 64, 64))),
        ("cnn_filters_1", 5, Blocks((5, 64))),
        ("cnn_filters_2", 128, Blocks((32, 128))),
        ("cnn_convolutions", 1, Blocks(convolutions=1)),
        ("cnn_kernel_size", 6, Blocks(kernel_size=6)),
        ("cnn_dense_units", 1, Blocks(dense_units=1)),
        ("cnn_dropout", 0.5, Blocks(dropout=0.5)),
    ],
)
def test_every_slider_changes_the_network_and_the_address(key, value, expected):
    app = opened("network")
    app.slider(key=key).set_value(value).run()
    assert_shows(app, expected)
    assert app.query_params[key] == f"{value}"
    app.button(key="network_reset").click().run()
    assert_shows(app, Blocks())
    assert key not in app.query_params


@pytest.mark.parametrize("name", ACTIVATIONS[1:])
def test_every_activation_changes_the_code(name):
    app = opened("network")
    app.selectbox(key="cnn_activation").set_value(name).run()
    assert_shows(app, Blocks(activation=name))


def test_only_blocks_that_exist_have_a_slider():
    app = opened("network", cnn_blocks="3", cnn_filters_3="17")
    assert_shows(app, Blocks((32, 64, 17)))
    app.slider(key="cnn_blocks").set_value(1).run()
    assert_shows(app, Blocks((32,)))
    assert [slider.key for slider in app.slider if "filters" in slider.key] == ["cnn_filters_1"]
    app.slider(key="cnn_blocks").set_value(3).run()
    assert_shows(app, Blocks((32, 64, 17)))  # what was set is not lost


def test_other_networks_have_other_expensive_layers():
    app = opened("network", cnn_filters_1="128", cnn_filters_2="128", cnn_kernel_size="7", cnn_dense_units="1")
    assert "Most parameters are in `block1_conv2`: 802,944 of" in words(app)
    assert "128 kernels of 7×7 over 128 channels" in words(app)
    app = opened("network", cnn_blocks="1", cnn_convolutions="1", cnn_filters_1="1", cnn_dense_units="1024")
    assert "Most multiply-adds are in `dense`: 200,704 of" in words(app)


def test_an_impossible_network_gets_one_sentence_and_the_controls_stay(monkeypatch):
    impossible = Blocks(filters=(500, 3))
    monkeypatch.setattr(build, "network_spec", lambda: impossible)
    app = opened("network")
    assert [error.value for error in app.error] == [impossible.problem()]
    assert app.slider(key="cnn_filters_1") and app.button(key="network_reset")
    assert not app.metric and not app.code


@pytest.mark.parametrize(
    ("key", "asked"),
    [("cnn_blocks", "4"), ("cnn_filters_1", "0"), ("cnn_dropout", "0.33"), ("look_layer", "x"), ("net", "nobody")],
)
def test_what_a_link_cannot_mean_is_said(key, asked):
    app = opened(navigation.HOME, **{key: asked})
    assert any(f"`{key}` expects" in warning.value for warning in app.warning)
    app.switch_page("../pages/network.py").run()
    assert_shows(app, Blocks())


# -- looking inside ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_of_the_shipped_network_has_a_view(name):
    app = look(look_layer=name, index="4")
    assert not app.exception and not app.error
    layer = next(layer for layer in Blocks().layers() if layer.name == name)
    said = words(app)
    assert f"`{text.shape(layer.input_shape)}` → **`{text.shape(layer.output_shape)}`**" in said
    assert f'model.get_layer("{name}")' in app.code[0].value
    assert ("Learned weights" in said) == bool(layer.parameters)
    assert ("At prediction time Dropout does nothing: 0 of" in said) == name.endswith("dropout")


def test_the_page_reads_the_digit_as_the_network_does():
    app = look(index="8")
    outputs = saved.predict(saved.load_pretrained(), mnist.sample("test", 8).image)[0]
    assert f"It reads a **{outputs.argmax()}** with probability `{outputs.max():.6f}`: right." in words(app)
    wrong = 247  # a 4 that looks like a 2
    app = look(index=str(wrong))
    read = saved.predict(saved.load_pretrained(), mnist.sample("test", wrong).image)[0].argmax()
    label = mnist.sample("test", wrong).label
    assert text.verdict(read, label) in words(app)


def test_a_unit_is_taken_apart_into_the_sum_that_keras_gives():
    app = look(look_layer="dense", look_unit="17")
    result = Tracer(saved.load_pretrained(), Blocks().network()).trace(mnist.sample("test", 0).image)["dense"]
    step = steps.dense(result.inputs, *result.weights, 17)
    assert step.total == pytest.approx(result.outputs[17], abs=1e-4)
    assert f"= `{step.total:.5g}`, Keras gives **`{result.outputs[17]:.5g}`**" in words(app)
    app.number_input(key="look_unit").set_value(18).run()
    assert f"Keras gives **`{result.outputs[18]:.5g}`**" in words(app)
    # a unit that the next layer does not have
    app = look(look_layer="output", look_unit="900")
    assert app.number_input(key="look_unit").value == 9


def test_a_picture_chooses_its_layer():
    app = look()
    app.button(key="look_at_block2_pool").click().run()
    assert app.selectbox(key="look_layer").value == "block2_pool"
    assert app.query_params["look_layer"] == "block2_pool"
    assert "`14 × 14 × 64` → **`7 × 7 × 64`**" in words(app)
    app.selectbox(key="look_layer").set_value("flatten").run()
    assert "`7 × 7 × 64` → **`3136`**" in words(app)


def test_a_run_is_chosen_with_its_epoch_and_has_its_own_layers():
    run = trained()
    app = look(look_layer="block2_conv2")
    app.selectbox(key="net").set_value(run.id).run()
    assert not app.exception and not app.error
    assert app.selectbox(key="look_layer").options == [
        f"{layer.name}: {text.shape(layer.output_shape)}" for layer in TINY.layers()
    ]
    assert app.selectbox(key="look_layer").value == "block1_conv1"  # this network has no block2_conv2
    for epoch in (0, 1, networks.NEWEST):
        app.select_slider(key="net_epoch").set_value(epoch).run()
        seed = 2 if epoch == networks.NEWEST else epoch
        outputs = saved.predict(TINY.build(seed=seed), mnist.sample("test", 0).image)[0]
        assert f"with probability `{outputs.max():.6f}`" in words(app)
    assert "A run writes its network as a .keras file at its end" in words(app)
    run.model().save(run.final)
    app.run()
    assert f'load_model("runs/{run.id}/final.keras"' in app.code[0].value


def test_a_run_with_one_epoch_has_no_slider():
    run = trained(epochs=1)
    app = look(net=run.id)
    assert not app.exception and not app.error
    assert not app.select_slider


def test_an_epoch_that_another_run_does_not_have_becomes_the_newest():
    first, second = trained(epochs=3), trained(epochs=2, name="other")
    app = look(net=first.id, net_epoch="2")
    assert app.select_slider(key="net_epoch").value == 2
    app.selectbox(key="net").set_value(second.id).run()
    assert not app.exception
    assert app.select_slider(key="net_epoch").value == networks.NEWEST


def test_a_run_that_was_deleted_gives_way_to_the_shipped_network():
    run = trained()
    app = look(net=run.id)
    shutil.rmtree(run.folder)
    app.run()
    assert not app.exception and not app.error
    assert app.selectbox(key="net").value == networks.SHIPPED
    assert app.selectbox(key="look_layer").value in LAYERS


def test_networks_that_cannot_be_shown_get_one_sentence():
    diverged = trained(name="nan", change=lambda weights: [np.full_like(array, np.nan) for array in weights])
    app = look(net=diverged.id)
    assert [error.value for error in app.error] == [
        "Every layer should give numbers, and block1_conv1 gives NaN or infinity: this training diverged."
    ]
    short = trained(name="short", change=lambda weights: weights[:3])
    app = look(net=short.id)
    assert len(app.error) == 1 and "should fit its settings" in app.error[0].value
    damaged = trained(name="damaged", epochs=1)
    (damaged.folder / "weights" / "0000.npz").write_bytes(b"no arrays")
    app = look(net=damaged.id)
    assert len(app.error) == 1 and "weights/0000.npz" in app.error[0].value
    assert not app.exception


def test_a_missing_shipped_network_gets_one_sentence(broken_file):
    app = look()
    assert len(app.error) == 1 and "there is no such file" in app.error[0].value
    assert app.selectbox(key="net") is not None
    app = opened("conv2d", conv_source="trained")
    assert len(app.error) == 1 and "there is no such file" in app.error[0].value
    assert app.selectbox(key="net") is not None
    app.switch_page("../pages/pooling.py").run()
    assert not app.exception
    assert len(app.error) == 1 and "there is no such file" in app.error[0].value


# -- trained kernels on the Conv2D page -------------------------------------------------------------------


def test_conv2d_with_the_kernels_of_the_shipped_network():
    app = opened("conv2d", conv_source="trained", conv_strides_h="2")
    assert not app.exception and not app.error
    kernel, bias = saved.load_pretrained().get_layer("block1_conv1").get_weights()
    said = words(app)
    assert f"`28 × 28 × 1` → **`14 × 28 × {len(bias)}`**" in said
    assert 'load_model("assets/basic_cnn.keras"' in app.code[0].value
    namespace = {}
    exec(app.code[0].value, namespace)
    np.testing.assert_array_equal(namespace["layer"].get_weights()[0], kernel)
    first = np.asarray(namespace["y"])[0, ..., 0]
    assert f"Map 0: min {text.number(first.min())}, max {text.number(first.max())}" in said
    app.toggle(key="conv_use_bias").set_value(False).run()
    assert "the bias:" not in words(app)
    app.switch_page("../pages/flatten.py").run()
    assert not app.exception and f"**`{7 * 14 * len(bias)}`**" in words(app)


def test_conv2d_with_the_kernels_of_a_run():
    run = trained()
    app = opened("conv2d", conv_source="trained", net=run.id, net_epoch="1")
    assert not app.exception and not app.error
    assert "the kernel: `(5, 5, 1, 4)`" in words(app).replace("\u00a0", " ")
    kernel, bias = TINY.build(seed=1).get_weights()[:2]
    namespace = {}
    exec(app.code[0].value, namespace)
    np.testing.assert_array_equal(namespace["layer"].get_weights()[0], kernel)
    np.testing.assert_array_equal(namespace["layer"].get_weights()[1], bias)
    before = app.code[0].value
    app.select_slider(key="net_epoch").set_value(2).run()
    assert app.code[0].value != before
    # the same network as on the Network page
    app.switch_page("../pages/network.py").run()
    assert app.session_state["net"] == run.id


def test_conv2d_says_when_the_kernels_are_no_numbers():
    run = trained(name="nan", change=lambda weights: [np.full_like(array, np.nan) for array in weights])
    app = opened("conv2d", conv_source="trained", net=run.id)
    assert not app.exception
    assert len(app.error) == 1 and "must be a number" in app.error[0].value


def test_before_tensorflow_has_loaded_shapes_are_there_and_numbers_are_not(monkeypatch):
    monkeypatch.setattr(warmup, "ready", lambda: False)
    monkeypatch.setattr(warmup, "wait_for_tensorflow", lambda: None)
    monkeypatch.setattr(networks, "model", lambda wanted: pytest.fail("this would import TensorFlow"))
    app = opened("conv2d", conv_source="trained")
    assert not app.exception and not app.error and not app.code
    assert any("Conv2D** 28×28×32" in caption.value for caption in app.caption)
    app.switch_page("../pages/network.py").run()
    assert_shows(app, Blocks())
    app = look()
    assert not app.exception and not app.error and not app.code


def test_the_walk_never_fails_whatever_the_run_is(monkeypatch):
    run = trained()
    monkeypatch.setattr(settings.networks, "chosen", lambda: networks.Chosen(run.id))
    shutil.rmtree(run.folder)
    spec = settings._with_trained_kernels(Conv2D())
    assert spec == Conv2D()
    assert activations.run_layer(spec, np.zeros((28, 28, 1), np.float32)).outputs.shape == (28, 28, 8)


def test_what_becomes_of_an_input_of_float64_is_shown_with_the_code():
    app = opened("network")
    shown = [code.value for code in app.code]
    assert shown[0] == Blocks().as_code()
    assert shown[1:] == [input_dtype.SCRIPT, input_dtype.PRINTS]
