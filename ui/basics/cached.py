"""st.cache_* wrappers around core for the Tensors and the Data set page; all are bounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.data import input_pipeline
from core.data.input_pipeline import Mixing, PipelineSpec
from core.tensors import casting, literals, random_numbers, tensor
from core.tensors.casting import CastReport
from core.tensors.literals import Parsed
from core.tensors.random_numbers import Histogram, RandomSpec
from core.tensors.tensor import TensorReport

# The largest tensor has 10,000 values: below 2 MB with its text, its reports and their words.
_TENSORS = 32
FIRST_VALUES = 60


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def parsed(text: str) -> Parsed:
    """The typed values. Raises TensorInputError; errors are not kept."""
    return literals.parse_literal(text)


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def built(text: str, way: str, dtype: str | None) -> TensorReport:
    """The tensor of the typed values."""
    return tensor.build(parsed(text), way, dtype)


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def array(text: str) -> TensorReport:
    """The plain array of the typed values."""
    return tensor.array(parsed(text))


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def creation(text: str, way: str, dtype: str | None) -> CastReport:
    """What building did to the typed values."""
    return casting.creation(parsed(text), built(text, way, dtype))


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def casted(text: str, way: str, dtype: str | None, to: str) -> CastReport:
    """What tf.cast did to the tensor."""
    return casting.cast(built(text, way, dtype), to)


@st.cache_resource(max_entries=_TENSORS, show_spinner=False)
def astype(text: str, way: str, dtype: str | None, to: str) -> CastReport | None:
    """What numpy's astype did to the same values; None where numpy has no such dtype."""
    return casting.astype(built(text, way, dtype), to)


@dataclass(frozen=True, eq=False)
class Draw:
    """A draw as its panel shows it: the numbers themselves, up to 8 MB of them, are not kept."""

    first: np.ndarray
    dtype: str
    count: int
    minimum: float
    maximum: float
    mean: float
    stddev: float
    histogram: Histogram


def draw(spec: RandomSpec, bins: int) -> Draw:
    """A seeded draw comes from the cache, an unseeded one is new each time."""
    return _draw(spec, bins) if spec.seed is None else _seeded(repr(spec), spec, bins)


@st.cache_resource(max_entries=64, show_spinner=False)
def _seeded(key: str, _spec: RandomSpec, bins: int) -> Draw:
    return _draw(_spec, bins)


def _draw(spec: RandomSpec, bins: int) -> Draw:
    values = spec.draw()
    first = values if values.size <= FIRST_VALUES else values.ravel()[:FIRST_VALUES].copy()
    return Draw(
        first,
        values.dtype.name,
        values.size,
        float(values.min()),
        float(values.max()),
        float(values.mean(dtype=np.float64)),
        float(values.std(dtype=np.float64)),
        random_numbers.histogram(values, bins),
    )


@dataclass(frozen=True, eq=False)
class Stream:
    """The order in which a pipeline delivers, how well it mixes, and its first batches as indexes."""

    order: np.ndarray
    mixing: Mixing
    batches: list[np.ndarray]


def stream(spec: PipelineSpec) -> Stream:
    """One pass of the pipeline, read off tf.data."""
    return _stream(repr(spec), spec)


@st.cache_resource(max_entries=16, show_spinner=False)
def _stream(key: str, _spec: PipelineSpec) -> Stream:
    order = input_pipeline.stream_order(_spec)
    return Stream(order, input_pipeline.mixing(order, _spec.buffer_size), input_pipeline.drawn(_spec, order))
