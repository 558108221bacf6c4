"""Train: choose how the network learns, watch it learn, compare what came out."""

import streamlit as st

from ui.shared import controls
from ui.train import code, runs, setup, watch
from ui.train.hand import page as hand
from ui.train.settings import PARTS
from words import _

st.title(_("Train"), anchor=False)
st.markdown(
    _(
        "Each step shows the network a batch of digits, measures how wrong it is (the loss) and moves every weight a "
        "little against it."
    )
)

part = controls.choice("train_part", _("Show"), names=PARTS)
match part:
    case "setup":
        setup.show()
        code.show()
    case "watch":
        watch.show()
    case "runs":
        runs.show()
    case "hand":
        hand.show()
