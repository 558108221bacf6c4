"""The Predict page without a browser: every source, what it says of bad input, and the explanations."""

import io
import itertools
import json

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from core.data import mnist
from core.drawing.preparation import prepare, to_mnist
from core.network import saved
from core.network.presets import Blocks, one_of_each
from core.runs import folders
from core.scripts import layers as layers_script
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui.conftest import opened
from ui.components.drawing_pad import Drawing, strokes
from ui.predict.settings import METHODS
from ui.shared import digit, navigation
from viz import overlays

ONE = [[strokes.PEN, 18, 140, 60, 140, 220]]
SEVEN = [[strokes.PEN, 18, 70, 70, 200, 70, 150, 170, 130, 230]]


def drawn(acts, **query):
    """The page with this on the pad."""
    app = opened("predict", **query)
    app.session_state["_drawing"] = Drawing(acts, number=1)
    return app.run()


def given(picture, **query):
    """The page with this picture uploaded: bytes, or an array that becomes a PNG file."""
    if isinstance(picture, np.ndarray):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        picture = file.getvalue()
    app = opened("predict", pred_source="upload", **query)
    app.session_state["_pred_file_upload"] = picture
    return app.run()


def message(app):
    """The header of the frame that the pad has received."""
    (pad,) = app.get("bidi_component")
    data = pad.proto.bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def shown(app):
    return " ".join(element.value for kind in ("markdown", "caption", "error") for element in getattr(app, kind))


def test_the_page_opens_with_an_empty_pad():
    app = opened("predict")
    assert not app.exception and not app.error
    assert [title.value for title in app.title] == ["Predict"]
    assert message(app)["sentence"].startswith("Draw a digit") and message(app)["readings"] == []
    assert not app.subheader  # nothing to explain yet


def test_the_probabilities_are_those_of_the_network():
    header = message(drawn(SEVEN))
    (reading,) = header["readings"]
    pixels = np.rint(to_mnist(strokes.picture(SEVEN), "light") * 255).astype(np.uint8)
    wanted = saved.predict(saved.load_pretrained(), pixels)[0]
    np.testing.assert_allclose(reading["probabilities"], wanted, atol=1e-6)
    assert reading["headline"].startswith("7, ")
    assert "Entropy" in reading["words"] and reading["truth"] is None
    assert [step["title"] for step in header["steps"]] == [
        "1. Cut to the ink",
        "2. Scaled to 20 × 20",
        "What the network sees",
    ]


@pytest.mark.parametrize("source", ["draw", "sample"])
def test_the_code_gives_the_probabilities_on_the_page(source):
    app = drawn(SEVEN, pred_source=source)
    (reading,) = message(app)["readings"]
    space = {}
    exec(app.code[-1].value, space)
    np.testing.assert_allclose(space["probabilities"], reading["probabilities"], atol=1e-6)


def test_two_networks_read_side_by_side():
    header = message(drawn(SEVEN, pred_second="shipped"))
    assert [reading["name"] for reading in header["readings"]] == ["Shipped network"] * 2


def trained(name, change=lambda array: array):
    """A run of another network, with the weights of an epoch."""
    spec = Blocks((4, 6, 3), 1, 5, "leaky_relu", 7, 0.1)
    run = folders.create(TrainingSpec(network=spec), name)
    weights = [change(array) for array in spec.build(seed=1).get_weights()]
    files.write_arrays(run.folder / "weights" / "0001.npz", weights)
    return run


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize("method", METHODS)
def test_a_run_reads_and_is_explained(method):
    run = trained("tiny")
    app = drawn(SEVEN, net=run.id, pred_second="shipped", pred_why=method)
    assert not app.exception and not app.error
    assert [reading["name"] for reading in message(app)["readings"]] == ["tiny", "Shipped network"]
    assert len(app.subheader) == 2


@pytest.mark.usefixtures("own_runs")
def test_a_network_of_nan_is_one_sentence():
    run = trained("broken", lambda array: array * np.nan)
    app = drawn(SEVEN, net=run.id)
    assert not app.exception and message(app)["readings"] == []
    assert "diverged" in message(app)["sentence"]


def test_the_camera_waits_for_a_picture():
    app = opened("predict", pred_source="camera")
    assert not app.exception and message(app)["sentence"].startswith("Take a picture")


