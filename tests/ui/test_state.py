"""Every declared setting: what it writes into the address it reads again; anything else is one sentence."""

import ast
import importlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.classes import codes as class_codes
from core.classes import teaching
from core.data import mnist
from core.drawing import packed
from core.network import notation
from core.network.network import Network
from core.network.presets import Blocks, one_of_each
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui.conftest import FRAME, codes, held, opened, switched
from ui.layers import face, faces, pin
from ui.shared import navigation, state

ROOT = FRAME.parents[1]


def declaring() -> list[str]:
    """Every module under ui/ whose source calls `declare`, whoever imports it."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "ui").rglob("*.py"))
        if any(
            isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "declare"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]


for module in declaring():
    importlib.import_module(module)

# in one order, whichever module was imported first
PARAMS = sorted(state.PARAMS.values(), key=lambda param: param.key)
NUMBERS = [param for param in PARAMS if param.low is not None]
GARBAGE = [
    *("", " ", "-", "--1", "+", ".", "e", "1e", "0x10", "1,5", "1;2", "None", "nan", "NaN", "inf", "-inf", "1e999"),
    *(
        "²",
        "½",
        "Ⅷ",
        "٣",
        "−1",
        "१",
        "3²",
        "𝟜",
        "1\x00",
        "\ud800",
        "\n",
        "<b>",
        "True",
        "FALSE",
        "yes",
        "relu ",
        " any",
    ),
    *("9" * 5000, "-" + "9" * 5000, "0." + "1" * 5000, "a" * 100_000, "identity," * 20_000, "٣" * 5000, "🙂" * 3000),
]

each = pytest.mark.parametrize("param", PARAMS, ids=lambda param: param.key)
each_number = pytest.mark.parametrize("param", NUMBERS, ids=lambda param: param.key)


NOISE = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
# How the sentence parts begin; Python's own words ("invalid literal for int()") are for nobody.
EXPECTED = ("a whole number from ", "a number from ", "one of ", "true or false", "at most ", "names from ", "no x")
EXPECTED += ("the shipped network or ", "the id of a run ", "a drawing of ", "a picture that was pinned")
EXPECTED += (
    "settings with commas ",
    "whole numbers with commas ",
    "the name of a lesson",
    "answers by step",
    "the 8 digits of a class",
    "what names the drawings of a class",
)
# nothing, a digit, and noise, which takes the most characters
PINS = [
    "",
    pin.Pin("LeNet-5", -1, "c1", "train", 7, "", "0-255").as_text(),
    pin.Pin("shipped", -1, "dense", "test", 0, "", "0-1").as_text(),
]
CLASS = "48271530"
LESSONS = {
    "hide": ["", "conv_row,net"],
    "lesson": ["", "shapes"],
    "teach_lesson": ["", "shapes"],
    "class": ["", CLASS],
    "fit_drawings": ["", "7-1764374400"],
    "lesson_answers": ["", "1:24", "1:-0.5,2:c"],
}
DRAWINGS = ["", *(packed.pack(image) for image in (mnist.sample("test", 3).image, NOISE))]
# settings whose valid values are runs that are there
RUNS = ("net", "train_run", "train_compare")
# any text may be in a link, and where no network has that name the page, the first one, puts it back
NETWORKS = ("home_second",)


@pytest.fixture(scope="module", autouse=True)
def two_runs(tmp_path_factory):
    """Ids of two runs, so that settings which name runs have something to name; and a class."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", str(tmp_path_factory.mktemp("runs")))
        tiny = TrainingSpec(network=Blocks(filters=(2,), convolutions=1, dense_units=4).network())
        runs = [folders.create(tiny, name) for name in ("one", "other")]
        for run in runs:  # a network can be chosen once it has learned something
            files.write_arrays(run.folder / "weights" / "0000.npz", tiny.network.build().get_weights())
        patch.setattr(class_codes, "new", lambda: CLASS)  # a class that is not there is taken out of an address
        teaching.open_class("a teacher")
        yield [run.id for run in runs]


