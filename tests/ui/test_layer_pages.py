"""Every layer page from the frame, without a browser: it runs, its numbers are core's, bad input gets a sentence."""

import importlib
import inspect
import itertools
import json
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.data import mnist
from core.layers import kernels
from core.layers.kinds import Activation, Conv2D, Pooling
from core.lessons.mistakes import LAYER_SLIPS
from core.network import activations, notation, presets
from core.scripts import layers as layers_script
from core.scripts.parts import mnist_image
from core.tensors import statistics
from tests.ui import conftest
from tests.ui.conftest import codes, network_box, switched
from ui.shared import first_answer, navigation, state, text

FRAME = Path(__file__).parents[2] / "ui" / "frame.py"
importlib.import_module("ui.layers.faces")  # declares what the links can say
PRESETS = tuple(kernels.PRESETS[name] for name in ("identity", "blur", "emboss"))
_IN_A_FRAGMENT = "wrapped_fragment"  # a function of Streamlit's, around each fragment
LAYERS = ("conv2d", "activation", "pooling", "flatten", "dense", "dropout")


def opened(page: str, **query: str):
    app = conftest.opened(page, **query)
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in itertools.chain(app.markdown, app.caption))


@pytest.mark.parametrize("page", navigation.keys())
def test_a_page_runs_with_its_defaults_and_a_heading(page):
    app = opened(page)
    assert app.title[0].value == navigation.title(page)
    assert not app.error
    assert not app.warning


@pytest.mark.parametrize("page", LAYERS)
def test_a_layer_page_shows_shape_weights_and_code(page):
    app = opened(page)
    walk = presets.one_of_each()
    stop = next(stop for stop in walk.trace() if stop.name == page)
    assert f"`{text.shape(stop.input_shape)}` → **`{text.shape(stop.output_shape)}`**" in words(app)
    assert codes(app)[0] == layers_script.as_code(walk, page, mnist_image("test", 0))


@pytest.mark.parametrize("page", navigation.SECTIONS["Layers"])
def test_a_picture_is_complete_outside_of_the_fragments_within_it(page, monkeypatch):
    """Else a press while the page answers the one before is an error of Streamlit's, and the controls are gone."""
    depths = []
    monkeypatch.setattr(
        first_answer,
        "now",
        lambda *size: depths.append([frame.function for frame in inspect.stack()].count(_IN_A_FRAGMENT)),
    )
    opened(page)
    assert set(depths) == {1}


def test_the_numbers_of_the_table_are_those_of_keras():
    app = opened("conv2d", conv_filters="3", conv_bias="-0.2", index="11")
    spec = Conv2D(filters=3, bias=-0.2)
    result = activations.run_layer(spec, activations.as_input(mnist.sample("test", 11).image))
    after = statistics.summary(result.outputs)
    table = next(element.value for element in app.markdown if element.value.startswith("| measure | input"))
    assert f"| {text.number(after.minimum)} |" in table
    assert f"| {text.number(after.mean)} |" in table
    assert f"| {after.negatives:.1%} |" in table


def test_a_change_on_conv2d_reaches_pooling_and_the_address():
    app = opened("conv2d")
    app.slider(key="conv_strides_h").set_value(2).run()
    switched(app, "pooling")
    assert "`14 × 28 × 8` → **`7 × 14 × 8`**" in words(app)
    changed = presets.one_of_each().replaced("conv2d", Conv2D(strides=(2, 1)))
    assert app.query_params["net"] == notation.as_text(changed)


@pytest.mark.parametrize(
    ("query", "expected", "came"),
    [
        ({"conv_padding": "valid", "conv_kernel_h": "11", "conv_dilation_h": "5"}, "fit inside", "51 × 3"),
        ({"conv_strides_h": "2", "conv_dilation_w": "3"}, "one of them to be 1 × 1", "2 × 1"),
        ({"conv_source": "typed", "conv_typed": "1,2,3;4,x,6;7,8,9"}, "must be a number", "“x”"),
        ({"conv_source": "typed", "conv_typed": "1e999,0,0;0,0,0;0,0,0"}, "must be a number", "“1e999”"),
    ],
)
def test_an_impossible_layer_gets_one_sentence_and_the_controls_stay(query, expected, came):
    app = opened("conv2d", **query)
    assert len(app.error) == 1
    assert expected in app.error[0].value
    assert came in app.error[0].value
    assert app.slider(key="conv_strides_h") is not None
    # a later page says which layer is to blame
    switched(app, "dense")
    assert not app.exception
    assert app.error[0].value.startswith("The digit does not get this far, Conv2D stops it.")
    assert app.slider(key="dense_units") is not None


