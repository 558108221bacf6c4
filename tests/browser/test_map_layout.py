"""Where every map stands on the first page: all of them, in lines of one length, in the room there is."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import components

GAP = 1
# networks of maps of any size and of flat layers, as the atlas tells of them
FIND = """([stages, width, height, folded]) => {
  const layers = stages.slice(1).map(({ width, height, shown, flat }, at) => (
    { name: `layer ${at}`, maps: shown, width, height, flat, takes: at % 2 ? "products" : "values" }));
  return layOut(stages, layers, width, height, folded);
}"""
IMAGE = {"width": 28, "height": 28, "shown": 1, "flat": False}


def maps(side, count):
    return {"width": side, "height": side, "shown": count, "flat": False}


stages = st.lists(
    st.one_of(
        st.builds(maps, st.integers(1, 28), st.integers(1, 128)),
        st.builds(lambda units: {"width": units, "height": 1, "shown": 1, "flat": True}, st.integers(1, 64)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def page(chromium):
    opened = chromium.new_page()
    opened.set_content("<p>maps</p>")
    script = (Path(components.__file__).parent / "living_network" / "layout.js").read_text(encoding="utf-8")
    opened.add_script_tag(content=f"const _ = (message) => message;\n{script}")
    yield opened
    opened.close()


@given(stages=stages, width=st.integers(240, 1600), height=st.integers(480, 1400), folded=st.booleans())
def test_every_map_stands_in_its_row_and_no_line_is_left_almost_empty(page, stages, width, height, folded):
    plan = page.evaluate(FIND, [[IMAGE, *stages], width, height, folded])
    rows = [row for row in plan["rows"] if not row["flat"]]
    for row in rows:
        wide, high = row["tile"]
        lines = -(-row["count"] // row["columns"])
        assert row["columns"] * (wide + GAP) - GAP == row["width"] <= width - plan["left"]
        assert lines * (high + GAP) - GAP == row["height"]
        assert row["columns"] == -(-row["count"] // lines), "no shorter lines would hold them all"
    for above, below in pairwise(rows):
        assert above["y"] + above["height"] < below["y"]
    bottom = max(row["y"] + row["height"] for row in plan["rows"])
    assert bottom <= plan["height"]
    if not folded:
        assert [row["stage"] for row in plan["rows"]] == list(range(len(stages) + 1))


@pytest.mark.parametrize(("count", "width", "lines"), [(64, 1190, 1), (32, 543, 1), (33, 543, 1), (40, 543, 2)])
def test_maps_give_way_a_little_to_stand_in_one_line(page, count, width, lines):
    tile = page.evaluate("([count, width]) => fullLines(count, [16, 16], width)", [count, width])
    assert -(-count // tile["columns"]) == lines
