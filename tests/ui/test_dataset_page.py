import functools
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data import input_pipeline, mnist, preprocessing
from core.data.input_pipeline import PipelineSpec
from core.data.preprocessing import OPERATIONS
from core.scripts import dataset
from tests.ui import conftest
from tests.ui.conftest import codes, switched
from ui.basics import settings as basics_settings
from ui.shared import state
from ui.shared.digit import choose

ROOT = Path(__file__).resolve().parents[2]


opened = functools.partial(conftest.opened, "dataset")


def said(at):
    shown = (*at.markdown, *at.caption, *at.header)
    return "\n".join(element.value for element in shown).replace("\u00a0", " ")


def address(at):
    return {key: value if isinstance(value, str) else value[-1] for key, value in at.query_params.items()}


@pytest.mark.parametrize("part", basics_settings.DATA_PARTS)
@pytest.mark.parametrize("split", mnist.SPLITS)
def test_every_part_shows_something(part, split):
    at = opened(data_part=part, data_split=split)
    assert not at.exception and not at.error and not at.warning
    assert codes(at)


def test_shapes_counts_and_bytes_are_those_of_the_arrays():
    text = said(opened(data_part="arrays"))
    for half in mnist.load().values():
        for array in (half.images, half.labels):
            assert f"`{array.shape}`" in text
            assert f"{array.nbytes:,}" in text
    assert f"{mnist.class_counts('train').max():,} of the digit 1" in text


def test_pages_of_the_wall_end_where_the_images_end():
    at = opened(data_digit="5", data_split="test")
    images = len(mnist.positions("test", 5))
    pages = mnist.page_count("test", 5, 60)
    assert f"of {pages}: {images} images" in said(at)
    assert at.button(key="data_page_previous").disabled
    at.button(key="data_page_next").click().run()
    assert at.number_input(key="data_page").value == 2
    at.number_input(key="data_page").set_value(pages).run()
    assert at.button(key="data_page_next").disabled
    assert f"shown = indexes[{(pages - 1) * 60}:{pages * 60}]" in codes(at)[-1]
    assert address(at) == {"data_digit": "5", "data_split": "test", "data_page": str(pages)}


def test_another_filter_starts_at_the_first_page():
    at = opened(data_page="90")
    at.segmented_control(key="data_digit").set_value("7").run()
    assert at.number_input(key="data_page").value == 1
    assert address(at) == {"data_digit": "7"}


def test_page_of_a_link_beyond_the_last_is_brought_back():
    at = opened(data_digit="5", data_split="test", data_page="1000")
    assert not at.exception
    assert at.number_input(key="data_page").value == mnist.page_count("test", 5, 60)


def test_shuffling_has_a_seed_that_the_code_names():
    at = opened(data_shuffle="true", data_seed="7")
    assert "np.random.default_rng(7)" in "\n".join(codes(at))
    at.number_input(key="data_seed").set_value(8).run()
    assert "np.random.default_rng(8)" in "\n".join(codes(at))


def chosen_digit():
    import streamlit as st

    from ui.shared import state
    from ui.shared.digit import choose

    state.sync(lambda keys: None)
    st.button("choose", on_click=choose, args=("train", 4))


def test_chosen_sample_becomes_the_digit_of_all_pages():
    at = AppTest.from_function(chosen_digit, default_timeout=60)
    at.query_params["digit"] = "7"
    at.run()
    at.button[0].click().run()
    assert not at.exception
    assert address(at) == {"split": "train", "index": "4"}
    assert choose.__module__ == "ui.shared.digit"


@pytest.mark.parametrize("start", basics_settings.RECOMMENDED)
def test_recommended_steps_end_ready(start):
    at = opened(data_part="prepare", data_start=start)
    at.button(key="data_trap_None").click().run()
    assert not at.exception and not at.error and not at.warning
    assert at.success[0].value.startswith("**Ready**")


def test_start_keeps_recommended_steps_recommended():
    at = opened(data_part="prepare")
    at.segmented_control(key="data_start").set_value("many").run()
    assert not at.error and at.success
    assert at.session_state["data_steps"] == basics_settings.RECOMMENDED["many"]
    assert address(at)["data_steps"] == "newaxis,float32,scale"