def stops(param):
    """Where the slider of a number can stand, worked out as a browser would: step by step from low."""
    count = round((param.high - param.low) / param.step)
    chosen = range(count + 1) if count <= 200 else (0, 1, 2, count // 2, count - 1, count)
    kind = int if isinstance(param.default, int) else float
    return [kind(param.low + i * param.step) for i in chosen]


def valid_values(param, ids):
    """Some or all of the values that the widget of a setting can give. ids: of the runs that are there."""
    if param.key in (*RUNS, *NETWORKS):
        return [[], ids[:1], ids, ids[::-1]] if isinstance(param.default, list) else [param.default, *ids]
    if param.key == "drawn":
        return DRAWINGS
    if param.key == "pin":
        return PINS
    if param.key == "hand_at":
        return ["", "0", "7,511", "2,0,31,63"]
    if param.key in LESSONS:
        return LESSONS[param.key]
    if isinstance(param.default, bool):
        return [True, False]
    if param.low is not None:
        return stops(param)
    if isinstance(param.default, list):
        return [[], list(param.options), list(param.options[::-1]), [param.options[-1]], list(param.options[:2])]
    return list(param.options) or [param.default, "", "1,2;3,4", "−1", "a b&c=d#e%"]


def refused(param, text):
    """The sentence part with which a text is refused, or None if the setting takes it."""
    try:
        value = param.read(text)
    except ValueError as error:
        assert type(error) is ValueError
        assert str(error).startswith(EXPECTED) and "\n" not in str(error)
        return str(error)
    assert type(value) is type(param.default)
    if param.low is not None:
        assert param.low <= value <= param.high
    if param.options:
        assert set([value] if isinstance(value, str) else value) <= set(param.options)
    assert param.read(state.to_text(value)) == value
    return None


@each
def test_what_a_setting_writes_it_reads_again(param, two_runs):
    assert param.read(state.to_text(param.default)) == param.default
    for value in valid_values(param, two_runs):
        text = state.to_text(value)
        assert isinstance(text, str)
        back = param.read(text)
        assert type(back) is type(param.default)
        assert back == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)


def test_the_frame_declares_every_setting():
    """In a process of its own: here other modules have been imported. What the frame does not import is not declared
    when a link is read, and the link's value would be lost without a word."""
    lines = ast.parse(FRAME.read_text(encoding="utf-8")).body
    imports = [ast.unparse(line) for line in lines if isinstance(line, ast.Import | ast.ImportFrom)]
    script = "\n".join([*imports, "import json", "print(json.dumps(sorted(state.PARAMS)))"])
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == [param.key for param in PARAMS]


def test_every_setting_takes_its_round_trip_through_the_address(two_runs):
    """All at once, each at a value that is not its default: address, session, address."""
    carried = [param for param in PARAMS if param.carried]
    other = {param.key: value for param in carried for value in valid_values(param, two_runs) if value != param.default}
    assert set(other) == {param.key for param in carried}
    address = {key: state.to_text(value) for key, value in other.items()}
    app = AppTest.from_file(FRAME, default_timeout=120)
    for key, text in address.items():
        app.query_params[key] = text
    app.run()
    assert not app.exception and not app.warning
    assert {key: state.to_text(held(app, key)) for key in address} == address
    switched(app, "tensors")  # a page completes an address
    assert {key: texts for key in address if (texts := app.query_params.get(key))} == address


# the kinds that links could say before: those of the network whose layers the pages showed
OLD = [
    param
    for own in faces.FACES.values()
    if navigation.key_of_kind(own.kind) in one_of_each().names
    for param in PARAMS
    if not param.carried and param.key.startswith(f"{own.prefix}_")
]
# a parameter counts with the function that has it, a kernel where it is asked for
TOGETHER = {
    "act_slope": {"act_name": "leaky_relu"},
    "act_alpha": {"act_name": "elu"},
    "conv_presets": {"conv_source": "preset"},
    "conv_typed": {"conv_source": "typed"},
}


