"""Typed values become a tensor: what it is, how its axes lie, and what a dtype does to it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.lessons.mistakes import SLIPS
from core.network.presets import BASIC_CNN, PRESETS
from core.scripts import dataset
from core.tensors import casting, literals, tensor
from core.tensors.casting import KINDS, CastReport
from core.tensors.literals import TensorInputError
from core.tensors.tensor import ITEMSIZES, TensorReport
from ui.basics import cached
from ui.basics.settings import INFERRED
from ui.shared import charts, controls, source_code, state, tables, theme, warmup
from ui.shared import mistakes as cards
from ui.shared import text as text_of
from viz import memory_bars, tensor_axes

_MOST_ROWS = 1000
_WAYS = {"list": "a list", "tuple": "a tuple", "array": "np.array"}
_DTYPE_NAMES = {INFERRED: "left to TensorFlow or numpy"}


def _typed() -> str:
    """The box for the values, and the examples that fill it."""
    names = {text: name for name, text in literals.EXAMPLES.items()}
    st.session_state["tensor_example"] = names.get(state.get("tensor_text"))
    st.selectbox(
        "Example",
        list(literals.EXAMPLES),
        key="tensor_example",
        placeholder="Your own values",
        on_change=_example_chosen,
    )
    return controls.area(
        "tensor_text",
        "Values",
        "Numbers, True, False, lists and tuples, as Python writes them. They are read, never executed. Ctrl + Enter "
        "or a click elsewhere takes them over.",
    )


def _example_chosen() -> None:
    if example := literals.EXAMPLES.get(st.session_state["tensor_example"] or ""):
        state.put({"tensor_text": example})


def _way() -> str:
    return controls.choice("tensor_way", "Build with", names=_WAYS)


@st.fragment
def build() -> None:
    """Values and way of building on the left; the facts, the picture and the code on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        text, way = _typed(), _way()
    with right:
        try:
            cached.parsed(text)
            if not warmup.ready():
                return warmup.wait_for_tensorflow()
            report = cached.built(text, way, None)
        except TensorInputError as error:
            st.error(text_of.plain(str(error)))
            return None
        array = cached.array(text)
        st.markdown(_facts(report, array))
        st.caption(_difference(report, array))
        _axes(report)
    st.header("The same in code", anchor=False)
    tensor_code, array_code = st.columns(2, gap="medium")
    with tensor_code:
        st.markdown("**A tensor**")
        source_code.python(report.code, wrap=True)
    with array_code:
        st.markdown("**A plain array**")
        source_code.python(array.code, wrap=True)
    st.markdown("**What `print(tensor.numpy())` shows**")
    source_code.printed(np.array2string(report.values, threshold=200, separator=" "))


def _facts(report: TensorReport, array: TensorReport) -> str:
    lengths = ", ".join(f"{length} along axis {axis}" for axis, length in enumerate(report.shape))
    count = report.values.size
    rows = [
        ("`.shape`", tables.code(report.shape), tables.code(array.shape), lengths or "a single number has no axis"),
        ("`.ndim`", f"`{report.rank}`", f"`{array.rank}`", "the rank: how many axes"),
        ("`.dtype`", f"`{report.dtype}`", f"`{array.dtype}`", _dtype_reason(report)),
        ("values", f"`{count:,}`", f"`{array.values.size:,}`", _product(report)),
        ("bytes", f"`{report.nbytes:,}`", f"`{array.nbytes:,}`", _bytes_product(report, array)),
    ]
    return tables.markdown(("property", "`tensor`", "`arr`", "meaning"), rows)


def _bytes_product(report: TensorReport, array: TensorReport) -> str:
    count = report.values.size
    products = [f"{count:,} × {itemsize}" for itemsize in dict.fromkeys((report.itemsize, array.itemsize))]
    return " and ".join(products)


def _difference(report: TensorReport, array: TensorReport) -> str:
    """What a plain array of the same values has in common with the tensor, and what not."""
    if report.dtype == array.dtype:
        return "`arr = np.array(values)` has the same shape and the same dtype."
    return (
        f"`arr = np.array(values)` has the same shape. Its dtype is numpy's choice, {array.dtype}; "
        f"`arr.astype(np.{report.dtype})` gives it the tensor's, as `tf.cast` does for tensors."
    )


def _product(report: TensorReport) -> str:
    if report.rank > 1:
        return " × ".join(map(str, report.shape))
    return "all along one axis" if report.rank else "just the one"


def _dtype_reason(report: TensorReport) -> str:
    bits = f"{8 * report.itemsize} bits a value"
    if report.dtype in ("int64", "float64"):
        chosen = "numpy's choice" if state.get("tensor_way") == "array" else "int32 would not hold the values"
        return f"{bits}: {chosen}"
    return f"{bits}: TensorFlow's choice for these values" if report.dtype != "bool" else "one byte a value"


def _axes(report: TensorReport) -> None:
    shown = tensor_axes.crop(report.shape)
    values = report.values[tuple(slice(length) for length in shown)]
    layout = tensor.axes_layout(shown)
    chart, width = tensor_axes.picture(
        tensor.plain(values), layout.cells(), layout.size, layout.axes, report.shape, theme.kind()
    )
    charts.show(chart, key="tensor_axes", width=width)
    cropped = f" Only the first {tuple(shown)} of {report.shape} are drawn." if shown != report.shape else ""
    st.caption(
        "The last axis runs to the right, the one before down, the next over blocks side by side, all earlier ones "
        f"over rows of blocks. Orange is above zero, blue below.{cropped}"
    )


