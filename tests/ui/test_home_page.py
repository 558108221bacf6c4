"""Home without a browser: what the living network is told, and what becomes of what it tells."""

import html
import io
import json
import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from PIL import Image

from core.data import mnist
from core.drawing import packed
from core.drawing.drawn import prepare_drawing
from core.drawing.preparation import to_mnist
from core.drawing.strokes import CLEAR, picture
from core.network import ablation, notation
from core.network.network import Network
from tests.core.live.test_bundle import read
from tests.ui.conftest import epoch_slider, opened, switched
from tests.ui.test_take_home import a_run
from ui.components.drawing_pad import Drawing
from ui.home import early, living
from ui.live import addresses
from ui.shared import models, navigation, networks, pictures, warmup
from words import LANGUAGES, _, using

SEVEN = [[1, 18, 80, 70, 200, 70, 140, 220]]


def header(app) -> dict:
    """What the component has received, with its arrays by name as shapes."""
    (component,) = [each.proto for each in app.get("bidi_component") if b'"engine"' in each.proto.bytes]
    data = component.bytes
    return json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])


def test_the_first_page_shows_the_trained_network_and_how_it_started():
    app = opened(navigation.HOME)
    assert not app.exception and not app.error
    shown = header(app)
    assert [network["label"] for network in shown["networks"]] == ["Trained", "Random start"]
    trained, start = (network["address"] for network in shown["networks"])
    assert trained == addresses.network(networks.named(networks.SHIPPED))
    assert "net=Basic_CNN" in start
    assert shown["truth"] == 7 and shown["ghost"] and shown["accuracy"] is None
    values = ablation.answers(models.model(networks.named(networks.SHIPPED)), mnist.half("test").images[:1000])
    assert shown["typical"]["logit"] == pytest.approx(np.percentile(values.logits.max(axis=-1), 5), rel=1e-4)


def test_what_stands_there_before_streamlit_is_what_the_page_shows():
    app = opened(navigation.HOME)
    shown, (told, arrays) = header(app), read(early.message())
    assert [app.title[0].value, app.markdown[0].value] == [early.TITLE, early.LINE]
    # the same network before it learned comes once Streamlit is there, and its weights after those of the trained one
    assert told.pop("networks") == shown["networks"][:1]
    assert told == {key: shown[key] for key in told}
    np.testing.assert_array_equal(arrays["image"], mnist.half("test").images[0])


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_its_script_is_at_the_address_that_the_page_names(spoken):
    assert early.head(spoken) == "" or early.head(spoken) == early.written(spoken)
    address = re.search(r'src="./live/(\w+)/early.js\?([^"]*)"', early.written(spoken))
    content = early.content(address[1], early.EARLY, dict(parse_qsl(address[2])))
    assert content == early.script(spoken).encode()
    assert early.content("0" * 64, early.EARLY, {"lang": spoken}) is None
    assert early.content(address[1], early.EARLY, {"lang": "xx"}) is None
    with using(spoken):
        assert json.dumps(_(early.LINE), ensure_ascii=False) in content.decode()
    # the weights that the browser is told to fetch at once are those that the component asks for
    assert read(early.message())[0]["networks"][0]["address"] in html.unescape(early.written(spoken))


def test_before_tensorflow_has_loaded_the_trained_network_is_there(monkeypatch):
    monkeypatch.setattr(warmup, "ready", lambda: False)
    monkeypatch.setattr(warmup, "wait_for_tensorflow", lambda: None)
    monkeypatch.setattr(models, "model", lambda wanted: pytest.fail("this would import TensorFlow"))
    app = opened(navigation.HOME)
    assert not app.exception
    shown = header(app)
    assert [network["label"] for network in shown["networks"]] == ["Trained"] and shown["typical"] is None
    # one whose weights are drawn comes later
    app = opened(navigation.HOME, net="LeNet-5")
    assert not app.exception and not [each for each in app.get("bidi_component") if b'"engine"' in each.proto.bytes]


def test_a_network_that_was_never_trained_is_shown_alone():
    shown = header(opened(navigation.HOME, net="LeNet-5"))
    assert [network["label"] for network in shown["networks"]] == ["Random weights"] and shown["typical"] is None


@pytest.mark.parametrize("query", [{"index": "3"}, {"split": "train"}, {"drawn": "seven"}])
def test_a_digit_that_somebody_chose_is_read_and_no_ghost_draws(query):
    image = np.rint(prepare_drawing(SEVEN).result * 255).astype(np.uint8)
    query = {key: packed.pack(image) if key == "drawn" else value for key, value in query.items()}
    shown = header(opened(navigation.HOME, **query))
    assert not shown["ghost"]
    assert shown["truth"] is None if "drawn" in query else shown["truth"] is not None


