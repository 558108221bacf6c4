"""A link hides controls, and what they set stays; another one is made by ticking."""

import json
import re
from pathlib import Path

from core.classes import place, store, teaching
from tests.ui.conftest import held, opened, switched
from ui.shared import hidden, visitor

COMPONENTS = Path(__file__).parents[3] / "ui" / "components"
NET = "Conv2D 4 5 valid - Flatten - Dense 10 softmax"


def shown(app):
    kinds = ("slider", "number_input", "selectbox", "segmented_control", "toggle", "select_slider", "pills")
    return {widget.key for kind in kinds for widget in app.get(kind)}


def test_what_a_link_hides_is_not_there_and_keeps_its_value():
    with_all = opened("conv2d", net=NET, range="map")
    app = opened("conv2d", net=NET, range="map", hide="range,net,index,conv_filters")
    assert not app.exception
    gone = shown(with_all) - shown(app)
    assert {"range", "conv_filters"} <= gone and any(key.startswith("network_box") for key in gone)
    assert not any(button.key == "digit_next" for button in app.button)
    assert held(app, "range") == "map" and "conv_padding" in shown(app)


def test_what_cannot_be_its_value_is_put_right_all_the_same():
    app = opened("dense", net=NET, dense_unit="500", hide="dense_unit")
    assert not app.exception and held(app, "dense_unit") == 9 and "dense_unit" not in shown(app)


def test_a_link_hides_the_controls_that_a_component_draws():
    for component, names in hidden.PARTS.items():
        folder = {"explorer": "explorer/explorer", "pad": "pad", "living": "living_network/living_network"}[component]
        written = set(re.findall(r'data-part="(\w+)"', (COMPONENTS / f"{folder}.html").read_text()))
        assert written == {*names}, "a tick for each part that can go, and for no other"
    app = opened("conv2d", net=NET, hide="explorer_slide,conv_filters,pad_width")
    assert not app.exception and not app.warning
    (explorer,) = (each for each in map(header, app.get("bidi_component")) if "takes" in each)
    assert explorer["hides"] == ["slide"]
    assert {"explorer_slide", "explorer_moves"} <= {*app.session_state["_controls_seen"]["conv2d"]}


def header(component):
    """What is said to a component besides arrays, see `core.storage.frames`."""
    sent = component.proto.bytes
    return json.loads(sent[4 : 4 + int.from_bytes(sent[:4], "little")])


def test_no_link_hides_what_is_no_setting():
    app = opened("home", hide="nonsense")
    assert "settings with commas" in app.warning[0].value


def test_a_link_is_made_by_ticking(own_runs, monkeypatch):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setattr(visitor, "token", lambda: "the teacher's")
    group = teaching.open_class("the teacher's")
    app = switched(opened("conv2d", net=NET, range="map"), "teach")
    pills = next(each for each in app.get("button_group") if each.key == "fewer_hidden_conv2d")
    pills.set_value(["conv_strides_h", "net"]).run()
    link = next(each.value for each in app.markdown if "hide=" in each.value)
    assert "/conv2d?" in link and "hide=conv_strides_h,net" in link and "range=map" in link
    assert f"class={group.code}" in link and "teach_" not in link
    store.forget_connections()