def test_an_impossible_pool_names_both_sizes():
    app = opened("pooling", conv_strides_h="8", conv_strides_w="8", pool_size_h="8")
    assert "8 × 2" in app.error[0].value
    assert "4 × 4" in app.error[0].value
    assert Pooling(pool_size=(8, 2)).problem((4, 4, 8)) == app.error[0].value


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("conv_filters", "0"),
        ("conv_filters", "65"),
        ("conv_filters", "8.5"),
        ("conv_bias", "0.033"),
        ("conv_bias", "nan"),
        ("conv_padding", "SAME"),
        ("conv_presets", "sobel z"),
        ("conv_use_bias", "yes"),
        ("drop_rate", "1"),
        ("digit", "11"),
        ("index", "-1"),
        ("index", "9" * 30),
    ],
)
def test_what_a_link_cannot_mean_falls_back_and_is_said(key, asked):
    app = opened(navigation.HOME, **{key: asked})
    assert state.PARAMS[key].default == conftest.held(app, key)
    assert any(f"`{key}` expects" in warning.value for warning in app.warning)


def test_an_index_beyond_the_test_images_shows_the_last_one():
    app = opened("conv2d", index="59999")
    assert app.sidebar.number_input[0].value == 9_999


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(st.sampled_from(sorted(state.PARAMS)), st.text(max_size=30), max_size=6), st.sampled_from(LAYERS)
)
def test_no_link_reaches_a_traceback(query, page):
    opened(page, **query)


@pytest.mark.parametrize("page", LAYERS)
@pytest.mark.parametrize(
    "query",
    [
        {
            "conv_filters": "64",
            "conv_kernel_h": "11",
            "conv_kernel_w": "1",
            "pool_strides_h": "1",
            "dense_units": "128",
        },
        {
            "conv_filters": "1",
            "conv_strides_h": "8",
            "conv_strides_w": "8",
            "pool_size_h": "4",
            "pool_size_w": "4",
            "dense_units": "1",
        },
        {
            "conv_source": "preset",
            "pool_kind": "average",
            "pool_padding": "same",
            "act_name": "tanh",
            "drop_training": "false",
        },
        {
            "conv_source": "typed",
            "conv_kernel_h": "5",
            "conv_use_bias": "false",
            "act_name": "elu",
            "drop_rate": "0.95",
        },
    ],
)
def test_extreme_but_possible_settings_show_everything(page, query):
    app = opened(page, **query)
    assert not app.error
    assert codes(app)


def test_the_digit_buttons_stay_within_the_filter():
    app = opened("conv2d", digit="3")
    labels = mnist.load()["test"].labels
    app.button(key="digit_next").click().run()
    first = app.session_state["index"]
    assert labels[first] == 3
    app.button(key="digit_next").click().run()
    second = app.session_state["index"]
    assert second > first
    assert labels[second] == 3
    app.button(key="digit_previous").click().run()
    assert app.session_state["index"] == first
    app.button(key="digit_random").click().run()
    assert labels[app.session_state["index"]] == 3
    app.sidebar.selectbox[0].set_value("8").run()
    assert labels[app.session_state["index"]] == 8


def test_the_buttons_go_around_the_end():
    app = opened("conv2d", index="9999")
    app.button(key="digit_next").click().run()
    assert app.session_state["index"] == 0
    app.button(key="digit_previous").click().run()
    assert app.session_state["index"] == 9_999


