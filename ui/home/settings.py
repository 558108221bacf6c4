"""Settings of the first page."""

from ui.shared import second_network, state

# per cent; an answer that is less sure is "I don't know"
state.declare(state.number("home_sure", 0.0, 0.0, 99.9, 0.1), second_network.setting("home_second"))
