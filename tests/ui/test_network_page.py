"""The Network page: a network designed, typed, brought and taken away; and layer pages that show trained ones."""

import itertools
import shutil
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import mnist
from core.layers import steps
from core.layers.kinds import Activation, Conv2D, Dense, Dropout, Flatten, Pooling
from core.lessons import input_dtype
from core.network import activations, exporting, notation, saved
from core.network.activations import Tracer
from core.network.network import Network
from core.network.presets import PRESETS, Blocks, one_of_each
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui.conftest import codes, epoch_slider, network_box, network_text, opened, switched
from tests.ui.said import columns as columns_of
from ui.network import bring
from ui.shared import models, navigation, networks, text, warmup
from viz.memory_bars import size

pytestmark = pytest.mark.usefixtures("own_runs")
TINY = Blocks((4, 6, 3), 1, 5, "leaky_relu", 7, 0.1)
BASIC = Blocks().network()
STAGES = {stage.name: stage for stage in BASIC.stages()}


def page_of(layer) -> str:
    return navigation.key_of_kind(type(layer))


def trained(spec=TINY, name="tiny", epochs=3, change=None):
    """A run with the weights of several epochs, here simply of several seeds."""
    run = folders.create(TrainingSpec(network=spec.network()), name)
    for epoch in range(epochs):
        weights = spec.network(seed=epoch).build().get_weights()
        if change:
            weights = change(weights)
        files.write_arrays(run.folder / "weights" / f"{epoch:04d}.npz", weights)
    return run


@pytest.fixture
def broken_file(tmp_path, monkeypatch):
    """The shipped network's file is gone."""
    caches = (models._loaded_model, models._benches, models._traces)

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
    return "\n".join(element.value for element in itertools.chain(app.markdown, app.caption, app.header))


def look(layer: str = "block1_conv2", net: str = networks.SHIPPED, **query: str) -> AppTest:
    """The page of the layer's kind, with this layer of a network."""
    kind = BASIC[layer] if layer in BASIC.names else Conv2D()
    return opened(page_of(kind), net=net, layer=layer, **query)


def table(app: AppTest) -> dict[str, list[str]]:
    """What the table of layers says, column by column."""
    return columns_of(app)


def shown(app: AppTest) -> Network:
    """The network that the address says."""
    return notation.parse(app.query_params["net"])


def assert_shows(app: AppTest, network: Network):
    """Totals, table and code are those of `network`."""
    assert not app.exception and not app.error
    layers, parameters = network.stages(), network.parameter_count()
    assert [metric.value for metric in app.metric] == [
        f"{parameters:,}",
        size(4 * parameters),
        f"{sum(layer.multiply_adds for layer in layers):,}",
        size(sum(layer.activation_bytes for layer in layers)),
    ]
    columns = table(app)
    assert columns["Layer"] == [layer.name for layer in layers]
    assert columns["Output shape"] == [text.shape(layer.output_shape) for layer in layers]
    assert columns["Parameters"] == [f"{layer.parameters:,}" for layer in layers]
    shares = [float(share.removesuffix(" %")) for share in columns["Share of parameters"]]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(layers))
    assert columns["Multiply-adds"] == [f"{layer.multiply_adds:,}" for layer in layers]
    assert columns["Activation memory"] == [f"{layer.activation_bytes / 1000:,.1f} kB" for layer in layers]
    assert codes(app)[0] == network.as_code()


# -- designing -------------------------------------------------------------------------------------------


def test_the_page_opens_with_basic_cnn():
    app = opened("network")
    assert_shows(app, BASIC)
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
def test_every_slider_of_the_blocks_changes_network_and_address(key, value, expected):
    app = opened("network")
    app.slider(key=key).set_value(value).run()
    design = Network(expected.network().layers)
    assert shown(app) == design
    assert_shows(app, design)
    app.button(key="network_preset_Basic_CNN").click().run()
    assert_shows(app, BASIC)
    app.button(key="network_undo").click().run()
    assert_shows(app, design)
    app.button(key="network_undo").click().run()
    assert_shows(app, BASIC)
    assert app.button(key="network_undo").disabled


