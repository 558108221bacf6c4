"""A kind of layer, at work in the network of all pages."""

from ui.layers import page
from ui.shared import state

page.show(state.page())