def run_with(app, monkeypatch, callback, value):
    """Runs the page once more, with `callback` called first as Streamlit does for an event."""
    monkeypatch.setattr(living, "sent", lambda key, event: value)
    calls = [callback]
    agree = living.input.agree

    def before(**options):
        if calls:
            calls.pop()()
        agree(**options)

    monkeypatch.setattr(living.input, "agree", before)
    return app.run()


@pytest.mark.parametrize(
    ("network", "layer", "number", "page", "settings"),
    [
        ("now", "block2_conv1", 17, "conv2d", {"net": "shipped", "layer": "block2_conv1", "conv_map": 17}),
        ("now", "dense", 400, "dense", {"net": "shipped", "layer": "dense", "dense_unit": 400}),
        ("start", "block1_pool", 31, "pooling", {"net": "Basic_CNN", "layer": "block1_pool", "pool_map": 31}),
        ("now", "flatten", 1234, "flatten", {"net": "shipped", "layer": "flatten", "flat_position": 1234}),
        ("now", "block1_dropout", 3, "dropout", {"net": "shipped", "layer": "block1_dropout"}),
    ],
)
def test_a_map_that_is_clicked_is_opened_on_its_layer_s_page(network, layer, number, page, settings, monkeypatch):
    gone = []
    monkeypatch.setattr(living.st, "switch_page", lambda target, query_params: gone.append(target.url_path))
    app = opened(navigation.HOME)
    value = {"network": network, "layer": layer, "map": number}
    run_with(app, monkeypatch, living._opened, value)
    assert not app.exception and gone == [page]
    assert {key: app.session_state[key] for key in settings} == settings
    monkeypatch.undo()
    switched(app, page)
    assert not app.exception and not app.error
    assert app.query_params["net"] == settings["net"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"network": "now", "layer": "nobody", "map": 1},
        {"network": "now", "layer": "block1_conv1", "map": 1e400},
        {"network": "now", "layer": "block1_conv1", "map": -1},
        {"network": "now", "layer": ["x"], "map": None},
        "text",
        {"network": "start", "layer": "block1_conv1", "map": "1 or 2"},
    ],
)
def test_what_is_no_map_is_not_opened(value, monkeypatch):
    gone = []
    monkeypatch.setattr(living.st, "switch_page", lambda target, **_: gone.append(target))
    app = run_with(opened(navigation.HOME), monkeypatch, living._opened, value)
    assert not app.exception and not gone


def test_scaled_maps_cost_what_the_test_images_say(monkeypatch):
    scales = [["block2_conv2", number, 0] for number in range(40)] + [["dense", 3, 0.5]]
    app = run_with(
        opened(navigation.HOME), monkeypatch, living._scaled, {"network": "now", "of": "these", "scales": scales}
    )
    assert not app.exception
    found = header(app)["accuracy"]
    model, half = models.model(networks.named(networks.SHIPPED)), mnist.half("test")
    images, labels = half.images[:1000], half.labels[:1000]
    by_layer = {"block2_conv2": dict.fromkeys(range(40), 0.0), "dense": {3: 0.5}}
    assert found["of"] == "these" and found["images"] == 1000
    assert found["before"] == pytest.approx(ablation.answers(model, images).accuracy(labels))
    assert found["now"] == pytest.approx(ablation.answers(model, images, by_layer).accuracy(labels))
    assert found["now"] < found["before"]


@pytest.mark.parametrize(
    "value",
    [None, {"of": "x", "scales": [["nobody", 0, 0]]}, {"of": "x", "scales": [["dense", 0, 1e999]]}, {"scales": 3}],
)
def test_scales_of_what_is_not_there_cost_nothing(value, monkeypatch):
    app = run_with(opened(navigation.HOME), monkeypatch, living._scaled, value)
    assert not app.exception and not app.error and header(app)["accuracy"] is None


def test_a_finished_drawing_is_the_digit_of_all_pages(monkeypatch):
    app = opened(navigation.HOME)

    def drawn():
        living.st.session_state["_drawing"] = Drawing(SEVEN, [], 18, 1)
        living._drawn()

    run_with(app, monkeypatch, drawn, None)
    assert not app.exception
    image = np.rint(prepare_drawing(SEVEN).result * 255).astype(np.uint8)
    assert app.query_params["drawn"] == packed.pack(image)
    shown = header(app)
    assert shown["acts"] == SEVEN and shown["truth"] is None and not shown["ghost"]


