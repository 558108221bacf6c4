"""README's recipe for a new kind of layer: its file in core, its file in ui, a line in KINDS; here in memory.

In a process of its own, where the line is there before anything of ui is imported, as it would be.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, sys, types
from pytest import MonkeyPatch
from tests import toy_kind
from core.layers import layer as _
toy_kind.add(MonkeyPatch())

# what would be ui/layers/toy_kind.py
page = types.ModuleType("ui.layers.toy_kind")
sys.modules["ui.layers.toy_kind"] = page
from ui.layers import sections
from ui.layers.face import Face, Knob
page.FACE = Face(
    kind=toy_kind.UpSampling2D,
    prefix="up",
    icon=":material/zoom_in:",
    colour="#123456",
    intro="Every pixel becomes several.",
    says="larger maps",
    picture=lambda view: sections.explore(view, "up"),
    basic=(Knob("size", "Size", low=1, high=4), Knob("interpolation", "Interpolation")),
    view=sections.cell("up", 3, 4),
)
from ui.layers import faces
from ui.shared import navigation, state, warmup
from tests.ui import conftest
from tests.ui.said import columns

warmup.wait(120)
said = {}
home = conftest.opened("home")
said["menu"] = [link.proto.page for link in home.sidebar.get("page_link")]
app = conftest.opened("toy_kind")
said["errors"] = [str(each) for each in (*app.exception, *app.error)]
said["title"] = app.title[0].value
said["words"] = " ".join(each.value for each in (*app.markdown, *app.caption))
said["code"] = conftest.codes(app)[0]
app.slider(key="up_size_h").set_value(3).run()
said["net"] = app.query_params["net"]
conftest.switched(app, "network")
said["errors"] += [str(each) for each in (*app.exception, *app.error)]
said["kinds"] = columns(app)["Kind"]
said["add"] = app.selectbox(key="network_add").options
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said():
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_it_is_on_the_menu(said):
    assert "toy_kind" in said["menu"]


def test_its_page_shows_it_in_a_network_that_has_none(said):
    assert said["errors"] == [] and said["title"] == "UpSampling2D"
    assert "One of each layer has no UpSampling2D: here is one behind `conv2d`." in said["words"]
    assert "`28 × 28 × 8` → **`56 × 56 × 8`**" in said["words"]
    assert "tf.keras.layers.UpSampling2D" in said["code"]


def test_its_settings_change_the_text(said):
    assert "UpSampling2D 3x2" in said["net"]


def test_the_network_page_knows_it(said):
    assert "UpSampling2D" in said["kinds"] and "UpSampling2D" in said["add"]