@pytest.mark.parametrize("trap", ["scale", "floor", "uint8"])
def test_traps_are_noticed(trap):
    at = opened(data_part="prepare")
    at.button(key=f"data_trap_{trap}").click().run()
    image = mnist.sample("test", 0).image
    done = preprocessing.steps(image, tuple(at.session_state["data_steps"]))
    assert [element.value for element in at.warning] == [step.note for step in done if step.note]
    assert at.warning


def test_float64_is_ready_with_a_remark():
    at = opened(data_part="prepare")
    at.button(key="data_trap_scale").click().run()
    assert not at.error
    assert at.success[0].value.startswith("**Ready**: (1, 28, 28, 1), float64, 0 to 1.")
    assert "Keras takes float64 and casts it to float32" in at.success[0].value


def test_whole_numbers_are_not_ready():
    at = opened(data_part="prepare", data_steps="newaxis,batch")
    assert "refuses uint8" in at.error[0].value and not at.success


def test_steps_are_added_and_taken_out():
    at = opened(data_part="prepare", data_steps="")
    assert not at.exception and at.error
    for name in OPERATIONS:
        at.button(key=f"data_add_{name}").click().run()
    assert address(at)["data_steps"] == ",".join(OPERATIONS)
    assert all(at.button(key=f"data_add_{name}").disabled for name in OPERATIONS)
    at.button(key="data_remove_2").click().run()
    assert at.session_state["data_steps"] == [name for name in OPERATIONS if name != "expand_dims"]
    assert not at.exception


@pytest.mark.parametrize(
    ("settings", "spec"),
    [
        ({}, PipelineSpec()),
        ({"data_examples": "70", "data_drop": "true"}, PipelineSpec(examples=70, drop_remainder=True)),
        ({"data_examples": "5", "data_take": "5", "data_buffer": "1"}, PipelineSpec(5, 1, take=5)),
        ({"data_batch": "4096"}, PipelineSpec(batch_size=4096)),
        ({"data_examples": "1"}, PipelineSpec(examples=1)),
    ],
)
def test_batches_are_those_of_core(settings, spec):
    at = opened(data_part="batches", **settings)
    if problem := spec.problem():
        assert [error.value for error in at.error] == [problem]
        return
    assert not at.exception and not at.error
    sizes = spec.batches()
    assert [metric.value for metric in at.metric][::2] == [f"{sizes.count:,}", f"{sizes.last:,}"]
    for number, (images, _, indexes) in enumerate(input_pipeline.first_batches(spec, "train"), 1):
        assert f"**Batch {number}**: images `{images.shape}`" in said(at)
        assert f"original indexes {indexes.min():,} to {indexes.max():,}" in said(at)
    measured = input_pipeline.mixing(input_pipeline.stream_order(spec), spec.buffer_size)
    assert f"{measured.rank_correlation:.3f}".replace("-", "−") in said(at)
    assert dataset.pipeline(spec, "train") in codes(at)


def test_more_examples_than_the_half_has_are_brought_back():
    at = opened(data_part="batches", data_split="test")
    assert at.number_input(key="data_examples").value == 10_000
    assert not at.error


def test_impossible_remainder_says_why():
    at = opened(data_part="batches", data_examples="10", data_drop="true")
    assert not at.exception
    assert at.error[0].value.startswith("With drop_remainder at least one batch must be full")


def test_pixel_shares_are_counted():
    counts, _ = mnist.pixel_histogram("test", 256)
    assert f"{counts[0] / counts.sum():.1%} of all pixels are exactly 0" in said(
        opened(data_part="average", data_split="test")
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [("data_part", "maps"), ("data_page", "0"), ("data_steps", "scale,drop"), ("data_bins", "7"), ("data_batch", "x")],
)
def test_links_that_make_no_sense_are_answered_with_a_note(key, value):
    at = AppTest.from_file(str(ROOT / "ui/frame.py"), default_timeout=120)
    at.query_params[key] = value
    at.run()
    assert f"`{key}` expects" in at.warning[0].value
    switched(at, "dataset")
    assert not at.exception
    assert state.PARAMS[key].default == conftest.held(at, key)


def test_images_on_the_page_are_the_first_of_the_file():
    assert np.array_equal(mnist.page("train", None, 0, 60), np.arange(60))
