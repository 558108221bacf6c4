"""The script of the training that is set, with Keras' fit or with an explicit loop."""

from __future__ import annotations

import streamlit as st

from core.lessons.training_mistakes import SLIPS
from core.scripts import training
from ui.shared import controls, mistakes, source_code
from ui.train import settings
from words import N_, _

_NAMES = {"fit": N_("fit on tf.data"), "arrays": N_("fit on arrays"), "loop": N_("GradientTape loop")}
_EXACT = N_(
    "It runs as it stands, in the folder of this dashboard, and ends with the same weights as a run here with the "
    "same settings in float32."
)
_SAYS = {
    "fit": (
        _EXACT,
        N_(
            "Why `.repeat()` and `steps_per_epoch`: `model.fit(train_ds, epochs=…)` on a dataset that ends trains as "
            "well, but `fit` starts it over more often than there are epochs, and each start shuffles anew. A stream "
            "without an end is started once, so `fit` and the loop see the same batches; since it never ends, "
            "`steps_per_epoch` says how many of them are an epoch. `shuffle=True` is for arrays only: a dataset stays "
            "in its own order."
        ),
    ),
    "arrays": (
        N_(
            "Nothing to prepare: `fit` cuts the arrays into batches and, with `shuffle=True`, mixes all images anew in "
            "every epoch. The same as in the tf.data form: start weights, images, batch sizes, loss, metrics, learning "
            "rate. Not the same: the order of the images. `fit` draws its own each time it runs, so that weights and "
            "numbers differ a little from a run here and from one time to the next."
        ),
    ),
    "loop": (
        _EXACT,
        N_("It prints a line after each epoch; “Watch” shows these lines for every run of the loop."),
    ),
}
_IN_FRONT = N_("Augmentation stands in front of the network, as layers that work in training only.")


def show() -> None:
    """All ways of the same training; the ones that the engine takes are exact."""
    spec = settings.training_spec()
    st.header(_("The same in TensorFlow"), anchor=False)
    names = {key: _(name) for key, name in _NAMES.items()}
    form = controls.choice("train_code", _("Written with"), names=names)
    if problem := training.problem(spec, form):
        st.info(problem, icon=":material/info:")
    else:
        source_code.python(training.as_code(spec, form))
        in_front = (_IN_FRONT,) if form == "arrays" and spec.augmentation == "light" else ()
        st.caption(" ".join(_(sentence) for sentence in (*_SAYS[form], *in_front)))
    mistakes.collapsed(SLIPS, "train_slips")