@pytest.mark.parametrize("param", OLD, ids=lambda param: param.key)
def test_a_link_from_before_networks_had_a_text_still_says_its_layer(param):
    own = next(own for own in faces.FACES.values() if param.key.startswith(f"{own.prefix}_"))
    values = {"conv_typed": "1,2,3;4,5,6;7,8,9", "conv_source": "preset", "conv_presets": ["blur", "emboss"]}
    value = values.get(param.key) or param.read(
        state.to_text([each for each in valid_values(param, []) if each != param.default][-1])
    )
    address = {param.key: state.to_text(value), **TOGETHER.get(param.key, {})}
    app = opened(navigation.key_of_kind(own.kind), **address)
    assert not app.exception and not app.warning
    network = notation.parse(app.session_state["net"])
    layer = network[navigation.key_of_kind(own.kind)]
    assert face.values(own, layer)[param.key] == value or held(app, param.key) == value
    others = [name for name in network.names if network[name] is not layer]
    assert all(network[name] == one_of_each()[name] for name in others)


def test_a_link_with_blocks_still_says_its_network():
    app = opened("network", cnn_blocks="3", cnn_filters_3="17", cnn_dropout="0.5")
    assert notation.parse(app.session_state["net"]) == Network(Blocks((32, 64, 17), dropout=0.5).network().layers)


@each
def test_garbage_is_a_value_or_one_sentence(param):
    for text in GARBAGE:
        refused(param, text)


@given(st.data())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_text_is_a_value_or_one_sentence(data):
    param = data.draw(st.sampled_from(PARAMS), label="setting")
    refused(param, data.draw(st.text(max_size=12) | st.text(alphabet="0123456789-+.eE_٣² ", max_size=12)))


@each_number
def test_numbers_beyond_the_range_are_refused(param):
    for value in (param.low - param.step, param.high + param.step, 10 * param.high + 1, -1e12, 10**30, math.inf):
        said = refused(param, state.to_text(value))
        assert said and f" number from {param.low:g} to " in said
    assert refused(param, state.to_text(param.low)) is None
    assert refused(param, state.to_text(param.high)) is None


@each_number
def test_numbers_off_the_step_are_refused(param):
    for part in (0.5, 0.25, 0.9):
        said = refused(param, f"{param.low + part * param.step:.8f}")
        assert said
        assert "a whole number" in said or f"in steps of {param.step:g}" in said


@each_number
def test_what_is_no_number_is_refused(param):
    for text in ("²", "½", "", "x", "nan", "inf", "9" * 5000, "1,5", "--1", "𝟜²"):
        assert refused(param, text), text


@pytest.mark.parametrize("param", [p for p in PARAMS if isinstance(p.default, bool)], ids=lambda p: p.key)
def test_flags_are_true_or_false(param):
    assert param.read("true") is True and param.read("false") is False
    for text in ("True", "1", "0", "", "yes", "true "):
        assert refused(param, text) == "true or false"


@pytest.mark.parametrize("param", [p for p in PARAMS if p.options], ids=lambda p: p.key)
def test_only_the_options_are_read(param):
    for text in (param.options[0].upper() + "?", "nothing", param.options[0] + ";"):
        said = refused(param, text)
        assert said and all(option in said for option in param.options)


@pytest.mark.parametrize(
    "param", [p for p in PARAMS if p.most and p.key not in (*RUNS, *LESSONS, "drawn", "pin")], ids=lambda p: p.key
)
def test_free_text_has_a_length(param):
    assert refused(param, "1" * param.most) is None
    assert refused(param, "1" * (param.most + 1)) == f"at most {param.most} characters"


def test_free_text_is_checked_and_kept_as_it_was():
    def check(value):
        if "x" in value:
            raise ValueError("no x")

    param = state.text("any", "", check, most=5)
    assert param.read(" 1;2") == " 1;2"
    assert refused(param, "x") == "no x"
    assert refused(param, "123456") == "at most 5 characters"


def test_the_note_says_what_was_expected_and_what_came():
    param = state.integer("rows", 3, 1, 11)
    long = "9" * 100
    with pytest.raises(ValueError) as caught:
        param.read(long)
    note = state._note(param, long, caught.value)
    assert note == (f"`rows` expects a whole number from 1 to 11; this link says “{'9' * 24}…”, so the page shows 3.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (-3, "-3"),
        (0.1 + 0.2, "0.3"),
        (-1.0, "-1"),
        (0.05, "0.05"),
        (59_999, "59999"),
        ([], ""),
        (["a", "b"], "a,b"),
        ("same", "same"),
    ],
)
def test_values_are_short_in_the_address(value, text):
    assert state.to_text(value) == text