def test_an_overlay_shows_the_digit_where_nothing_is_hot():
    image, heat = np.zeros((28, 28)), np.zeros((28, 28))
    image[3], heat[9], heat[20] = 1, 2, -2
    picture = np.asarray(overlays.over(image, heat, 2.0, scale=1)).astype(int)
    assert (picture[0] == 0).all() and (picture[3] == picture[3, 0, 0]).all() and picture[3, 0, 0] > 150
    assert (picture[9, :, 0] > picture[9, :, 2]).all() and (picture[20, :, 2] > picture[20, :, 0]).all()
    assert overlays.legend(signed=True).size == overlays.legend(signed=False).size == (336, 14)
    framed = np.asarray(overlays.patch(image, 5, 6, 7, scale=4))
    assert framed.shape == (112, 112, 3) and framed[20, 24, 0] > 150 and framed[16, 24, 0] == 0


def test_a_second_network_that_is_gone_is_none():
    header = message(drawn(SEVEN, pred_second="20200101-000000-gone"))
    assert len(header["readings"]) == 1


def test_the_mnist_digit_has_its_label():
    header = message(opened("predict", pred_source="sample", index="8"))
    (reading,) = header["readings"]
    assert reading["truth"] == mnist.sample("test", 8).label
    assert reading["headline"].endswith(("right", f"it is a {reading['truth']}"))


def test_an_uploaded_photo_dark_on_light():
    app = given(255 - strokes.picture(SEVEN) // 2)
    header = message(app)
    assert not app.exception and header["readings"][0]["headline"].startswith("7, ")
    assert len(header["steps"]) == 4 and not header["pad"]


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([[strokes.PEN, 18, 140, 60, 140, 220], [strokes.CLEAR]], "blank"),
        ([[strokes.PEN, 18, 140, 140]], "single spot"),
        ([[strokes.PEN, 40, *(value for y in range(0, 281, 15) for value in (0, y, 280, y))]], "covered with ink"),
        ([[strokes.PEN, 10, *(value for y in range(20, 260, 40) for value in (0, y, 280, y + 20))]], "more line"),
        ([[strokes.ERASER, 18, 140, 60, 140, 220]], "blank"),
    ],
)
def test_what_is_no_digit_is_one_sentence(acts, words):
    app = drawn(acts)
    header = message(app)
    assert not app.exception and header["readings"] == [] and not app.subheader
    assert header["sentence"].count(".") == 1 and len(header["sentence"]) > 20
    assert words in header["sentence"]


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40), bytes(6 * 2**20)])
def test_a_file_that_is_no_picture_is_one_sentence(data):
    app = given(data)
    assert not app.exception and message(app)["readings"] == []
    assert message(app)["sentence"].endswith(".")


@pytest.mark.parametrize("method", METHODS)
def test_every_explanation(method):
    app = drawn(SEVEN, pred_why=method, pred_class="best" if method != "cam" else "3")
    assert not app.exception and not app.error
    assert [part.value for part in app.subheader] == ["Why?", "The same in Keras"]
    words = {"cam": "speak for a 3", "saliency": "tiniest change", "occlusion": "needs", "layers": "block2_conv2"}
    assert words[method] in shown(app)


def test_the_patch_shows_its_own_probability():
    app = drawn(SEVEN, pred_why="occlusion", pred_top="0", pred_left="0", pred_patch="2")
    assert "uncovered" in shown(app)
    app.slider(key="pred_top").set_value(12).run()
    assert not app.exception


def test_the_patch_stays_on_the_digit():
    app = drawn(SEVEN, pred_why="occlusion", pred_top="26", pred_patch="14")
    top = app.slider(key="pred_top")
    assert not app.exception and (top.value, top.max) == (14, 14)


FOLLOW = ("home", "conv2d", "activation", "pooling", "flatten", "dense", "dropout", "network", "train")


