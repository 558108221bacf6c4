"""Code on a page: every character of it, coloured, readable in both themes."""

import re
from html import unescape

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as st_
from PIL import ImageColor
from pygments.lexers import PythonLexer

from core.scripts import training
from core.training.spec import TrainingSpec
from tests.viz.test_palette import luminance
from ui.shared import source_code

CODE = st_.text(st_.sampled_from("ab1 \n\t#<>&\"'()=.@é×if"), max_size=80)


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@given(CODE)
def test_no_character_is_lost(text):
    assert words(source_code.coloured(text)) == text


def test_a_string_of_several_lines_is_one():
    shown = source_code.coloured('x = """if\n1\n"""\ny = 1')
    assert words(shown) == 'x = """if\n1\n"""\ny = 1'
    assert '<span class="k">' not in shown and shown.count('"mi"') == 1


def test_line_by_line_is_as_all_at_once():
    script = training.as_code(TrainingSpec(), "loop")
    assert '"""' not in script
    whole = [(kind, text) for kind, text in PythonLexer(stripnl=False).get_tokens(script) if text.strip()]
    lines = [token for line in script.split("\n") for token in PythonLexer(stripnl=False).get_tokens(line)]
    assert [(kind, text) for kind, text in lines if text.strip()] == whole


@pytest.mark.parametrize("names", source_code.COLOURS)
@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_can_be_read(names, theme):
    background = st.get_option(f"theme.{('light', 'dark')[theme]}.codeBackgroundColor")
    low, high = sorted(map(luminance, map(ImageColor.getrgb, (source_code.COLOURS[names][theme], background))))
    assert (high + 0.05) / (low + 0.05) >= 4.5