def test_blocks_are_told_from_other_networks():
    for blocks in (Blocks(), TINY, Blocks((1,), 3, 1, "tanh", 1, 0.0)):
        assert Blocks.of(blocks.network(3)) == blocks
    small = Blocks((8, 16), 1, dense_units=64)
    assert [Blocks.of(network) for network in PRESETS.values()] == [None, Blocks(), small, None]
    changed = BASIC.replaced("dense", Dense(512, "linear", use_bias=False))
    assert Blocks.of(changed) is None


def test_layers_are_moved_duplicated_removed_and_added():
    app = opened("network", net="Conv2D 2 3 - Flatten - Dense 10 softmax", layer="conv2d")
    app.button(key="network_duplicate").click().run()
    assert shown(app) == notation.parse("Conv2D 2 3 - Conv2D 2 3 - Flatten - Dense 10 softmax")
    assert app.selectbox(key="layer").value == "conv2d_1"
    app.selectbox(key="network_add").set_value("AveragePooling2D").run()
    app.button(key="network_add_button").click().run()
    assert shown(app).layers[2] == ("average_pooling2d", Pooling("average"))
    app.button(key="network_up").click().run()
    assert [type(layer) for _, layer in shown(app)] == [Conv2D, Pooling, Conv2D, Flatten, Dense]
    assert app.selectbox(key="layer").value == "average_pooling2d"
    app.button(key="network_down").click().run()
    app.button(key="network_remove").click().run()
    assert shown(app) == notation.parse("Conv2D 2 3 - Conv2D 2 3 - Flatten - Dense 10 softmax")
    assert not app.exception and not app.error


def test_a_layer_is_set_where_it_stands():
    app = opened("network", net="LeNet-5", layer="c3")
    app.slider(key="conv_filters").set_value(5).run()
    expected = PRESETS["LeNet-5"]["c3"]
    assert shown(app)["c3"].filters == 5
    assert shown(app) == Network(
        tuple((name, shown(app)["c3"] if name == "c3" else layer) for name, layer in PRESETS["LeNet-5"])
    )
    assert shown(app)["c3"].kernel_size == expected.kernel_size
    # the same layer at work
    switched(app, "conv2d")
    assert app.slider(key="conv_filters").value == 5
    assert app.segmented_control(key="conv_layer").value == "c3"


def test_the_text_is_the_network():
    app = opened("network")
    assert network_text(app).value == "\n".join(notation.lines(BASIC))
    network_text(app).set_value("Flatten\nDense 20 relu > Dense 10 softmax").run()
    assert shown(app) == notation.parse("Flatten - Dense 20 relu - Dense 10 softmax")
    assert_shows(app, shown(app))
    network_text(app).set_value("Flatten\nDens 10").run()
    assert [error.value for error in app.error] == ["A layer is one of " + app.error[0].value.partition("one of ")[2]]
    assert "“Dens”" in app.error[0].value
    assert network_text(app).value == "Flatten\nDens 10"  # nothing typed is lost
    assert shown(app) == notation.parse("Flatten - Dense 20 relu - Dense 10 softmax")
    network_text(app).set_value("LeNet-5").run()
    assert_shows(app, PRESETS["LeNet-5"])
    assert not app.error


def test_a_press_sent_before_the_browser_knew_of_the_last_one_undoes_nothing():
    """The message holds what the boxes showed before the first press made the network another one."""
    app = opened("dense")
    before = app._tree.get_widget_states()
    app.slider(key="dense_units").set_value(33).run()
    assert shown(app)["dense"].units == 33
    slider = app.slider(key="dense_units").id
    for each in before.widgets:
        if each.id == slider:
            each.double_array_value.data[:] = [34]
    app._run(before)
    assert not app.exception and shown(app)["dense"].units == 34
    assert network_box(app).value == "own"