def test_a_drawing_becomes_the_digit_of_the_pages_that_follow_one_and_goes_again():
    app = drawn(SEVEN)
    app.button(key="pred_use").click().run()
    kept = app.session_state["_digit_drawn"].sample
    np.testing.assert_array_equal(kept.image, np.rint(to_mnist(strokes.picture(SEVEN), "light") * 255))
    pages = itertools.chain(*navigation.SECTIONS.values())
    for page in pages:
        app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception and not app.error, page
        assert ("Your drawing" in shown(app)) == (page in FOLLOW), page
    app.switch_page("../pages/conv2d.py").run()
    app.button(key="digit_mnist").click().run()
    assert "Your drawing" not in shown(app) and "A **7**" in shown(app)


def test_look_inside_takes_the_network_and_the_drawing_along():
    app = drawn(SEVEN, pred_why="layers")
    (read,) = message(app)["readings"]
    next(button for button in app.button if button.label.startswith("Look inside")).click().run()
    assert not app.exception and [title.value for title in app.title] == ["Network"]
    assert "Your drawing" in shown(app)
    assert f"It reads a **7** with probability `{read['probabilities'][7]:.6f}`." in shown(app)
    space = {}
    exec(app.code[-1].value, space)
    np.testing.assert_array_equal(space["image"], app.session_state["_digit_drawn"].sample.image)


@pytest.mark.usefixtures("own_runs")
def test_a_training_is_watched_on_the_drawing():
    run = trained("tiny")
    app = drawn(SEVEN)
    app.button(key="pred_use").click().run()
    app.session_state["train_part"], app.session_state["train_run"] = "watch", run.id
    app.switch_page("../pages/train.py").run()
    assert not app.exception
    assert "What it has learned, seen on this drawing" in [part.value for part in app.subheader]


@pytest.mark.usefixtures("own_runs")
def test_either_of_two_networks_is_explained():
    run = trained("tiny")
    for which in ("first", "second"):
        app = drawn(SEVEN, pred_second=run.id, pred_why="layers", pred_explained=which)
        assert not app.exception
        names = Blocks() if which == "first" else run.spec.network
        assert [f"**{layer.name}**" in shown(app) for layer in names.layers()] == [True] * len(names.layers())
        assert ("block2_conv2" in shown(app)) == (which == "first")
    app = drawn(SEVEN, pred_second="shipped")
    assert app.button_group(key="pred_explained").options[0] == "Shipped network, first"


def test_picking_an_mnist_digit_ends_the_drawing():
    app = drawn(SEVEN)
    app.button(key="pred_use").click().run()
    app.button(key="digit_next").click().run()
    app.switch_page("../pages/conv2d.py").run()
    assert "Your drawing" not in shown(app)


def test_the_code_holds_the_drawing(monkeypatch):
    session = {}
    monkeypatch.setattr(st, "session_state", session)
    picture = prepare(strokes.picture(SEVEN), "light").result
    digit.use_drawing(picture)
    index = session["_digit_drawn"].sample.index
    code = digit.in_code(layers_script.as_code(one_of_each(), "conv2d", digit.DRAWN, index))
    assert "mnist" not in code
    space = {}
    exec(code, space)
    np.testing.assert_array_equal(space["image"], np.rint(picture * 255))
    assert space["y"].shape == (1, 28, 28, 8)
    plain = layers_script.as_code(one_of_each(), "conv2d", "test", 3)
    assert digit.in_code(plain) == plain


@pytest.mark.parametrize(
    "acts",
    [
        *(None, "x", [[]], [["a"]], [[9, 1, 2, 3]], [[1, 18, 4]], [[1, 18, 4, 5, 6]], [[1, 0, 4, 5]], [[2, 5]]),
        *([[1, 18, 1e9, 5]], [[1, 18, float("nan"), 5]], [[True, 18, 4, 5]], [[1, 18, *range(100)]] * 700),
    ],
)
def test_what_a_browser_may_send_is_checked(acts):
    with pytest.raises(ValueError, match="must be a"):
        strokes.checked(acts)


def test_strokes_erase_and_clear():
    full = strokes.picture(SEVEN)
    assert full.shape == (280, 280) and full.max() == 255 and full[70, 130] == 255
    assert strokes.picture([*SEVEN, [strokes.ERASER, 40, 130, 70]])[70, 130] == 0
    np.testing.assert_array_equal(strokes.picture([*ONE, [strokes.CLEAR], *SEVEN]), full)
    assert strokes.checked([*SEVEN, [strokes.CLEAR]]) == [*SEVEN, [strokes.CLEAR]]