def test_maps_count_from_0_as_the_code_does():
    query = {"conv_source": "preset", "conv_presets": "identity,blur,emboss", "conv_bias": "-1", "conv_map": "2"}
    walk = presets.one_of_each(Conv2D(3, kernel=tuple(map(kernels.as_text, PRESETS)), bias=-1.0))
    first, second, third = activations.run(walk.upto("pooling"), activations.as_input(mnist.sample("test", 0).image))
    assert f"Map 2: min {text.number(first.outputs[..., 2].min())}" in words(opened("conv2d", **query))
    dead = second.dead_maps.nonzero()[0].tolist()
    assert 0 < len(dead) < 3
    assert f"{len(dead)} of 3 maps died**: map {', '.join(map(str, dead))}." in words(opened("activation", **query))
    at = opened("pooling", **query, pool_map="1")
    assert "**Maximum**, map 1" in words(at)
    assert f"Map 1: min {text.number(third.outputs[..., 1].min())}" in words(at)


NEGATIVE = {"conv_bias": "-1", "act_name": "linear", "pool_padding": "same", "pool_size_h": "3", "pool_size_w": "3"}


@pytest.mark.parametrize("kind", ["max", "average"])
def test_same_padding_of_a_pooling_never_counts(kind):
    """Where the digit has no ink the convolution gives its bias; a zero beyond the border would be larger."""
    at = opened("pooling", **NEGATIVE, pool_kind=kind)
    assert "Same padding lets windows reach beyond the picture, by 0 above, 1 below, 0 left and 1 right." in words(at)
    assert "only the values inside count" in words(at)
    assert "adds rows" not in words(at)
    walk = presets.one_of_each(Conv2D(bias=-1.0), Activation("linear"), Pooling(kind, (3, 3), (2, 2), padding="same"))
    outputs = activations.run(walk.upto("pooling"), activations.as_input(mnist.sample("test", 0).image))[-1].outputs
    assert (outputs[-1, -1] == -1).all()
    first = outputs[..., 0]
    assert f"Map 0: min {text.number(first.min())}, max {text.number(first.max())}" in words(at)
    # the mean reaches further below zero than the maximum: both pictures have the colours for it
    mean = activations.run(
        (*walk.upto("activation"), Pooling("average", (3, 3), (2, 2), "same")),
        activations.as_input(mnist.sample("test", 0).image),
    )[-1].outputs[..., 0]
    limit = np.abs(mean).max()
    assert f"{text.colours(-limit, limit)}, in both pictures." in words(at)
    assert f"mean {text.number(first.mean())}  \nmax {text.number(first.max())}" in words(at)


def test_same_padding_without_a_window_beyond_the_border_says_so():
    at = opened("pooling", pool_padding="same")
    assert "Same padding changes nothing here" in words(at)


def test_same_padding_of_a_convolution_adds_zeros():
    assert "Same padding adds rows of zeros, 1 above and 1 below, and columns, 1 left and 1 right." in words(
        opened("conv2d")
    )


def test_the_extent_is_named_as_the_formula_has_it():
    assert "− extent) / stride⌋ + 1. The extent is the size of the kernel." in words(opened("conv2d"))
    assert "The extent is the size of the pool." in words(opened("pooling"))
    dilated = words(opened("conv2d", conv_dilation_h="3", conv_padding="valid"))
    assert "Height `⌊(28 − (3·(3 − 1) + 1)) / 1⌋ + 1 = 22`" in dilated
    assert "The extent is what a kernel spans with its gaps: dilation · (kernel − 1) + 1." in dilated


def test_columns_left_out_of_the_weight_matrix_are_counted_in_ordinals():
    at = opened("dense", conv_filters="12")
    assert "every 3rd input of 2,352" in words(at)