def test_a_change_sent_before_the_browser_knew_the_new_text_undoes_nothing():
    app = opened("network")
    before = app._tree.get_widget_states()
    app.button(key="network_remove").click().run()
    shorter = shown(app)
    assert len(shorter) == len(BASIC) - 1
    app._run(before)
    assert not app.exception and shown(app) == shorter


def test_ones_own_network_can_be_chosen_again():
    app = opened("dense")
    app.slider(key="dense_units").set_value(33).run()
    own = shown(app)
    for other in (networks.ONE_OF_EACH, networks.SHIPPED):
        network_box(app).set_value(other).run()
        assert network_box(app).value == other
        network_box(app).set_value("own").run()
        assert not app.exception and shown(app) == own


def test_other_networks_have_other_expensive_layers():
    wide = Blocks((128, 128), kernel_size=7, dense_units=1).network()
    app = opened("network", net=notation.as_text(wide))
    assert "Most parameters are in `block1_conv2`: 802,944 of" in words(app)
    assert "128 kernels of 7×7 over 128 channels" in words(app)
    app = opened("network", net=notation.as_text(Blocks((1,), 1, dense_units=1024).network()))
    assert "Most multiply-adds are in `dense`: 200,704 of" in words(app)
    app = opened("network", net="Flatten")
    assert not app.exception
    assert "No layer has weights" in words(app) and "No layer multiplies" in words(app)


def test_an_impossible_network_gets_one_sentence_and_the_controls_stay():
    net = "MaxPool2D 28 - Conv2D 3 5 - Flatten - Dense 10 softmax"
    app = opened("network", net=net)
    assert [error.value for error in app.error] == [notation.parse(net).problem()]
    assert network_text(app) and app.button(key="network_remove")
    assert table(app)["Layer"] == ["max_pooling2d"]
    for page in ("train", "evaluate", "predict", "home", "dense"):
        switched(app, page)
        assert not app.exception
        assert len(app.error) >= 1 or page == "predict"


@pytest.mark.parametrize(
    ("key", "asked"), [("cnn_blocks", "4"), ("cnn_filters_1", "0"), ("cnn_dropout", "0.33"), ("net", "nobody")]
)
def test_what_a_link_cannot_mean_is_said(key, asked):
    app = opened(navigation.HOME, **{key: asked})
    assert any(f"`{key}` expects" in warning.value for warning in app.warning)


# -- a file in, a file out -------------------------------------------------------------------------------


def test_a_model_of_plain_keras_becomes_the_network_of_all_pages(tmp_path, monkeypatch):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(3, 5, activation="relu", name="edges"),
            keras.layers.MaxPooling2D(4),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax", name="ten"),
        ],
        name="mine",
    )
    model.save(tmp_path / "mine.keras")
    app = opened("network")
    app.file_uploader(key="network_file").upload("mine.keras", (tmp_path / "mine.keras").read_bytes()).run()
    assert not app.exception and not app.error
    assert codes(app)[0].endswith('name="mine")\nmodel.summary()')
    switched(app, "conv2d")
    assert not app.exception and not app.error
    image = activations.as_input(mnist.sample("test", 0).image)
    maps = keras.Model(model.inputs, model.get_layer("edges").output)(image[np.newaxis])[0]
    assert f"Map 0: min {text.number(float(np.min(maps[..., 0])))}, max {text.number(float(np.max(maps[..., 0])))}" in (
        words(app)
    )
    switched(app, "evaluate")
    assert not app.exception
    # and out again: the files are made in a thread that is no session's
    made = {}
    monkeypatch.setattr(bring.st, "download_button", lambda label, data, *args, **options: made.update({label: data}))
    switched(app, "network")
    assert not app.exception
    with ThreadPoolExecutor(1) as thread:
        (tmp_path / "again.keras").write_bytes(thread.submit(made["Network (.keras)"]).result())
        assert 'name="mine"' in thread.submit(made["Code (.py)"]).result().decode()
    again = keras.models.load_model(tmp_path / "again.keras", compile=False)
    for one, other in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_file_that_is_no_model_gets_one_sentence():
    app = opened("network")
    app.file_uploader(key="network_file").upload("no.keras", b"no zip").run()
    assert not app.exception
    assert len(app.error) == 1 and app.error[0].value.startswith("no.keras: ")
    assert_shows_basic = table(app)["Layer"]
    assert assert_shows_basic == list(BASIC.names)


