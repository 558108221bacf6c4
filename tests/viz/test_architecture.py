"""The drawing of a network: boxes to scale, one below the other, none over another, all of it said in words too."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest

from viz import architecture, weight_bars
from viz.architecture import Box
from viz.palette import KINDS

BOXES = [
    Box("image", "Input", (28, 28, 1)),
    Box("block1_conv1", "Conv2D", (28, 28, 32), ("320 parameters",), "block1", KINDS["kernels"]),
    Box("block1_activation1", "Activation", (28, 28, 32), (), "block1", KINDS["values"]),
    Box("block1_pool", "Pooling", (14, 14, 32), (), "block1", KINDS["windows"]),
    Box("block1_dropout", "Dropout", (14, 14, 32), (), "block1", KINDS["drops"], hatched=True),
    Box("flatten", "Flatten", (6272,), (), "head", KINDS["order"]),
    Box("dense", "Dense", (512,), ("a", "b"), "head", KINDS["units"]),
    Box("output", "Dense", (10,), (), "head", KINDS["units"]),
]


def drawn(boxes=BOXES, theme="light"):
    return architecture.diagram(boxes, theme)


def rectangles(chart):
    """name → (left, right, top, bottom) of each box."""
    found = {}
    for trace in chart.data:
        if trace.type != "bar":
            continue
        for x, base, y, width, (hover,) in zip(
            trace.x, trace.base, trace.y, trace.width, trace.customdata, strict=True
        ):
            name = hover.partition("</b>")[0].removeprefix("<b>")
            found[name] = (base, base + x, y - width / 2, y + width / 2)
    return found


def test_a_box_is_as_wide_as_its_maps_and_as_tall_as_the_root_of_their_number():
    found = rectangles(drawn())
    assert set(found) == {box.name for box in BOXES}
    for box in BOXES:
        left, right, top, bottom = found[box.name]
        assert right - left == (box.shape[1] if len(box.shape) == 3 else 1)
        assert bottom - top == pytest.approx(architecture.PIXELS_PER_ROOT * math.sqrt(box.shape[-1]))
        assert left == -right  # in the middle


def test_heights_are_pixels_of_the_figure():
    chart = drawn()
    low, high = chart.layout.yaxis.range
    margin = chart.layout.margin
    assert low - high == pytest.approx(chart.layout.height - margin.t - margin.b, abs=1)


def test_boxes_stand_one_below_the_other_with_room_for_their_words():
    boxes = [rectangles(drawn())[box.name] for box in BOXES]
    for above, below in pairwise(boxes):
        assert below[2] > above[3]
        assert (below[2] + below[3]) / 2 - (above[2] + above[3]) / 2 >= 14
    assert boxes[0][2] >= 0
    assert boxes[-1][3] <= drawn().layout.yaxis.range[0]


def test_groups_stand_apart():
    def gap(group):
        boxes = [Box("a", "Dense", (100,), (), "one"), Box("b", "Dense", (100,), (), group)]
        first, second = rectangles(drawn(boxes)).values()
        return second[2] - first[3]

    assert gap("two") > gap("one")


def test_names_and_shapes_stand_right_of_every_box_and_inside_the_figure():
    chart = drawn()
    words = next(trace for trace in chart.data if trace.type == "scatter")
    assert [text.replace("<b>", "").replace("</b>", "") for text in words.text] == [
        f"{box.name}  {' × '.join(map(str, box.shape))}" for box in BOXES
    ]
    assert min(words.x) > max(right for _, right, *_ in rectangles(chart).values())
    low, high = chart.layout.xaxis.range
    # on a phone the figure is 350 pixels wide: room for 30 letters of 6
    assert (high - words.x[0]) / (high - low) * 350 >= 30 * 6


def test_the_legend_has_each_kind_once_and_only_those_that_occur():
    chart = drawn()
    bars = [trace for trace in chart.data if trace.type == "bar"]
    assert [trace.name for trace in bars] == list(dict.fromkeys(box.kind for box in BOXES))
    assert [trace.marker.color for trace in bars] == list(dict.fromkeys(box.colour for box in BOXES))
    assert chart.layout.showlegend
    assert len({trace.marker.color for trace in bars}) == len(bars)
    assert {trace.name for trace in drawn(BOXES[:2]).data if trace.type == "bar"} == {"Input", "Conv2D"}


def test_pointing_shows_the_details():
    hovers = [hover for trace in drawn().data if trace.type == "bar" for (hover,) in trace.customdata]
    assert "<b>block1_conv1</b><br>320 parameters" in hovers
    assert "<b>dense</b><br>a<br>b" in hovers


def test_the_words_can_be_read_on_both_themes():
    inks = [drawn(theme=theme).data[-1].textfont.color for theme in ("light", "dark")]
    brightness = [sum(int(ink[i : i + 2], 16) for i in (1, 3, 5)) / 3 for ink in inks]
    assert brightness[0] < 60 and brightness[1] > 200


def test_a_network_of_one_layer_can_be_drawn_and_sent():
    sent = json.loads(drawn([Box("output", "Dense", (10,))]).to_json())
    assert sent["layout"]["height"] > 50
    assert len(json.loads(drawn().to_json())["data"]) == 8


def test_weights_are_drawn_beside_what_they_were_drawn_from():
    edges = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    counts = np.array([1, 3, 5, 1])
    bars, line = weight_bars.histogram(counts, edges, 0.1).data
    assert list(bars.y) == counts.tolist() and np.allclose(bars.x, [-0.15, -0.05, 0.05, 0.15])
    assert len(set(bars.marker.color)) == 2 and bars.marker.color[0] == bars.marker.color[1]
    # ten weights spread evenly over 0.2 are five in every bin of 0.1
    assert list(line.x) == [-0.1, -0.1, 0.1, 0.1] and np.allclose(line.y, [0, 5, 5, 0])