def test_the_unscaled_image_goes_through_the_same_layers():
    sample = mnist.sample("train", 0)
    at = opened("conv2d", split="train", conv_filters="3", conv_pixels="0-255")
    walk = presets.one_of_each(Conv2D(3))
    stored, scaled = (
        activations.run(walk.upto("output"), activations.as_input(sample.image, scaled=scaled))
        for scaled in (False, True)
    )
    assert codes(at)[0] == layers_script.as_code(walk, "conv2d", mnist_image("train", 0), scaled=False)
    said = words(at)
    for result in (stored[0], scaled[0]):
        assert f"`{text.number(result.outputs.min())}` to `{text.number(result.outputs.max())}`" in said
    largest = [f"`{results[-1].outputs.max():.3f}`" for results in (stored, scaled)]
    assert f"the largest is {largest[0]}; for the scaled image it is {largest[1]}." in said
    assert largest[0] != largest[1]
    assert "| max | 255 |" in said
    switched(at, "dense")
    assert f"| {text.number(stored[3].inputs.max())} | {text.number(stored[4].outputs.max())} |" in words(at)
    assert "0 to 255, as chosen on the Conv2D page" in words(at)
    switched(at, "home")
    assert at.query_params["conv_pixels"] == "0-255"


def test_nothing_is_said_of_the_scale_where_the_image_is_scaled():
    said = words(opened("conv2d"))
    assert "255" not in said.replace("of 255", "")


def test_an_unscaled_image_that_gets_stuck_on_its_way_says_what_can_be_said():
    at = opened("conv2d", conv_pixels="0-255", conv_strides_h="8", conv_strides_w="8", pool_size_h="8")
    assert "The image as stored" in words(at) and "learned nothing" not in words(at)


def test_the_histogram_of_the_tutorial_leaves_out_and_says_how_much():
    at = opened("conv2d", conv_pixels="0-255", histogram="-2..2")
    result = activations.run_layer(Conv2D(), activations.as_input(mnist.sample("test", 0).image, scaled=False))
    out = [int((np.abs(values) > 2).sum()) for values in (result.inputs, result.outputs)]
    assert min(out) > 0
    assert f"Beyond −2 … 2 and not drawn: {out[0]:,} input and {out[1]:,} output values." in words(at)
    # the table beside it still speaks of all values
    assert f"| values | {result.inputs.size:,} | {result.outputs.size:,} |" in words(at)
    assert "not drawn" not in words(opened("conv2d", histogram="-2..2"))
    assert "not drawn" not in words(opened("conv2d", conv_pixels="0-255"))


def test_weights_are_named_as_get_weights_returns_them():
    for page, kernel, bias in (("conv2d", (3, 3, 1, 8), (8,)), ("dense", (1568, 32), (32,))):
        said = words(opened(page)).replace("\u00a0", " ")
        assert f"`get_weights()[0]`, the kernel: `{kernel}`" in said
        assert f"`get_weights()[1]`, the bias: `{bias}`" in said
    assert "get_weights()[1]" not in words(opened("conv2d", conv_use_bias="false"))


def test_the_forms_of_an_activation_are_named():
    said = words(opened("activation"))
    assert '`Activation("relu")`' in said and '`Conv2D(…, activation="relu")`' in said
    # by its name alone it would have another slope
    assert "The same by its name" not in words(opened("activation", act_name="leaky_relu"))


def test_the_short_form_is_shown_and_explained():
    at = opened("conv2d", conv_filters="5", conv_kernel_h="4", conv_padding="valid")
    spec = Conv2D(5, (4, 3), padding="valid")
    assert spec.as_positional_code() in codes(at)
    assert "`filters` 5, `kernel_size` (4, 3), `strides` 1, short for (1, 1), `padding`" in words(at)


@pytest.mark.parametrize("seed", ["0", "7"])
def test_the_ten_output_units_do_not_change_with_the_mask(seed):
    at = opened("dense", drop_seed=seed, layer="output")
    outputs = activations.run(
        presets.one_of_each().upto("output"), activations.as_input(mnist.sample("test", 0).image)
    )[-1].outputs
    ten, *_nothing_to_see = at.get("bidi_component")
    data = ten.proto.bytes
    said = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    assert said["texts"] == [text.share(value) for value in outputs]
    assert "an answer must not depend on a random mask" in words(at)


@pytest.mark.parametrize("page", LAYERS)
def test_common_mistakes_are_a_line_until_it_is_opened(page):
    conftest.check_mistakes(opened(page), f"{page}_slips", LAYER_SLIPS[page])


