"""The settings of the first two pages, Tensors and Data set, and the specs they make."""

from __future__ import annotations

from dataclasses import replace

from core.data.input_pipeline import PipelineSpec
from core.data.preprocessing import OPERATIONS
from core.tensors import random_numbers
from core.tensors.literals import EXAMPLES
from core.tensors.random_numbers import RandomSpec
from core.tensors.tensor import DTYPES, WAYS
from ui.shared import state
from words import N_

TENSOR_PARTS = {"build": N_("Build"), "dtype": N_("Dtype"), "random": N_("Random"), "slips": N_("Common mistakes")}
DATA_PARTS = {
    "samples": N_("Samples"),
    "arrays": N_("Arrays"),
    "prepare": N_("Prepare"),
    "batches": N_("Batches"),
    "average": N_("On average"),
}
# one image on its own needs the batch axis, a slice of several has it
RECOMMENDED = {
    "one": ["newaxis", "batch", "float32", "scale"],
    "many": ["newaxis", "float32", "scale"],
}
INFERRED = "inferred"
BINS = ("8", "16", "32", "64", "128")
LONGEST_LINK = 2000


def _no_check(text: str) -> None:
    """What was typed is checked where it is shown: a half-typed tensor must not be lost."""


state.declare(
    # Tensors
    state.choice("tensor_part", "build", tuple(TENSOR_PARTS)),
    state.text("tensor_text", EXAMPLES["matrix"], _no_check, most=LONGEST_LINK),
    state.choice("tensor_way", "list", tuple(WAYS)),
    state.choice("tensor_dtype", INFERRED, (INFERRED, *DTYPES)),
    state.choice("tensor_cast", "uint8", DTYPES),
    state.flag("tensor_lost", False),
    state.choice("random_kind", random_numbers.KINDS[0], random_numbers.KINDS),
    state.text("random_shape", "100, 100", _no_check, most=100),
    state.number("random_mean", 0.0, -5.0, 5.0, 0.1),
    state.number("random_stddev", 1.0, 0.1, 5.0, 0.1),
    state.number("random_minval", 0.0, -5.0, 5.0, 0.1),
    state.number("random_maxval", 1.0, -5.0, 5.0, 0.1),
    state.flag("random_seeded", True),
    state.integer("random_seed", 0, 0, 9999),
    state.integer("random_bins", 50, 5, 100),
    # Data set
    state.choice("data_part", "samples", tuple(DATA_PARTS)),
    state.choice("data_split", "train", ("train", "test")),
    state.choice("data_digit", "any", ("any", *map(str, range(10)))),
    state.integer("data_page", 1, 1, 60_000),
    state.flag("data_shuffle", False),
    state.integer("data_seed", 0, 0, 9999),
    state.choice("data_counts", "images", ("images", "share")),
    state.choice("data_start", "one", tuple(RECOMMENDED)),
    replace(state.names("data_steps", tuple(OPERATIONS)), default=RECOMMENDED["one"]),
    state.integer("data_examples", 60_000, 1, 60_000),
    state.integer("data_buffer", 1000, 1, 60_000),
    state.integer("data_batch", 32, 1, 4096),
    state.integer("data_take", 2, 1, 5),
    state.flag("data_drop", False),
    state.integer("data_pipe_seed", 0, 0, 9999),
    state.choice("data_bins", "32", BINS),
    state.flag("data_log", True),
)


def random_spec(shape: tuple[int, ...], get: state.Get = state.get) -> RandomSpec:
    """The draw of random numbers, in a shape that was read from its box. get: gives the settings."""
    return RandomSpec(
        kind=get("random_kind"),
        shape=shape,
        mean=get("random_mean"),
        stddev=get("random_stddev"),
        minval=get("random_minval"),
        maxval=get("random_maxval"),
        seed=(get("random_seed") or 0) if get("random_seeded") else None,
    )


def pipeline_spec(available: int, get: state.Get = state.get) -> PipelineSpec:
    """The tf.data pipeline over at most `available` images. get: gives the settings."""
    return PipelineSpec(
        examples=min(get("data_examples") or 1, available),
        buffer_size=get("data_buffer") or 1,
        batch_size=get("data_batch") or 1,
        drop_remainder=get("data_drop"),
        seed=get("data_pipe_seed") or 0,
        take=get("data_take"),
    )


def data_digit() -> int | None:
    """The digit that the wall of samples is filtered by, None for all."""
    digit = state.get("data_digit")
    return None if digit == "any" else int(digit)
