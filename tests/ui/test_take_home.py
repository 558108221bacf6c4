"""Take it home: the button and its choice on Home, and what is in the file for every kind of network."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import mnist
from core.live.bundle import bundle
from core.network import ablation, notation, saved
from core.network.importing import Imported
from core.network.presets import BASIC_CNN, PRESETS, Blocks
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests.core.live.test_bundle import read
from tests.ui.conftest import opened
from tests.ui.live.test_page import Parsed, message
from ui.home import take_home
from ui.live import page
from ui.shared import models, navigation, networks

KEY = f"file-{'0' * 16}"


def a_run(name, epochs=2, fill=None):
    """A run whose weights are all the number of their epoch, or `fill`."""
    run = folders.create(TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network()), name)
    for epoch in range(epochs + 1):
        weights = [
            np.full(s, epoch if fill is None else fill, np.float32)
            for each in run.spec.seeded.stages()
            for s in shapes(each)
        ]
        files.write_arrays(run.weights_path(epoch), weights)
    return run


class Taken:
    """The download buttons of Home as the page asks for them: label, what makes the file, its name."""

    def __init__(self, monkeypatch):
        self.asked = []
        monkeypatch.setattr(take_home.st, "download_button", lambda *args, **options: self.asked.append(args))

    def file(self) -> str:
        """As Streamlit makes it when the button is pressed: in another thread, which has no session."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self.asked[-1][1]).result().decode()


def weights_in(content: str) -> dict:
    return read(message(content)[1]["network now"].tobytes())[1]


def test_the_network_is_taken_home_in_a_file_that_is_made_when_the_button_is_pressed(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(page, "page", lambda *args: pytest.fail("this is made too early"))
        patch.setattr(take_home, "bundle", lambda *args: pytest.fail("this is made too early"))
        app = opened(navigation.HOME)
        assert not app.exception and not app.error
        (button,) = [each.proto for each in app.get("download_button") if "HTML" in each.proto.label]
        assert button.deferred_file_id and not button.url
    taken = Taken(monkeypatch)
    opened(navigation.HOME)
    content, (_, _, name, kind) = taken.file(), taken.asked[-1]
    assert (name, kind) == ("Basic_CNN_trained.html", "text/html")
    header, arrays = message(content)
    expected = bundle(PRESETS[BASIC_CNN], saved.load_pretrained().get_weights(), "float16")
    assert arrays["network now"].tobytes() == expected.data
    plain = ablation.answers(models.model(networks.named(networks.SHIPPED)), mnist.half("test").images[:1000])
    accuracy = plain.accuracy(mnist.half("test").labels[:1000])
    assert f"With float32 weights this network reads {100 * accuracy:.1f} % of 1,000 MNIST test images." in content
    assert "<h1>Basic_CNN, trained</h1>" in content and header["truth"] == 7
    assert header["typical"]["logit"] == pytest.approx(np.percentile(plain.logits.max(axis=-1), 5), rel=1e-4)


def test_int8_is_a_choice_whose_size_is_shown(monkeypatch):
    taken = Taken(monkeypatch)
    app = opened(navigation.HOME)
    (choice,) = [each for each in app.get("button_group") if each.proto.label == "Take it home as one file"]
    shown = [option.content for option in choice.proto.options]
    files = [taken.file()]
    choice.set_value("int8")
    app.run()
    assert not app.exception
    files.append(content := taken.file())
    assert [text.split(", ")[0] for text in shown] == ["float16", "int8"]
    sizes = [float(text.removesuffix(" MB").split(", ")[1]) for text in shown]
    # reckoned to a few thousand bytes before it is made, and shown with one digit behind the point
    assert sizes == pytest.approx([len(file.encode()) / 1e6 for file in files], abs=0.06)
    assert weights_in(content)["0.kernel"].dtype == np.int8 and "kept as int8 with a scale for every filter" in content


def test_a_network_that_was_never_trained_says_no_accuracy_and_keeps_its_seeds(monkeypatch):
    taken = Taken(monkeypatch)
    text = "Conv2D 4 3 relu seed 5 - Flatten - Dense 10 softmax"
    app = opened(navigation.HOME, net=text)
    assert not app.exception and not app.error
    content = taken.file()
    network = notation.parse(text)
    assert weights_in(content)["0.kernel"].tobytes() == network.build().get_weights()[0].astype(np.float16).tobytes()
    assert not [each for each in Parsed(content).texts["p"] if "test images" in each]
    assert message(content)[0]["typical"] is None
    assert notation.parse(Parsed(content).texts["pre"][0]) == network


def test_a_run_at_an_epoch_is_taken_home_under_its_name(monkeypatch, own_runs):
    name = "</script><b>mine</b>"
    run = a_run(name)
    taken = Taken(monkeypatch)
    app = opened(navigation.HOME, net=run.id, net_epoch="1")
    assert not app.exception and not app.error
    content = taken.file()
    assert (weights_in(content)["0.kernel"] == 1).all()  # all weights of that epoch are
    assert Parsed(content).texts["h1"] == [f"{name}, epoch 1"] and name not in content
    assert taken.asked[-1][2] == "script_b_mine_b_epoch_1.html"


def test_an_imported_network_is_taken_home_by_a_thread_without_its_session(monkeypatch):
    network = notation.parse("Conv2D 4 3 relu - Flatten - Dense 10 softmax")
    weights = tuple(np.full(s, 0.25, np.float32) for stage in network.stages() for s in shapes(stage))
    app = opened(navigation.HOME)
    taken = Taken(monkeypatch)
    app.session_state["_imported"] = {KEY: Imported(network, weights)}
    app.session_state["net"] = KEY
    app.run()
    assert not app.exception and not app.error
    assert (weights_in(taken.file())["0.kernel"] == 0.25).all()


def shapes(stage) -> list:
    return stage.spec.weight_shapes(stage.input_shape)


def test_weights_that_int8_cannot_keep_are_said_to_be_in_one_sentence(monkeypatch, own_runs):
    run = a_run("broken", fill=np.nan)
    app = opened(navigation.HOME, net=run.id)
    assert [each.proto for each in app.get("download_button") if "HTML" in each.proto.label]
    (choice,) = [each for each in app.get("button_group") if each.proto.label == "Take it home as one file"]
    choice.set_value("int8")
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "Weights kept as int8 must be finite numbers, and one of these is not."
    ]
    assert not [each.proto for each in app.get("download_button") if "HTML" in each.proto.label]


def test_a_run_that_is_deleted_meanwhile_gets_its_sentence(own_runs):
    run = a_run("mine")
    wanted = networks.named(run.id)
    folders.remove(run)
    # a choice that is changed runs this part alone again, with what it was given before
    app = AppTest.from_function(shown, args=(wanted,)).run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "The run of this network was deleted: choose another network in the sidebar."
    ]


def shown(wanted):
    """A script of its own."""
    from core.data.mnist import Sample
    from ui.home import take_home

    take_home.show(wanted, Sample(None, 7, "test", 0), None, None, 1000)


def test_where_no_map_is_shown_nothing_can_be_taken_home():
    app = opened(navigation.HOME, net="Conv2D 8 3 - Dense 10 softmax - Flatten - MaxPool2D")
    assert not app.get("download_button")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Basic_CNN, trained", "Basic_CNN_trained"),
        ("../../x", "x"),
        ("数", "network"),
        ("a" * 300, "a" * 80),
    ],
)
def test_a_file_s_name_is_one_that_every_system_takes(label, name):
    assert take_home.file_name(label) == f"{name}.html"
