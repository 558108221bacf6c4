"""The Predict page without a browser: every source, what it says of bad input, and the explanations."""

import io
import itertools
import json

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from core.data import mnist
from core.drawing import packed
from core.drawing.drawn import prepare_drawing
from core.drawing.preparation import DrawingError, to_mnist
from core.network import saved
from core.network.notation import parse
from core.network.presets import Blocks, one_of_each
from core.runs import folders
from core.scripts import layers as layers_script
from core.scripts.parts import mnist_image
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui.conftest import codes, opened, switched
from ui.components.drawing_pad import Drawing, strokes
from ui.predict.settings import METHODS
from ui.shared import digit, navigation, text
from viz import overlays

ONE = [[strokes.PEN, 18, 140, 60, 140, 220]]
SEVEN = [[strokes.PEN, 18, 70, 70, 200, 70, 150, 170, 130, 230]]


def as_text(acts):
    """What the pen-up of this drawing leaves in the address; nothing where it is no digit."""
    try:
        return packed.pack(np.rint(prepare_drawing(acts).result * 255).astype(np.uint8))
    except DrawingError:
        return ""


def drawn(acts, **query):
    """The page with this on the pad, the pen lifted."""
    app = opened("predict", **query)
    app.session_state["_drawing"] = Drawing(acts, number=1)
    if query.get("pred_source") != "sample":
        app.session_state["drawn"] = as_text(acts)
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
    pad, *_ = app.get("bidi_component")  # the rows of ten numbers below are others
    data = pad.proto.bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def shown(app):
    return " ".join(element.value for kind in ("markdown", "caption", "error") for element in getattr(app, kind))


def test_the_page_opens_with_an_empty_pad():
    app = opened("predict")
    assert not app.exception and not app.error
    assert [title.value for title in app.title] == ["Predict"]
    assert message(app)["sentence"].startswith("Draw a digit") and message(app)["readings"] == []
    assert not app.header  # nothing to explain yet


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
    exec(codes(app)[-1], space)
    np.testing.assert_allclose(space["probabilities"], reading["probabilities"], atol=1e-6)


def test_two_networks_read_side_by_side():
    header = message(drawn(SEVEN, pred_second="shipped"))
    assert [reading["name"] for reading in header["readings"]] == ["Basic_CNN, trained"] * 2


def trained(name, change=lambda array: array):
    """A run of another network, with the weights of an epoch."""
    spec = Blocks((4, 6, 3), 1, 5, "leaky_relu", 7, 0.1).network()
    run = folders.create(TrainingSpec(network=spec), name)
    weights = [change(array) for array in spec.seeded(1).build().get_weights()]
    files.write_arrays(run.folder / "weights" / "0001.npz", weights)
    return run


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize("method", METHODS)
def test_a_run_reads_and_is_explained(method):
    run = trained("tiny")
    app = drawn(SEVEN, net=run.id, pred_second="shipped", pred_why=method)
    assert not app.exception and not app.error
    assert [reading["name"] for reading in message(app)["readings"]] == ["tiny", "Basic_CNN, trained"]
    assert len(app.header) == 2


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
    picture = np.asarray(overlays.over(image, heat, overlays.Scale(2.0), 1)).astype(int)
    assert (picture[0] == 0).all() and (picture[3] == picture[3, 0, 0]).all() and picture[3, 0, 0] > 150
    assert (picture[9, :, 0] > picture[9, :, 2]).all() and (picture[20, :, 2] > picture[20, :, 0]).all()
    for signed in (True, False):
        assert overlays.legend(overlays.Scale(2.0), signed).size == (336, 14)
    framed = np.asarray(overlays.patch(image, 5, 6, 7, scale=4))
    assert framed.shape == (112, 112, 3) and framed[20, 24, 0] > 150 and framed[16, 24, 0] == 0