def test_weights_alone_go_into_the_network_that_is_chosen():
    net = "Conv2D 2 3 - Flatten - Dense 10 softmax"
    network = notation.parse(net)
    weights = [array + 1 for array in network.build().get_weights()]
    app = opened("network", net=net)
    app.file_uploader(key="network_file").upload("w.weights.h5", exporting.as_weights_file(network, weights)).run()
    assert not app.exception and not app.error
    switched(app, "dense")
    assert "Learned weights" in words(app)
    expected = network.build()
    expected.set_weights(weights)
    outputs = saved.predict(expected, mnist.sample("test", 0).image)[0]
    assert f"{text.number(outputs.max())}" in words(app)


# -- layers of a trained network -------------------------------------------------------------------------


@pytest.mark.parametrize("name", BASIC.names)
def test_every_layer_of_the_shipped_network_has_its_page(name):
    app = look(name, index="4", drop_training="false")
    assert not app.exception and not app.error
    stage = STAGES[name]
    said = words(app)
    assert f"`{text.shape(stage.input_shape)}` → **`{text.shape(stage.output_shape)}`**" in said
    assert f'model.get_layer("{name}")' in codes(app)[0]
    assert ("Learned weights" in [element.value for element in app.header]) == bool(stage.parameters)


@pytest.mark.parametrize("name", ["block1_conv2", "block2_pool", "dense", "dense_activation", "block1_dropout"])
def test_the_script_of_a_trained_layer_gives_the_numbers_of_the_page(name):
    app = look(name, index="4")
    namespace = {}
    exec(codes(app)[0], namespace)
    outputs = np.asarray(namespace["y"])[0]
    table = next(element.value for element in app.markdown if element.value.startswith("| measure | input"))
    assert table.splitlines()[4].endswith(f"| {text.number(float(outputs.max()))} |")


def test_a_unit_is_taken_apart_into_the_sum_that_keras_gives():
    app = look("dense", dense_unit="17")
    result = Tracer(saved.load_pretrained(), BASIC).trace(mnist.sample("test", 0).image)["dense"]
    step = steps.dense(result.inputs, *result.weights, 17)
    assert step.total == pytest.approx(result.outputs[17], abs=1e-4)
    assert f"= `{step.total:.5g}`, Keras gives **`{result.outputs[17]:.5g}`**" in words(app)
    app.number_input(key="dense_unit").set_value(18).run()
    assert f"Keras gives **`{result.outputs[18]:.5g}`**" in words(app)
    # a unit that another layer does not have
    app = look("output", dense_unit="900")
    assert app.number_input(key="dense_unit").value == 9


def test_the_page_of_another_kind_goes_on_behind_the_layer_that_was_looked_at():
    app = look("block2_conv1")
    assert app.segmented_control(key="conv_layer").value == "block2_conv1"
    switched(app, "pooling")
    assert app.segmented_control(key="pool_layer").value == "block2_pool"
    app.segmented_control(key="pool_layer").set_value("block1_pool").run()
    assert app.query_params["layer"] == "block1_pool"
    assert "`28 × 28 × 32` → **`14 × 14 × 32`**" in words(app)
    switched(app, "flatten")
    assert "`7 × 7 × 64` → **`3136`**" in words(app)