def test_a_key_is_declared_once(monkeypatch):
    monkeypatch.setattr(state, "PARAMS", {})
    state.declare(state.flag("one", True), state.flag("two", True))
    assert list(state.PARAMS) == ["one", "two"]
    with pytest.raises(KeyError, match="'one' is declared twice"):
        state.declare(state.flag("one", False))
    assert state.PARAMS["one"].default is True


@each
def test_the_default_is_within_its_own_limits(param):
    assert state.PARAMS[param.key] is param
    assert refused(param, state.to_text(param.default)) is None
    if param.low is not None:
        assert param.low <= param.default <= param.high
        steps = (param.default - param.low) / param.step
        assert steps == pytest.approx(round(steps))


JUNK = ["x" * 100_000, "", None, [], ["x"], {}, 10**30, -1, 2.5, float("nan"), float("inf"), True, object()]


@pytest.mark.parametrize("param", PARAMS, ids=lambda param: param.key)
def test_a_setting_holds_what_it_reads_and_no_junk(param):
    """A browser may say that a widget holds anything, and Streamlit passes on what a select box was said to hold."""
    assert param.holds(param.default)
    assert all(param.holds(param.read(option)) for option in param.options if not isinstance(param.default, list))
    for junk in JUNK:
        if not param.holds(junk):
            continue
        if isinstance(param.default, list):
            assert isinstance(junk, list) and (not param.options or {*junk} <= {*param.options})
        elif param.low is not None:
            assert junk is None or (not isinstance(junk, bool) and param.low <= junk <= param.high)
        elif isinstance(param.default, str):
            assert isinstance(junk, str) and (not param.options or junk in param.options)
        else:
            assert type(junk) is type(param.default)


def sends(app, key, words):
    """The page after a browser says that this select box holds these words, offered or not."""
    states = app._tree.get_widget_states()
    box = app.selectbox(key=key)
    for each in [each for each in states.widgets if each.id == box.id]:
        states.widgets.remove(each)
    states.widgets.add(id=box.id, string_value=words)
    return app._run(states)


@pytest.mark.parametrize(
    ("page", "key"),
    [("activation", "act_name"), ("train", "fit_loss"), ("conv2d", "digit_digit_0")],
)
def test_words_that_no_select_box_offers_become_its_default(page, key):
    app = sends(opened(page), key, "x" * 100_000)
    assert not app.exception
    if key in state.PARAMS:
        assert app.selectbox(key=key).value == held(app, key) == state.PARAMS[key].default
    assert not any("xxxxxxxx" in element.value for element in (*app.error, *app.warning, *app.markdown))
    assert not any("xxxxxxxx" in code for code in codes(app))


@pytest.mark.parametrize(
    ("page", "key"), [("train", "train_preset"), ("network", "network_add"), ("conv2d", "network_box")]
)
def test_a_box_that_is_no_setting_ignores_what_it_does_not_offer(page, key):
    app = opened(page)
    (key,) = (box.key for box in app.selectbox if (box.key or "").startswith(key))  # some are numbered, see rounds
    sends(app, key, "x" * 1000)
    assert not app.exception


@pytest.mark.parametrize(
    ("page", "key"),
    [("conv2d", "conv_padding"), ("train", "fit_metrics"), ("train", "fit_epochs"), ("evaluate", "eval_part")],
)
@pytest.mark.parametrize("junk", ["x" * 1000, 10**12])
def test_a_session_that_holds_what_cannot_be_shows_the_default(page, key, junk):
    app = opened(page)
    app.session_state[key] = junk
    app._run()
    assert not app.exception and held(app, key) == state.PARAMS[key].default


def test_words_of_a_link_are_no_markdown():
    app = opened("home", conv_filters="![](//host/p.png)", train_run="[a](//b)", net=":red[x]")
    assert len(app.warning) == 3 and not app.exception
    said = "\n".join(element.value for element in app.warning)
    assert r"!\[\](//host/p.png)" in said and r"\[a\](//b)" in said and r"\:red\[x\]" in said