def test_what_is_negligible_does_not_glow():
    black, heat = np.zeros((28, 28)), np.zeros((28, 28))
    heat[9] = 0.0009
    loud = np.asarray(overlays.over(black, heat, overlays.relative(heat, 0.0001), 1)).max()
    faint = np.asarray(overlays.over(black, heat, overlays.relative(heat, 0.01), 1)).max()
    assert loud > 180 and faint < 25
    assert overlays.relative(np.zeros((2, 2)), 0.01).cover(np.zeros((2, 2))).max() == 0
    # of the fixed scale in probability: a drop of 0.0009 is hardly there, one of a tenth is seen, all of it is full
    cover = overlays.Scale(1.0, root=True).cover(np.array([0, 0.0009, 0.1, 1.0, -1.0]))
    assert cover[1] < 0.03 and cover[2] > 0.25 and cover[3] == cover[4] == cover.max()
    # the legend is what the picture does with the values along it
    for scale in (overlays.Scale(2.0), overlays.Scale(1.0, root=True), overlays.relative(heat, 0.01)):
        row = np.linspace(-scale.limit, scale.limit, 28)
        drawn = np.asarray(overlays.over(np.zeros((1, 28)), row[np.newaxis], scale, 1))
        np.testing.assert_array_equal(drawn, np.asarray(overlays.legend(scale, True, width=28, height=1)))


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
    assert not app.exception and header["readings"] == [] and not app.header
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
    assert [part.value for part in app.header] == ["Why?", "The same in Keras"]
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


FOLLOW = ("home", *navigation.SECTIONS["Layers"], "network", "train", "predict")
A_DRAWING = "A **drawing**"


def test_a_drawing_is_the_digit_of_the_pages_that_follow_one_and_goes_again():
    app = drawn(SEVEN)
    pages = itertools.chain(*navigation.SECTIONS.values())
    for page in pages:
        switched(app, page)
        assert not app.exception and not app.error, page
        assert (A_DRAWING in shown(app)) == (page in FOLLOW), page
        assert app.query_params["drawn"] == as_text(SEVEN), page
    switched(app, "conv2d")
    app.button(key="digit_mnist").click().run()
    assert A_DRAWING not in shown(app) and "A **7**" in shown(app)
    assert "drawn" not in app.query_params
    # Predict reads the same digit; the pad has kept its strokes, and with it the drawing is back
    switched(app, "predict")
    assert message(app)["readings"][0]["truth"] == 7 and A_DRAWING not in shown(app)
    app.button_group(key="pred_source").set_value("draw").run()
    assert not app.exception and message(app)["acts"] == SEVEN and A_DRAWING in shown(app)
    assert app.query_params["drawn"] == as_text(SEVEN)


@pytest.mark.parametrize("page", FOLLOW)
def test_a_link_shows_the_drawing_in_another_session(page):
    app = opened(page, drawn=as_text(SEVEN))
    assert not app.exception and not app.error and not app.warning
    assert A_DRAWING in shown(app)


def test_a_link_is_read_as_the_drawing_was():
    here, there = message(drawn(SEVEN)), message(opened("predict", drawn=as_text(SEVEN)))
    assert there["acts"] == [] and [step["title"] for step in there["steps"]] == ["What the network sees"]
    assert there["readings"] == here["readings"]


@pytest.mark.parametrize("text", ["x", as_text(SEVEN)[:-5], "A" * 5000])
def test_a_damaged_drawing_is_a_sentence_and_the_mnist_digit(text):
    app = opened(navigation.HOME, drawn=text)
    assert not app.exception and A_DRAWING not in shown(app) and "A **7**" in shown(app)
    (warning,) = app.warning
    assert warning.value.startswith("`drawn` expects a") and warning.value.endswith("so the page shows none.")


def test_back_in_the_history_puts_the_older_strokes_on_the_pad(monkeypatch):
    app = drawn(ONE)
    index = digit._unpacked(as_text(ONE)).index
    app.session_state["_pred_strokes"] = {index: ONE}
    app.session_state["_drawing"] = Drawing([*ONE, *SEVEN], number=9)
    app.run()  # the digit is still the one, as after a step back
    assert message(app)["acts"] == ONE and message(app)["number"] == 10
    app.session_state["drawn"] = ""
    app.run()
    # cleared as by its button: Undo has the drawing
    assert message(app)["acts"] == [*ONE, [strokes.CLEAR]] and "draw a digit" in message(app)["sentence"]
    app.session_state["drawn"] = as_text(ONE)
    app.run()
    assert message(app)["acts"] == ONE


