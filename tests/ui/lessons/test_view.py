"""An address becomes a view; what is none is told so."""

import pytest

from ui.lessons import quantities  # noqa: F401  (declares the settings of all pages)
from ui.lessons import view as views
from ui.shared import state


def test_an_address_is_read_with_percent_signs_or_without():
    plain = views.parse("/conv2d?net=Conv2D 4 3 same - Flatten - Dense 10 softmax&index=3")
    assert plain == views.parse("/conv2d?net=Conv2D+4+3+same+-+Flatten+-+Dense%2010%20softmax&index=3")
    assert (plain.page, plain.get("index")) == ("conv2d", 3)
    assert plain.get("range") == state.PARAMS["range"].default


def test_the_start_page_is_a_view_and_defaults_are_none():
    assert views.parse("/").page == "home"
    assert views.parse("/pooling?index=0").values == {}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nowhere", "nowhere"),
        ("https://example.org/conv2d", "address"),
        ("//example.org/conv2d", "address"),
        ("/conv2d?colour=red", "colour"),
        ("/conv2d?index=many", "whole number"),
        ("/conv2d?index=1&index=2", "once"),
        ("/conv2d?net=Conv9D", "Conv9D"),
        ("/conv2d?lesson=shapes", "lesson"),
        ("/conv2d?conv_filters=4", "conv_filters"),
    ],
)
def test_what_opens_no_view_is_told_so(address, words):
    with pytest.raises(views.ViewError, match=words):
        views.parse(address)