def test_turning_a_knob_of_a_trained_network_makes_a_design_and_goes_back():
    app = look("block1_conv2")
    assert "A change makes this a design of your own with fresh weights" in words(app)
    app.slider(key="conv_filters").set_value(5).run()
    assert not app.exception and not app.error
    expected = BASIC.replaced("block1_conv2", Conv2D(5, seed=1))
    assert shown(app) == expected
    assert "a design of your own now, with fresh weights" in words(app)
    image = activations.as_input(mnist.sample("test", 0).image)
    fresh = activations.run(expected.upto("block1_conv2"), image)[-1].outputs[..., 0]
    assert f"Map 0: min {text.number(fresh.min())}, max {text.number(fresh.max())}" in words(app)
    app.button(key="design_back").click().run()
    assert app.query_params["net"] == networks.SHIPPED
    assert app.slider(key="conv_filters").value == 32
    assert "Learned weights" in words(app)
    # a design that was made from nothing later is not said to come from it
    app.slider(key="conv_filters").set_value(5).run()
    network_box(app).set_value(networks.ONE_OF_EACH).run()
    app.slider(key="conv_filters").set_value(5).run()
    assert not app.exception and networks.SHIPPED not in app.query_params["net"]
    assert "a design of your own now, with fresh weights" not in words(app)


def test_dropout_of_a_trained_network_is_watched_without_making_a_design():
    app = look("block1_dropout")
    said = words(app)
    app.toggle(key="drop_training").set_value(False).run()
    assert "Nothing is dropped and nothing is scaled" in words(app) and "Nothing is dropped" not in said
    assert app.query_params["net"] == networks.SHIPPED


def test_a_run_is_chosen_with_its_epoch_and_has_its_own_layers():
    run = trained()
    app = look("block2_conv2")
    network_box(app).set_value(run.id).run()
    assert not app.exception and not app.error
    convolutions = [name for name, layer in TINY.network() if isinstance(layer, Conv2D)]
    assert app.segmented_control(key="conv_layer").options == convolutions
    for epoch in (0, 1, networks.NEWEST):
        epoch_slider(app).set_value(epoch).run()
        seed = 2 if epoch == networks.NEWEST else epoch
        kernel = TINY.network(seed).build().get_layer(app.segmented_control(key="conv_layer").value).get_weights()[0]
        assert f"weights from {text.number(kernel.min())} to {text.number(kernel.max())}" in words(app)
    assert f'folders.find("{run.id}").model()' in codes(app)[0]
    run.model().save(run.final)
    app.run()
    assert f'load_model("runs/{run.id}/final.keras"' in codes(app)[0]


def test_a_run_with_one_epoch_has_no_slider():
    run = trained(epochs=1)
    app = look(net=run.id)
    assert not app.exception and not app.error
    assert not app.select_slider


def test_a_late_message_about_the_epoch_undoes_nothing():
    """The browser still holds the box that stood there before the epoch was changed elsewhere."""
    run = trained()
    app = look(net=run.id)
    old = epoch_slider(app)
    app.session_state["net_epoch"] = 1  # as Home's own slider does
    app.run()
    assert epoch_slider(app).value == 1 and epoch_slider(app).key != old.key
    old.set_value(2)
    app.run()
    assert not app.exception
    assert epoch_slider(app).value == 1 and app.session_state["net_epoch"] == 1


def test_an_epoch_that_another_run_does_not_have_becomes_the_newest():
    first, second = trained(epochs=3), trained(epochs=2, name="other")
    app = look(net=first.id, net_epoch="2")
    assert epoch_slider(app).value == 2
    network_box(app).set_value(second.id).run()
    assert not app.exception
    assert epoch_slider(app).value == networks.NEWEST


@pytest.mark.parametrize("page", ["conv2d", "evaluate"])
def test_a_run_that_was_deleted_gives_way_to_the_network_of_the_page(page):
    run = trained()
    app = opened(page, net=run.id)
    shutil.rmtree(run.folder)
    app.run()
    assert not app.exception and not app.error
    assert network_box(app).value == (networks.SHIPPED if page == "evaluate" else networks.ONE_OF_EACH)


