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
from words import N_, _, plural

_MOST_ROWS = 1000
_DTYPE_NAMES = {INFERRED: N_("left to TensorFlow or numpy")}
_WAYS = {"list": N_("a list"), "tuple": N_("a tuple"), "array": "np.array"}


def _typed() -> str:
    """The box for the values, and the examples that fill it."""
    names = {text: name for name, text in literals.EXAMPLES.items()}
    st.session_state["tensor_example"] = names.get(state.get("tensor_text"))
    st.selectbox(
        _("Example"),
        list(literals.EXAMPLES),
        format_func=_,
        key="tensor_example",
        placeholder=_("Your own values"),
        on_change=_example_chosen,
    )
    return controls.area(
        "tensor_text",
        _("Values"),
        _(
            "Numbers, True, False, lists and tuples, as Python writes them. They are read, never executed. Ctrl + "
            "Enter or a click elsewhere takes them over."
        ),
    )


def _example_chosen() -> None:
    if example := literals.EXAMPLES.get(st.session_state["tensor_example"] or ""):
        state.put({"tensor_text": example})


def _way() -> str:
    return controls.choice("tensor_way", _("Build with"), names=_WAYS)


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
    st.header(_("The same in code"), anchor=False)
    tensor_code, array_code = st.columns(2, gap="medium")
    with tensor_code:
        st.markdown(_("**A tensor**"))
        source_code.python(report.code, wrap=True)
    with array_code:
        st.markdown(_("**A plain array**"))
        source_code.python(array.code, wrap=True)
    st.markdown(_("**What `print(tensor.numpy())` shows**"))
    source_code.printed(np.array2string(report.values, threshold=200, separator=" "))


def _facts(report: TensorReport, array: TensorReport) -> str:
    lengths = ", ".join(
        _("{length} along axis {axis}", length=length, axis=axis) for axis, length in enumerate(report.shape)
    )
    count = report.values.size
    rows = [
        ("`.shape`", tables.code(report.shape), tables.code(array.shape), lengths or _("a single number has no axis")),
        ("`.ndim`", f"`{report.rank}`", f"`{array.rank}`", _("the rank: how many axes")),
        ("`.dtype`", f"`{report.dtype}`", f"`{array.dtype}`", _dtype_reason(report)),
        (_("values"), f"`{count:,}`", f"`{array.values.size:,}`", _product(report)),
        (_("bytes"), f"`{report.nbytes:,}`", f"`{array.nbytes:,}`", _bytes_product(report, array)),
    ]
    return tables.markdown((_("property"), "`tensor`", "`arr`", _("meaning")), rows)


def _bytes_product(report: TensorReport, array: TensorReport) -> str:
    count = report.values.size
    product, other = (f"{count:,} × {itemsize}" for itemsize in (report.itemsize, array.itemsize))
    return product if product == other else _("{product} and {other}", product=product, other=other)


def _difference(report: TensorReport, array: TensorReport) -> str:
    """What a plain array of the same values has in common with the tensor, and what not."""
    if report.dtype == array.dtype:
        return _("`arr = np.array(values)` has the same shape and the same dtype.")
    return _(
        "`arr = np.array(values)` has the same shape. Its dtype is numpy's choice, {numpy}; `arr.astype(np.{tensor})` "
        "gives it the tensor's, as `tf.cast` does for tensors.",
        numpy=array.dtype,
        tensor=report.dtype,
    )


def _product(report: TensorReport) -> str:
    if report.rank > 1:
        return " × ".join(map(str, report.shape))
    return _("all along one axis") if report.rank else _("just the one")


def _dtype_reason(report: TensorReport) -> str:
    bits = 8 * report.itemsize
    if report.dtype == "bool":
        return _("one byte a value")
    if report.dtype not in ("int64", "float64"):
        return _("{bits} bits a value: TensorFlow's choice for these values", bits=bits)
    if state.get("tensor_way") == "array":
        return _("{bits} bits a value: numpy's choice", bits=bits)
    return _("{bits} bits a value: int32 would not hold the values", bits=bits)


def _axes(report: TensorReport) -> None:
    shown = tensor_axes.crop(report.shape)
    values = report.values[tuple(slice(length) for length in shown)]
    layout = tensor.axes_layout(shown)
    chart, width = tensor_axes.picture(
        tensor.plain(values), layout.cells(), layout.size, layout.axes, report.shape, theme.kind()
    )
    charts.show(chart, key="tensor_axes", width=width)
    said = _(
        "The last axis runs to the right, the one before down, the next over blocks side by side, all earlier ones "
        "over rows of blocks. Orange is above zero, blue below."
    )
    if shown != report.shape:
        said += " " + _("Only the first {shown} of {shape} are drawn.", shown=tuple(shown), shape=report.shape)
    st.caption(said)