def test_the_address_says_from_where_on_it_answers(monkeypatch):
    assert header(opened(navigation.HOME))["sure"] == 0
    app = opened(navigation.HOME, home_sure="99.5")
    assert header(app)["sure"] == 99.5
    run_with(app, monkeypatch, living._sure, 87.34)
    assert not app.exception and app.query_params["home_sure"] == "87.3" and header(app)["sure"] == 87.3
    for value in ("much", None, 1e9, float("nan"), [3]):
        run_with(app, monkeypatch, living._sure, value)
        assert not app.exception and header(app)["sure"] == 87.3


def test_a_drawing_has_a_nearest_image_and_an_image_of_mnist_needs_none():
    assert header(opened(navigation.HOME))["nearest"] is None
    image = np.rint(prepare_drawing(SEVEN).result * 255).astype(np.uint8)
    found = header(opened(navigation.HOME, drawn=packed.pack(image)))["nearest"]
    half = mnist.half("train")
    distances = np.sqrt(((half.images[: found["among"]] / 255 - image / 255) ** 2).mean(axis=(1, 2)))
    assert found["distance"] == pytest.approx(distances.min(), rel=1e-4)
    assert (found["index"], found["label"]) == (distances.argmin(), half.labels[distances.argmin()])


def test_an_impossible_network_gets_its_sentence(monkeypatch):
    text = "Conv2D 8 3 - Dense 10 softmax - Flatten - MaxPool2D"
    app = opened(navigation.HOME, net=text)
    assert not app.exception
    assert [error.value for error in app.error] == [notation.parse(text).problem()]


def test_a_kind_without_arithmetic_is_said_to_be_read_on_the_server(monkeypatch):
    network: Network = notation.parse("LeNet-5")
    monkeypatch.setattr(type(network.layers[0][1]), "arithmetic", lambda self, shape, weights: None)
    addresses._known.clear()
    app = opened(navigation.HOME, net="LeNet-5")
    assert not app.exception and "In the browser every layer must say its arithmetic" in app.error[0].value


def test_the_epochs_of_a_run_are_a_slider_and_the_setting_follows_it(own_runs, monkeypatch):
    run = a_run("mine", epochs=2)
    app = opened(navigation.HOME, net=run.id)
    assert not app.exception and not app.error
    told = header(app)["epochs"]
    assert (told["run"], told["at"]) == (run.id, networks.NEWEST)
    assert [stop["epoch"] for stop in told["stops"]] == [0, 1, 2, networks.NEWEST]
    assert [stop["label"] for stop in told["stops"]] == ["start", "1", "2", "newest"]
    assert [stop["name"] for stop in told["stops"]] == ["Epoch 0", "Epoch 1", "Epoch 2", "Trained"]
    queries = [dict(parse_qsl(urlsplit(stop["address"]).query)) for stop in told["stops"]]
    for query, stop in zip(queries, told["stops"], strict=True):
        led = addresses.led_to("network.bin", query)
        assert f"live/{led}" == addresses.network(networks.named(run.id, stop["epoch"]))

    def chosen(value):
        run_with(app, monkeypatch, living._epoch, value)
        app.run()  # Streamlit calls back before the sidebar is made, `run_with` after it
        assert not app.exception

    chosen({"epoch": 1, "number": 1})
    assert app.query_params["net_epoch"] == "1"
    assert epoch_slider(app).value == 1 and (header(app)["epochs"]["at"], header(app)["epochs"]["heard"]) == (1, 1)
    assert header(app)["networks"][0]["address"] == addresses.network(networks.named(run.id, 1))
    # what is sent again undoes nothing that was chosen since
    app.session_state["net_epoch"] = 2
    chosen({"epoch": 1, "number": 1})
    assert epoch_slider(app).value == 2
    for number, epoch in enumerate((7, "two", None, 1.5, [1], -3), 2):
        chosen({"epoch": epoch, "number": number})
        assert epoch_slider(app).value == 2
    for value in (1, None, {}, {"epoch": 1}, {"epoch": 1, "number": "x"}, {"epoch": 1, "number": None}):
        chosen(value)
        assert epoch_slider(app).value == 2
    chosen({"epoch": networks.NEWEST, "number": 9})
    assert "net_epoch" not in app.query_params and epoch_slider(app).value == networks.NEWEST