def test_networks_that_cannot_be_shown_get_one_sentence():
    diverged = trained(name="nan", change=lambda weights: [np.full_like(array, np.nan) for array in weights])
    app = look(net=diverged.id)
    assert [error.value for error in app.error] == [
        "Every layer should give numbers, and block1_conv1 gives NaN or infinity: it diverged."
    ]
    short = trained(name="short", change=lambda weights: weights[:3])
    app = look(net=short.id)
    assert len(app.error) == 1 and "should fit its layers" in app.error[0].value
    damaged = trained(name="damaged", epochs=1)
    (damaged.folder / "weights" / "0000.npz").write_bytes(b"no arrays")
    app = look(net=damaged.id)
    assert len(app.error) == 1 and "weights/0000.npz" in app.error[0].value
    assert not app.exception


def test_a_missing_shipped_network_gets_one_sentence(broken_file):
    app = look()
    assert len(app.error) == 1 and "there is no such file" in app.error[0].value
    assert network_box(app).value == networks.SHIPPED
    for page in ("pooling", "home"):
        switched(app, page)
        assert not app.exception
        assert len(app.error) == 1 and "there is no such file" in app.error[0].value


def test_before_tensorflow_has_loaded_shapes_are_there_and_numbers_are_not(monkeypatch):
    monkeypatch.setattr(warmup, "ready", lambda: False)
    monkeypatch.setattr(warmup, "wait_for_tensorflow", lambda: None)
    monkeypatch.setattr(models, "model", lambda wanted: pytest.fail("this would import TensorFlow"))
    app = look()
    assert not app.exception and not app.error and not codes(app)
    assert any("block1\\_conv2** 28×28×32" in caption.value for caption in app.caption)
    switched(app, "network")
    assert_shows(app, BASIC)


# -- kinds that a network does not have ------------------------------------------------------------------


def test_a_kind_that_the_network_lacks_is_shown_with_one_put_in():
    app = opened("dropout", net="LeNet-5")
    assert "LeNet-5, random weights has no Dropout: here is one behind `c1`" in words(app)
    assert not app.exception and not app.error and codes(app)
    assert "net" in app.query_params and app.query_params["net"] == "LeNet-5"
    app.slider(key="drop_rate").set_value(0.25).run()
    names = list(PRESETS["LeNet-5"].names)
    assert shown(app).names == ("c1", "dropout", *names[1:])
    assert shown(app)["dropout"] == Dropout(0.25, training=False)
    app = opened("flatten", net="Dense 4 - Dense 10")
    assert not app.exception and "`28 × 28 × 10` → **`7840`**" in words(app)


def test_softmax_on_the_activation_page_gives_the_answer():
    app = look("probabilities", index="8")
    outputs = saved.predict(saved.load_pretrained(), mnist.sample("test", 8).image)[0]
    assert f"all add up to `{outputs.sum(dtype=np.float64):.6g}`" in words(app)
    assert "Softmax has no curve" in words(app)
    assert isinstance(BASIC["probabilities"], Activation)


def test_one_of_each_is_the_network_of_the_layer_pages():
    names = one_of_each().names
    pages = [page for page in navigation.SECTIONS["Layers"] if page in names]
    assert len(pages) >= 6
    for page in pages:
        app = opened(page)
        assert network_box(app).value == networks.ONE_OF_EACH
        assert codes(app)[0].count("layer = ") == names.index(page) + 1


def test_what_becomes_of_an_input_of_float64_is_shown_with_the_code():
    app = opened("network")
    shown_code = codes(app)
    assert shown_code[0] == BASIC.as_code()
    assert shown_code[1:] == [input_dtype.SCRIPT, input_dtype.PRINTS]


def test_the_text_is_there_again_after_another_page():
    app = opened("network", net="LeNet-5")
    before = network_text(app).value
    assert before
    app = switched(switched(app, "conv2d"), "network")
    assert network_text(app).value == before