def test_undoing_all_leaves_the_mnist_digit():
    app = drawn(SEVEN)
    app.session_state["_drawing"] = Drawing([], undone=SEVEN, number=2)
    app.session_state["drawn"] = as_text([])
    app.run()
    assert A_DRAWING not in shown(app) and message(app)["readings"] == []


def test_an_uploaded_picture_is_the_digit_of_all_pages():
    picture = 255 - strokes.picture(SEVEN) // 2
    app = given(picture)
    text = packed.pack(np.rint(to_mnist(picture) * 255).astype(np.uint8))
    app.session_state["drawn"] = text  # as the widget's callback does
    app.run()
    assert A_DRAWING in shown(app) and len(message(app)["steps"]) == 4
    switched(app, "conv2d")
    assert A_DRAWING in shown(app) and app.query_params["drawn"] == text


def test_the_layers_behind_an_answer_are_those_of_the_layer_pages():
    app = drawn(SEVEN)
    (read,) = message(app)["readings"]
    # Predict shows the trained network where nobody has chosen one; chosen by name it is the one of all pages
    app = drawn(SEVEN, net="shipped", layer="probabilities")
    assert message(app)["readings"][0]["probabilities"] == read["probabilities"]
    switched(app, "activation")
    assert not app.exception and A_DRAWING in shown(app)
    frames = [component.proto.bytes for component in app.get("bidi_component")]
    headers = [json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")]) for data in frames]
    assert [header["texts"] for header in headers if "texts" in header][-1] == [
        text.share(value) for value in read["probabilities"]
    ]
    space = {}
    exec(codes(app)[0], space)
    np.testing.assert_array_equal(space["image"], packed.unpack(as_text(SEVEN)))


@pytest.mark.usefixtures("own_runs")
def test_a_training_is_watched_on_the_drawing():
    run = trained("tiny")
    app = drawn(SEVEN)
    app.session_state["train_part"], app.session_state["train_run"] = "watch", run.id
    switched(app, "train")
    assert not app.exception
    assert "What it has learned, seen on this drawing" in [part.value for part in app.header]


@pytest.mark.usefixtures("own_runs")
def test_a_network_without_maps_has_no_grad_cam_and_the_page_says_so():
    network = parse("Flatten - Dense 4 relu - Dense 10 softmax")
    run = folders.create(TrainingSpec(network=network), "flat")
    files.write_arrays(run.folder / "weights" / "0001.npz", network.build().get_weights())
    app = drawn(SEVEN, net=run.id, pred_why="cam")
    assert not app.exception and "this network has none: saliency and occlusion" in app.error[0].value
    for method in ("saliency", "occlusion"):
        app = drawn(SEVEN, net=run.id, pred_why=method)
        assert not app.exception and not app.error


@pytest.mark.usefixtures("own_runs")
def test_either_of_two_networks_is_explained():
    run = trained("tiny")
    for which in ("first", "second"):
        app = drawn(SEVEN, pred_second=run.id, pred_why="cam", pred_explained=which)
        assert not app.exception
        network = Blocks().network() if which == "first" else run.spec.network
        assert app.selectbox(key="pred_layer").options == [stage.name for stage in network.maps()]
    app = drawn(SEVEN, pred_second="shipped")
    assert app.button_group(key="pred_explained").options[0] == "Basic_CNN, trained, first"


def test_picking_an_mnist_digit_ends_the_drawing():
    app = drawn(SEVEN)
    switched(app, "dataset")
    app.button(key="digit_next").click().run()
    switched(app, "conv2d")
    assert A_DRAWING not in shown(app) and "drawn" not in app.query_params


def test_the_code_holds_the_drawing(monkeypatch):
    picture = prepare_drawing(SEVEN).result
    monkeypatch.setattr(st, "session_state", {"drawn": as_text(SEVEN)})
    code = layers_script.as_code(one_of_each(), "conv2d", digit.in_code(digit.drawing()))
    assert "mnist" not in code
    space = {}
    exec(code, space)
    np.testing.assert_array_equal(space["image"], np.rint(picture * 255))
    assert space["y"].shape == (1, 28, 28, 8)
    assert digit.in_code(mnist.sample("test", 3)) == mnist_image("test", 3)


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
