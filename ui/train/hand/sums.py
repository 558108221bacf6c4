"""The sums behind one weight: a value where it is used, and its gradient over all places where it is."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.layers.weight_use import CellSum, GradientSum, Place, WeightUse, gradient_sum
from core.training.loss_terms import LossSum
from ui.shared import pictures, tables, text, theme
from ui.train.hand.weight import Weight
from viz import palette, walls
from words import _

_SHOWN = 5
_WIDEST_GRID = 7
_SMALL = 1e-4
_PICTURE_PX = 120


def number(value: float, digits: int = 4) -> str:
    """As `text.number`, with no minus in front of 0: a product with 0 may be -0."""
    return text.number(value + 0.0, digits)


def bracketed(value: float, digits: int = 4) -> str:
    """A number that may stand behind a sign."""
    written = number(value, digits)
    return f"({written})" if value < 0 else written


def forward(weight: Weight) -> None:
    """The value at the place that counts most, with the weight's own term in front."""
    found, use = weight.found, weight.use
    st.markdown(_("**Forward: where it is used**"))
    if use is None:
        said = _("{layer} does not say where it uses its {name}.", layer=found.spec.title, name=weight.name)
        st.caption(said)
        return
    terms = gradient_sum(use, found.deltas)
    place = terms.place(0)
    there = use.sum_at(place)
    if use.factor == "1":
        rows = [(_("**weight**"), f"**{number(there.own)}**")]
    else:
        product = f"{number(weight.value)} × {bracketed(float(use.factors[place]))} = {number(there.own)}"
        rows = [(_("**weight × {factor}**", factor=_(use.factor)), f"**{product}**")]
    rows += [(name, number(amount)) for name, amount in there.others]
    rows.append((_("together"), f"**{number(there.total)}**"))
    if (function := found.spec.last_function) != "linear":
        rows.append((function, number(float(found.outputs[(*place, use.map)]))))
    st.markdown(tables.markdown((_where(place, use, found.sums.ndim), _("value")), rows))
    _nearby(there)
    if terms.places > 1:
        st.caption(
            _(
                "Of {count:,} places of this map, the one that has the largest part in the gradient.",
                count=terms.places,
            )
        )


def _where(place: Place, use: WeightUse, dimensions: int) -> str:
    if not place:
        return _("unit {number}", number=use.map) if dimensions == 1 else _("map {number}", number=use.map)
    return _("map {number}, row {row}, column {column}", number=use.map, row=place[0], column=place[1])


def _nearby(there: CellSum) -> None:
    """The products of the window in the channel that the weight reads, its own one marked."""
    grid = there.nearby
    if grid is None or there.tap is None or max(grid.shape) > _WIDEST_GRID:
        return
    rows = [
        (
            f"**{i}**",
            *(
                f"**{number(float(value), 3)}**" if (i, j) == there.tap else number(float(value), 3)
                for j, value in enumerate(row)
            ),
        )
        for i, row in enumerate(grid)
    ]
    st.caption(
        _("All products of this window in the same input channel, by the kernel's rows and columns; its own is bold:")
    )
    st.markdown(tables.markdown((_("row, column"), *map(str, range(grid.shape[1]))), rows))


def back(weight: Weight, answer: LossSum | None) -> None:
    """Its gradient: delta × factor, over all places of its map. answer: where the layer gives the ten values that
    become probabilities, what they are compared with."""
    use = weight.use
    if use is None:
        st.markdown(_("**Back: its gradient**"))
        st.caption(_("TensorFlow's number alone: where a weight is not said to be used, there is no sum to add up."))
        return
    terms = gradient_sum(use, weight.found.deltas)
    factor = "" if use.factor == "1" else _(use.factor)
    if factor:
        st.markdown(_("**Back: its gradient is a sum of δ × {factor}**", factor=factor))
    else:
        st.markdown(_("**Back: its gradient is a sum of δ**"))
    place = _("row, column") if terms.places > 1 else _("place")
    head = (place, "δ", *((factor,) if factor else ()), _("product"))
    shown = min(_SHOWN, terms.places)
    rows = [_term(terms, rank, bool(factor)) for rank in range(shown)]
    more = ("",) * (len(head) - 2)
    if left := terms.places - shown:
        rest = terms.total - sum(float(terms.terms[terms.place(rank)]) for rank in range(shown))
        rows.append((_("{count:,} more", count=left), *more, number(rest)))
    rows.append((_("**together**"), *more, f"**{number(terms.total)}**"))
    rows.append(("TensorFlow", *more, number(weight.gradient)))
    st.markdown(tables.markdown(head, rows))
    function = weight.found.spec.last_function
    if function == "linear":
        delta = _(
            "δ is dL/d(value): by how much the loss would rise if the value there rose by 1, its slope unchanged."
        )
    else:
        delta = _(
            "δ is dL/d(value): by how much the loss would rise if the value there, before {function}, rose by 1, its "
            "slope unchanged.",
            function=function,
        )
    st.caption(f"{delta} {_counted(use, terms)}")
    if answer is not None:
        st.caption(_answered(answer, use.map))
    _pictures(use, terms)


