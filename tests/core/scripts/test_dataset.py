"""Every script is run and compared with what its panel shows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data import input_pipeline, mnist, preprocessing
from core.data.input_pipeline import PipelineSpec
from core.data.preprocessing import RECOMMENDED
from core.scripts import dataset
from core.tensors import literals, random_numbers, tensor
from core.tensors.random_numbers import RandomSpec

ROOT = Path(__file__).resolve().parents[3]
SMALL = PipelineSpec(examples=70, buffer_size=10, batch_size=32, seed=4)


@pytest.fixture(autouse=True)
def in_the_projects_folder(monkeypatch):
    monkeypatch.chdir(ROOT)  # the scripts open assets/mnist.npz as a reader in that folder would


def run(code):
    namespace = {}
    exec(code, namespace)
    return namespace


def test_arrays():
    found = run(dataset.arrays())["arrays"]
    for split, half in mnist.load().items():
        assert np.array_equal(found[f"x_{split}"], half.images)
        assert np.array_equal(found[f"y_{split}"], half.labels)


def test_class_counts():
    for split, counts in run(dataset.class_counts())["counts"].items():
        assert np.array_equal(counts, mnist.class_counts(split))


@pytest.mark.parametrize(("digit", "page", "seed"), [(None, 0, None), (3, 2, None), (None, 5, 7), (8, 1, 0)])
def test_page(digit, page, seed):
    found = run(dataset.page("test", digit, page, 60, seed))
    shown = mnist.page("test", digit, page, 60, seed)
    assert np.array_equal(found["shown"], shown)
    assert np.array_equal(found["images"], mnist.load()["test"].images[shown])


def test_sample():
    found, sample = run(dataset.sample("test", 12)), mnist.sample("test", 12)
    assert np.array_equal(found["image"], sample.image)
    assert found["label"] == sample.label


def test_mean_images():
    means = run(dataset.mean_images("test"))["means"]
    np.testing.assert_allclose(means, mnist.mean_images("test"), atol=1e-4)


@pytest.mark.parametrize("bins", [8, 128])
def test_pixel_histogram(bins):
    counts = run(dataset.pixel_histogram("test", bins))["counts"]
    assert np.array_equal(counts, mnist.pixel_histogram("test", bins)[0])


@pytest.mark.parametrize(
    ("order", "first", "count"),
    [
        (RECOMMENDED, 0, 32),
        (("batch", "newaxis", "float32", "scale"), 7, None),
        (("scale", "expand_dims"), 100, 5),
        (("float32", "floor"), 3, 2),
        (("scale", "uint8"), 0, 4),
        ((), 0, 1),
    ],
)
def test_preparation(order, first, count):
    source = mnist.load()["test"].images
    chosen = source[first] if count is None else source[first : first + count]
    shown = preprocessing.steps(chosen, order)
    x = run(dataset.preparation(order, "test", first, count))["x"]
    expected = shown[-1].values if shown else chosen
    assert x.dtype == expected.dtype
    np.testing.assert_array_equal(x, expected)


def test_preparation_imports_only_what_it_uses():
    assert "tensorflow" in dataset.preparation(("newaxis",), "train", 0)
    assert "tensorflow as tf" not in dataset.preparation(("expand_dims",), "train", 0)


def test_preparation_refuses_unknown_steps():
    with pytest.raises(ValueError, match="must be one of"):
        dataset.preparation(("normalise",), "train", 0)


@pytest.mark.parametrize(
    "spec",
    [
        SMALL,
        replace(SMALL, drop_remainder=True, take=3, examples=69),
        replace(SMALL, repeat=2, take=6),
        PipelineSpec(examples=10_000, buffer_size=1000, batch_size=64, seed=0, take=2),
    ],
)
def test_pipeline_draws_the_batches_that_are_shown(spec):
    shown = input_pipeline.first_batches(spec, "test")
    drawn = run(dataset.pipeline(spec, "test"))["batches"]
    assert len(drawn) == len(shown)
    for (images, labels), (shown_images, shown_labels, _) in zip(drawn, shown, strict=True):
        np.testing.assert_array_equal(images.numpy(), shown_images)
        np.testing.assert_array_equal(labels.numpy(), shown_labels)


@pytest.mark.parametrize("spec", [PipelineSpec(examples=300, buffer_size=20), PipelineSpec(examples=70, batch_size=7)])
def test_mixing(spec):
    found = run(dataset.mixing(spec, "test"))
    order = input_pipeline.stream_order(spec)
    measured = input_pipeline.mixing(order, spec.buffer_size)
    assert np.array_equal(found["order"], order)
    assert found["displacement"] == pytest.approx(measured.mean_displacement)
    assert found["rho"] == pytest.approx(measured.rank_correlation)


def test_mixing_measures_all_images_where_the_remainder_is_dropped():
    spec = PipelineSpec(examples=100, batch_size=32, drop_remainder=True)
    found = run(dataset.mixing(spec, "test"))
    assert np.array_equal(found["order"], input_pipeline.stream_order(spec))


@pytest.mark.parametrize("dtype", tensor.DTYPES)
def test_memory(dtype):
    values = "[True, False]" if dtype == "bool" else "[[1, 2, 3]]"
    report = tensor.build(literals.parse_literal(values), "list", dtype)
    assert run(f"{report.code}\n\n{dataset.memory(report.dtype)}")["size"] == report.nbytes


@pytest.mark.parametrize("kind", random_numbers.KINDS)
def test_draw(kind):
    spec = RandomSpec(kind=kind, shape=(20, 5), seed=2)
    found = run(dataset.draw(spec, 30))
    np.testing.assert_allclose(found["density"], random_numbers.histogram(spec.draw(), 30).density, rtol=1e-4)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("3, 4", (3, 4)),
        ("(3, 4)", (3, 4)),
        (" [3,4] ", (3, 4)),
        ("(5,)", (5,)),
        ("5", (5,)),
        ("3 × 4", (3, 4)),
        ("3x4x5", (3, 4, 5)),
        ("()", ()),
        ("", ()),
    ],
)
def test_shapes_are_read_as_they_are_written(text, shape):
    assert random_numbers.parse_shape(text) == shape


@pytest.mark.parametrize("text", ["a", "3, x", "-1", "3.5", "3,,4", ",", "1e3", "9" * 10, "٣", "3\n4", "x" * 10**6])
def test_other_shapes_get_one_sentence(text):
    with pytest.raises(ValueError, match="A shape is whole numbers") as caught:
        random_numbers.parse_shape(text)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    "spec",
    [
        PipelineSpec(examples=100, batch_size=32, take=5),
        PipelineSpec(examples=100, batch_size=32, take=5, drop_remainder=True),
        PipelineSpec(examples=100, batch_size=32, take=9, repeat=3),
        PipelineSpec(examples=100, batch_size=32, take=9, repeat=3, drop_remainder=True),
        PipelineSpec(examples=3, batch_size=10),
    ],
)
def test_drawn_batches_are_those_of_tensorflow(spec):
    cut = input_pipeline.drawn(spec, input_pipeline.stream_order(spec))
    delivered = [indexes for _, _, indexes in input_pipeline.first_batches(spec, "test")]
    assert [batch.tolist() for batch in cut] == [batch.tolist() for batch in delivered]