def test_no_epochs_no_slider(own_runs):
    assert header(opened(navigation.HOME))["epochs"] is None
    run = a_run("mine", epochs=0)
    app = opened(navigation.HOME, net=run.id)
    assert not app.exception and header(app)["epochs"] is None


def test_a_second_network_stands_beside_the_first(own_runs, monkeypatch):
    assert [network["key"] for network in header(opened(navigation.HOME))["networks"]] == ["now", "start"]
    run = a_run("mine", epochs=1)
    app = opened(navigation.HOME, net=run.id, net_epoch="1", home_second="LeNet-5")
    assert not app.exception and not app.error and not app.info
    told = header(app)
    assert [network["label"] for network in told["networks"]] == [
        "mine, epoch 1",
        "Random start",
        "LeNet-5, random weights",
    ]
    assert told["networks"][2]["address"] == addresses.network(networks.named("LeNet-5"))
    assert [stop["name"] for stop in told["epochs"]["stops"]] == ["mine, epoch 0", "mine, epoch 1", "mine"]
    # a map of it is opened as one of its own network
    gone = []
    monkeypatch.setattr(living.st, "switch_page", lambda target, query_params: gone.append(target.url_path))
    layer = networks.parsed("LeNet-5").names[0]
    run_with(app, monkeypatch, living._opened, {"network": "second", "layer": layer, "map": 2})
    assert gone == ["conv2d"] and app.session_state["net"] == "LeNet-5" and app.session_state["conv_map"] == 2


@pytest.mark.parametrize("second", ["20200101-000000-gone", "nobody", "", "file-0123456789abcdef"])
def test_a_second_network_that_is_not_there_is_none(second):
    app = opened(navigation.HOME, home_second=second)
    assert not app.exception and not app.error
    assert [network["key"] for network in header(app)["networks"]] == ["now", "start"]


def test_a_second_network_that_cannot_read_digits_is_said_to_be_so(monkeypatch):
    text = "Flatten - Dense 5 softmax"
    monkeypatch.setattr(networks, "offered", lambda: [networks.SHIPPED, text])
    app = opened(navigation.HOME, home_second=text)
    assert not app.exception and not app.error
    assert [info.value for info in app.info] == [models.reading_problem(networks.Chosen(text))]
    assert [network["key"] for network in header(app)["networks"]] == ["now", "start"]


def test_before_tensorflow_has_loaded_only_a_trained_second_network_is_there(monkeypatch):
    monkeypatch.setattr(warmup, "ready", lambda: False)
    monkeypatch.setattr(warmup, "wait_for_tensorflow", lambda: None)
    for second, keys in (("LeNet-5", ["now"]), ("shipped", ["now", "second"])):
        app = opened(navigation.HOME, home_second=second)
        assert not app.exception and [network["key"] for network in header(app)["networks"]] == keys


def test_a_picture_that_was_given_feeds_the_same_map(monkeypatch):
    paper = 255 - picture(SEVEN) // 2
    file = io.BytesIO()
    Image.fromarray(paper).save(file, "PNG")
    app = opened(navigation.HOME, pred_source="upload")
    assert not app.exception and "Choose a picture" in app.info[0].value
    app.session_state["_pred_file_upload"] = file.getvalue()
    app.session_state["_drawing"] = Drawing([[1, 18, 140, 40, 140, 240]], [], 18, 3)
    run_with(app, monkeypatch, lambda: living.input.given("upload"), None)
    assert not app.exception and not app.error and not app.info
    app.run()
    expected = np.rint(to_mnist(paper) * 255).astype(np.uint8)
    assert app.query_params["drawn"] == packed.pack(expected)
    shown = header(app)
    assert shown["acts"][-1] == [CLEAR] and shown["truth"] is None and not shown["ghost"]
    captions = []
    monkeypatch.setattr(pictures, "show", lambda *args, **options: captions.append(options.get("caption")))
    app.run()
    steps = ["The ink in it", "1. Cut to the ink", "2. Scaled to 20 × 20", "What the network sees"]
    assert [caption for caption in captions if caption in steps] == steps


def test_who_draws_after_a_picture_draws(monkeypatch):
    app = opened(navigation.HOME, pred_source="upload")

    def drawn():
        living.st.session_state["_drawing"] = Drawing(SEVEN, [], 18, 1)
        living._drawn()

    monkeypatch.setattr(living, "sent", lambda key, event: None)
    run_with(app, monkeypatch, drawn, None)
    assert not app.exception and app.query_params["drawn"]
    assert app.session_state["pred_source"] == "draw" and header(app)["acts"] == SEVEN