def _answered(answer: LossSum, digit: int) -> str:
    """What δ is at the end of the network."""
    p, delta = number(float(answer.probabilities[digit])), number(float(answer.deltas[digit]))
    wrong = f"{p} − 1" if digit == answer.label else p
    worked = f"({wrong}) / 10 = {delta}" if answer.averaged else f"{wrong} = {delta}" if wrong != p else p
    if answer.averaged:
        return _(
            "Here δ is simple: p − 1 for the label, p for every other digit, a tenth of it, for the loss is the mean "
            "of ten. For the {digit}: {worked}. Through all layers before, TensorFlow carries it back by the chain "
            "rule.",
            digit=digit,
            worked=worked,
        )
    return _(
        "Here δ is simple: p − 1 for the label, p for every other digit. For the {digit}: {worked}. Through all layers "
        "before, TensorFlow carries it back by the chain rule.",
        digit=digit,
        worked=worked,
    )


def _term(terms: GradientSum, rank: int, factor: bool) -> tuple[str, ...]:
    place = terms.place(rank)
    name = f"{place[0]}, {place[1]}" if place else _("the unit")
    read = (_short(float(terms.factors[place])),) if factor else ()
    return (name, _short(float(terms.deltas[place])), *read, _short(float(terms.terms[place])))


def _short(value: float) -> str:
    """With a power of ten behind it a number has one digit less, so that a phone has room for it."""
    return number(value, 4 if abs(value) >= _SMALL else 3)


def _counted(use: WeightUse, terms: GradientSum) -> str:
    """How many places count, and why none does where none does."""
    if terms.counting:
        if terms.places == 1:
            return _("A unit is one place only.")
        return _(
            "{counting:,} of {places:,} places have a product that is not 0.",
            counting=terms.counting,
            places=terms.places,
        )
    if not terms.deltas.any():
        return _(
            "Here every δ is 0: whatever changes there a little, the loss stays. Behind ReLU that is so where the "
            "values are below 0."
        )
    return _(
        "Here the {factor} is 0 wherever δ is not: nothing that this weight reads, so nothing to learn from it.",
        factor=_(use.factor),
    )


def _pictures(use: WeightUse, terms: GradientSum) -> None:
    """δ over the whole map, what the weight reads, and their products."""
    if terms.terms.ndim != 2 or max(terms.terms.shape) == 1:
        return
    drawn = [("δ", terms.deltas)]
    if use.factor != "1":
        drawn += [(_(use.factor), use.factors), (_("product"), terms.terms)]
    with st.container(horizontal=True, gap="small", key="bar_deltas"):
        for name, values in drawn:
            with st.container(width=_PICTURE_PX, gap="xxsmall"):
                _picture(name, values)


def _picture(name: str, values: np.ndarray) -> None:
    scale = max(1, _PICTURE_PX // max(values.shape))
    maps = values[..., np.newaxis]
    shown = walls.wall(maps, theme.kind(), scale=scale)
    alt = _("{name} at all {count:,} places of the map", name=name, count=values.size)
    pictures.show(shown, width="stretch", alt=alt)
    limit = palette.symmetric(values, "layer").high
    st.caption(f"{name}, ±{number(limit, 2)}")