@pytest.mark.parametrize("query", [{}, {"conv_padding": "valid", "conv_kernel_h": "11", "conv_dilation_h": "5"}])
def test_home_reaches_every_page_in_teaching_order(query):
    at = opened(navigation.HOME, **query)
    assert bool(at.error) == bool(query)  # also where the digit gets stuck on its way
    linked = [link.proto.page for link in at.main.get("page_link")]
    assert [navigation.HOME, *linked] == list(navigation.keys())
    carried = [parse_qs(link.proto.query_string) for link in at.main.get("page_link")]
    assert all(("net" in values) == bool(query) for values in carried)


def test_reset_brings_back_this_layer_only():
    app = opened("conv2d", conv_filters="3", pool_kind="average")
    app.button(key="conv_reset").click().run()
    assert app.slider(key="conv_filters").value == 8
    assert "conv_filters" not in app.query_params
    rest = presets.one_of_each().replaced("pooling", Pooling("average"))
    assert app.query_params["net"] == notation.as_text(rest)


def explorers(app) -> list[dict]:
    """The header of the frame that each explorer of the page has received."""
    frames = [component.proto.bytes for component in app.get("bidi_component")]
    headers = [json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")]) for data in frames if data]
    return [header for header in headers if "axes" in header]


def test_an_impossible_layer_keeps_the_last_picture_and_a_button_mends_it():
    app = opened("conv2d", net="Conv2D 4 3 same strides 2 - Flatten - Dense 10 softmax")
    (before,) = explorers(app)
    app.slider(key="conv_dilation_h").set_value(3).run()
    assert len(app.error) == 1 and not app.exception
    (kept,) = explorers(app)
    assert kept["dimmed"] and not before["dimmed"]
    assert kept["axes"] == before["axes"]
    (button,) = (button for button in app.button if button.key == "conv_mend")
    mended = Conv2D(4, strides=(2, 2), dilation_rate=(3, 1)).mended((28, 28, 1))
    assert button.label == f"Use {notation.layer_as_text(mended)}"
    button.click().run()
    assert not app.error and not app.exception
    assert notation.parse(app.query_params["net"])["conv2d"] == mended
    assert not explorers(app)[0]["dimmed"]


def pinned(app) -> list[str]:
    return [part.value for part in app.markdown if part.value.startswith(("**Pinned**", "**Now**"))]


def test_a_pinned_picture_stays_beside_another_setting_and_another_digit():
    app = opened("conv2d", index="3")
    assert not pinned(app)
    app.button(key="pin_turn").click().run()
    assert pinned(app) == ["**Pinned**: `conv2d` of One of each layer", "**Now**: `conv2d` of One of each layer"]
    assert "The largest difference between two values at the same place: 0." in words(app)
    app.slider(key="conv_strides_h").set_value(2).run()
    assert pinned(app)[1] == "**Now**: `conv2d` of Your design"
    was, now = (
        activations.run_layer(spec, activations.as_input(mnist.sample("test", 3).image)).outputs
        for spec in (Conv2D(), Conv2D(strides=(2, 1)))
    )
    for outputs in (was, now):
        assert f"min {text.number(outputs.min())}, max {text.number(outputs.max())}, mean" in words(app)
    link = dict(app.query_params)
    app = opened("conv2d", **link)
    assert not app.exception and not app.warning and len(pinned(app)) == 2
    network_box(app).set_value("shipped").run()
    assert pinned(app)[1] == "**Now**: `block1_conv1` of Basic_CNN, trained"
    app.button(key="pin_turn").click().run()
    assert not pinned(app) and "pin" not in app.query_params


@pytest.mark.parametrize("said", ["x", "net=1", "net=nobody&net_epoch=-1&layer=a&split=test&index=0&drawn=&pixels=0-1"])
def test_a_pin_that_means_nothing_is_a_sentence(said):
    app = opened(navigation.HOME, pin=said)
    assert not app.exception and any("`pin` expects" in warning.value for warning in app.warning)