@st.fragment
def dtype() -> None:
    """What a dtype does to the values: at creation, and in tf.cast."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        text, way = _typed(), _way()
        wanted = controls.choice(
            "tensor_dtype", "dtype at creation", "`tf.constant(values, dtype=…)`", names=_DTYPE_NAMES
        )
        to = controls.choice("tensor_cast", "tf.cast to", "`tf.cast(tensor, dtype=…)`")
        lost = controls.flag("tensor_lost", "Only changed values")
    chosen = None if wanted == INFERRED else wanted
    with right:
        try:
            cached.parsed(text)
            if not warmup.ready():
                return warmup.wait_for_tensorflow()
            report = cached.built(text, way, chosen)
        except TensorInputError as error:
            st.error(text_of.plain(str(error)))
            return None
        made = cached.creation(text, way, chosen)
        changed = cached.casted(text, way, chosen, to)
        st.header(f"At creation: typed → {report.dtype}", anchor=False)
        _table(made, "typed", report.dtype, lost, "creation")
        st.header(f"tf.cast: {report.dtype} → {to}", anchor=False)
        _table(changed, report.dtype, to, lost, "cast")
        _astype(changed, cached.astype(text, way, chosen, to), to)
    _memory(report, to)
    st.header("The same in TensorFlow", anchor=False)
    source_code.python(f"{changed.code}\n\n{dataset.memory(report.dtype)}")
    if in_numpy := cached.astype(text, way, chosen, to):
        st.markdown("**The cast in numpy**")
        source_code.python(in_numpy.code)


def _astype(cast: CastReport, in_numpy: CastReport | None, to: str) -> None:
    """Whether numpy's own cast of the same values agrees."""
    if in_numpy is None:
        st.caption("numpy has no bfloat16, so there is no `astype` to compare with.")
        return
    other = casting.differences(cast.after, in_numpy.after)
    line = f"In numpy: `arr.astype(np.{to})`"
    if not other.any():
        st.caption(f"{line} gives the same.")
        return
    place = tuple(np.argwhere(other)[0])
    st.caption(
        f"{line} differs in {other.sum():,} of {other.size:,} values: {_number(cast.before[place])} becomes "
        f"{_number(in_numpy.after[place])} there and {_number(cast.after[place])} here. Out of range neither library "
        "promises anything."
    )


def _table(report: CastReport, before: str, after: str, only_lost: bool, key: str) -> None:
    """The summary, and a line for each value."""
    st.markdown(f":material/{'warning' if report.lost.any() else 'check_circle'}: {report.summary}")
    happened = [kind for kind in KINDS if kind != "unchanged" and (report.kinds == kind).any()]
    if happened:
        st.caption("  \n".join(f"**{kind}**: {KINDS[kind]}" for kind in happened))
    places = np.argwhere(report.lost) if only_lost else np.argwhere(np.ones(report.lost.shape, bool))
    if not len(places):
        return
    rows = [tuple(place) for place in places[:_MOST_ROWS].tolist()]
    # the same dtype on both sides: two columns may not have the same name
    names = (before, after) if before != after else (f"{before} before", f"{after} after")
    st.dataframe(
        {
            "index": [", ".join(map(str, row)) or "–" for row in rows],
            names[0]: [_number(report.before[row]) for row in rows],
            names[1]: [_number(report.after[row]) for row in rows],
            "what happened": [str(report.kinds[row]) for row in rows],
        },
        hide_index=True,
        key=f"tensor_table_{key}",
    )
    if len(places) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS:,} of {len(places):,} values.")


def _number(value) -> str:
    """As exact as Python writes it, so that a rounded digit is seen."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    number = int(value) if isinstance(value, (int, np.integer)) else float(value)
    written = repr(number)
    return (written if len(written) <= 28 else f"{written[:12]}…{written[-12:]}").replace("-", "−")


def _memory(report: TensorReport, to: str) -> None:
    """Bytes in each dtype: of this tensor, and of the weights of a whole network."""
    st.header("What a dtype costs", anchor=False)
    count, weights = report.values.size, PRESETS[BASIC_CNN].parameter_count()
    chosen = (report.dtype, to)
    for place, title, number, key in zip(
        st.columns(2, gap="medium", border=True),
        ("This tensor", "The weights of the default CNN"),
        (count, weights),
        ("tensor", "network"),
        strict=True,
    ):
        with place:
            st.markdown(f"**{title}**: {number:,} {'value' if number == 1 else 'values'}")
            charts.show(memory_bars.sizes(tensor.memory(number), *chosen), key=f"memory_{key}")
    if report.dtype == to:
        st.caption(f"Orange: {to}, now as after the cast: {_bytes(to)} a value.")
    else:
        st.caption(
            f"Dark grey: {report.dtype}, {_bytes(report.dtype)} a value now. Orange: {to}, {_bytes(to)} a value after "
            "the cast."
        )


def _bytes(name: str) -> str:
    return f"{ITEMSIZES[name]} byte" + "s" * (ITEMSIZES[name] > 1)


def slips() -> None:
    """Mistakes that are easily made: what Python says, why, and what was meant."""
    cards.show(SLIPS)