@st.fragment
def dtype() -> None:
    """What a dtype does to the values: at creation, and in tf.cast."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        text, way = _typed(), _way()
        wanted = controls.choice(
            "tensor_dtype", _("dtype at creation"), "`tf.constant(values, dtype=…)`", names=_DTYPE_NAMES
        )
        to = controls.choice("tensor_cast", _("tf.cast to"), "`tf.cast(tensor, dtype=…)`")
        lost = controls.flag("tensor_lost", _("Only changed values"))
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
        st.header(_("At creation: typed → {dtype}", dtype=report.dtype), anchor=False)
        _table(made, _("typed"), report.dtype, lost)
        st.header(f"tf.cast: {report.dtype} → {to}", anchor=False)
        _table(changed, report.dtype, to, lost)
        _astype(changed, cached.astype(text, way, chosen, to), to)
    _memory(report, to)
    st.header(_("The same in TensorFlow"), anchor=False)
    source_code.python(f"{changed.code}\n\n{dataset.memory(report.dtype)}")
    if in_numpy := cached.astype(text, way, chosen, to):
        st.markdown(_("**The cast in numpy**"))
        source_code.python(in_numpy.code)


def _astype(cast: CastReport, in_numpy: CastReport | None, to: str) -> None:
    """Whether numpy's own cast of the same values agrees."""
    if in_numpy is None:
        st.caption(_("numpy has no bfloat16, so there is no `astype` to compare with."))
        return
    other = casting.differences(cast.after, in_numpy.after)
    if not other.any():
        st.caption(_("In numpy: `arr.astype(np.{to})` gives the same.", to=to))
        return
    place = tuple(np.argwhere(other)[0])
    st.caption(
        _(
            "In numpy: `arr.astype(np.{to})` differs in {count:,} of {size:,} values: {before} becomes {there} there "
            "and {here} here. Out of range neither library promises anything.",
            to=to,
            count=other.sum(),
            size=other.size,
            before=_number(cast.before[place]),
            there=_number(in_numpy.after[place]),
            here=_number(cast.after[place]),
        )
    )


def _table(report: CastReport, before: str, after: str, only_lost: bool) -> None:
    """The summary, and a line for each value."""
    st.markdown(f":material/{'warning' if report.lost.any() else 'check_circle'}: {report.summary}")
    happened = [kind for kind in KINDS if kind != "unchanged" and (report.kinds == kind).any()]
    if happened:
        st.caption("  \n".join(f"**{_(kind)}**: {_(KINDS[kind])}" for kind in happened))
    places = np.argwhere(report.lost) if only_lost else np.argwhere(np.ones(report.lost.shape, bool))
    if not len(places):
        return
    # the same dtype on both sides: two columns may not have the same name
    names = before, after
    if before == after:
        names = _("{dtype} before", dtype=before), _("{dtype} after", dtype=after)
    head = (_("index"), *names, _("what happened"))
    rows = [_line(report, tuple(place)) for place in places[:_MOST_ROWS].tolist()]
    name = _("{before} → {after}, value by value", before=before, after=after)
    st.html(tables.html(name, head, rows, numbers=(1, 2)))
    if len(places) > _MOST_ROWS:
        st.caption(_("The first {shown:,} of {count:,} values.", shown=_MOST_ROWS, count=len(places)))


def _line(report: CastReport, place: tuple[int, ...]) -> tuple[str, ...]:
    happened = _(str(report.kinds[place]))
    return ", ".join(map(str, place)) or "–", _number(report.before[place]), _number(report.after[place]), happened


def _number(value) -> str:
    """As exact as Python writes it, so that a rounded digit is seen."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    number = int(value) if isinstance(value, (int, np.integer)) else float(value)
    written = repr(number)
    return (written if len(written) <= 28 else f"{written[:12]}…{written[-12:]}").replace("-", "−")


def _memory(report: TensorReport, to: str) -> None:
    """Bytes in each dtype: of this tensor, and of the weights of a whole network."""
    st.header(_("What a dtype costs"), anchor=False)
    count, weights = report.values.size, PRESETS[BASIC_CNN].parameter_count()
    chosen = (report.dtype, to)
    for place, title, number, key in zip(
        st.columns(2, gap="medium", border=True),
        (_("This tensor"), _("The weights of the default CNN")),
        (count, weights),
        ("tensor", "network"),
        strict=True,
    ):
        with place:
            st.markdown(plural("**{title}**: {count:,} value", "**{title}**: {count:,} values", number, title=title))
            charts.show(memory_bars.sizes(tensor.memory(number), *chosen), key=f"memory_{key}")
    if report.dtype == to:
        st.caption(_("Orange: {to}, now as after the cast: {bytes} a value.", to=to, bytes=_bytes(to)))
    else:
        st.caption(
            _(
                "Dark grey: {dtype}, {bytes} a value now. Orange: {to}, {bytes_after} a value after the cast.",
                dtype=report.dtype,
                bytes=_bytes(report.dtype),
                to=to,
                bytes_after=_bytes(to),
            )
        )


def _bytes(name: str) -> str:
    return plural("{count} byte", "{count} bytes", ITEMSIZES[name])


def slips() -> None:
    """Mistakes that are easily made: what Python says, why, and what was meant."""
    cards.show(SLIPS)
