"""From stored pixels to what a network takes: one step after the other, measured before and after."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.data import mnist, preprocessing
from core.data.preprocessing import OPERATIONS, Facts, Step
from core.scripts import dataset
from ui.basics.settings import RECOMMENDED
from ui.shared import controls, digit, source_code, state, tables
from words import N_, _

_MANY = 32
_TRAPS = {
    N_("As it should be"): None,
    N_("Cast forgotten"): "scale",
    N_("Whole-number division"): "floor",
    N_("uint8 after scaling"): "uint8",
}


def _steps_for(trap: str | None) -> list[str]:
    """The recommended steps for what is chosen, or those with one mistake."""
    good = RECOMMENDED[state.get("data_start")]
    axes = [name for name in good if name in ("newaxis", "batch")]
    match trap:
        case "scale":
            return [*axes, "scale"]
        case "floor":
            return [*axes, "floor", "float32"]
        case "uint8":
            return [*good, "uint8"]
    return list(good)


def _put_steps(trap: str | None) -> None:
    state.put({"data_steps": _steps_for(trap)})


def _add(name: str) -> None:
    state.put({"data_steps": [*state.get("data_steps"), name]})


def _remove(position: int) -> None:
    steps = list(state.get("data_steps"))
    del steps[position]
    state.put({"data_steps": steps})


def _start_changed() -> None:
    """One image needs a batch axis and several do not: recommended steps stay recommended."""
    if state.get("data_steps") in RECOMMENDED.values():
        _put_steps(None)
    state.publish()


@st.fragment
def show() -> None:
    """The steps as cards, and what still keeps the array from the network."""
    sample = digit.current()
    left, right = st.columns([2, 5], gap="medium")
    with left:
        start = controls.choice(
            "data_start",
            _("Start with"),
            names={"one": N_("The chosen digit"), "many": _("{count} images", count=_MANY)},
            on_change=_start_changed,
        )
        st.markdown(_("Ready-made, the right way first"))
        with st.container(horizontal=True, gap="xsmall"):
            for title, trap in _TRAPS.items():
                st.button(_(title), key=f"data_trap_{trap}", on_click=_put_steps, args=(trap,))
        st.markdown(_("Add a step"))
        with st.container(horizontal=True, gap="xsmall"):
            full = len(state.get("data_steps")) >= len(OPERATIONS)
            for name, operation in OPERATIONS.items():
                st.button(
                    _(operation.title),
                    key=f"data_add_{name}",
                    icon=":material/add:",
                    on_click=_add,
                    args=(name,),
                    disabled=full,
                )
    order = tuple(state.get("data_steps"))
    first, images = start_with(sample, state.get)
    axes = preprocessing.AXES[3 - images.ndim : 3]
    done = preprocessing.steps(images, order)
    with right:
        _cards(preprocessing.facts(images, axes), done)
        _verdict(done[-1].after if done else preprocessing.facts(images, axes))
    st.header(_("The same in code"), anchor=False)
    count = None if start == "one" else _MANY
    source_code.python(dataset.preparation(order, sample.split, first, count))


def start_with(sample: mnist.Sample, get: state.Get) -> tuple[int, np.ndarray]:
    """What the steps begin with, uint8 (28, 28) or (32, 28, 28), and the index of its first image."""
    half = mnist.half(sample.split).images
    if get("data_start") == "one":
        return sample.index, half[sample.index]
    first = min(sample.index, len(half) - _MANY)
    return first, half[first : first + _MANY]


def _cards(loaded: Facts, done: list[Step]) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            _(
                "**As loaded**: `{shape}` [{axes}], `{dtype}`, {minimum:g} to {maximum:g}, {nbytes:,} bytes",
                **{**vars(loaded), "axes": ", ".join(map(_, loaded.axes))},
            )
        )
    for number, step in enumerate(done, 1):
        with st.container(border=True, gap="xsmall"):
            about, measured = st.columns([2, 3], gap="small")
            with about:
                st.markdown(f"**{number}. {step.title}**")
                source_code.python(step.code, wrap=True)
                st.button(
                    _("Take out"),
                    icon=":material/close:",
                    key=f"data_remove_{number}",
                    help=_("Leave out step {number}, {title}", number=number, title=step.title),
                    type="tertiary",
                    on_click=_remove,
                    args=(number - 1,),
                )
            with measured:
                st.markdown(_table(step.before, step.after))
            if step.note:
                st.warning(step.note, icon=":material/warning:")


def _table(before: Facts, after: Facts) -> str:
    """What changed is bold."""
    rows = [
        (_("shape"), tables.code(before.shape), tables.code(after.shape)),
        (_("dtype"), f"`{before.dtype}`", f"`{after.dtype}`"),
        (_("values"), f"{before.minimum:g} … {before.maximum:g}", f"{after.minimum:g} … {after.maximum:g}"),
        (_("bytes"), f"{before.nbytes:,}", f"{after.nbytes:,}"),
    ]
    changed = [(name, old, new if old == new else f"**{new}**") for name, old, new in rows]
    return tables.markdown((_("property"), _("before"), _("after")), changed)


def _verdict(now: Facts) -> None:
    sentences = preprocessing.missing(now)
    if sentences:
        st.error("  \n".join([_("**Not ready for the network.**"), *sentences]), icon=":material/block:")
    else:
        ready = _(
            "**Ready**: {shape}, {dtype}, {minimum:g} to {maximum:g}. This is what Conv2D receives.",
            shape=now.shape,
            dtype=now.dtype,
            minimum=now.minimum,
            maximum=now.maximum,
        )
        st.success(f"{ready} {preprocessing.remark(now)}", icon=":material/check_circle:")
