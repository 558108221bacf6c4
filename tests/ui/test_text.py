"""Numbers as people read them."""

import pytest

from ui.shared import text

ENDINGS = {
    "st": (1, 21, 31, 101, 121, 1001),
    "nd": (2, 22, 32, 42, 102, 122),
    "rd": (3, 23, 43, 103, 123),
    "th": (0, 4, 5, 9, 10, 11, 12, 13, 14, 19, 20, 24, 30, 100, 110, 111, 112, 113, 114, 211, 1012, 10_013),
}


@pytest.mark.parametrize(("number", "ending"), [(n, ending) for ending, numbers in ENDINGS.items() for n in numbers])
def test_ordinals_end_as_they_are_spoken(number, ending):
    assert text.ordinal(number) == f"{number:,}{ending}"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("two epochs: fine.", "two epochs: fine."),
        ("**a** [link](x) $y$ | z", r"\*\*a\*\* \[link\](x) \$y\$ \| z"),
        ("![](//host/p.png)", r"!\[\](//host/p.png)"),
        (":red[x] :material/home: &lt; <b>", r"\:red\[x\] \:material/home: \&lt; \<b\>"),
        ("# head\n- item", r"\# head - item"),
        ("12. item", r"12\. item"),
        ("`code`", r"\`code\`"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("see https://a.b, www.c.d and e@f.g", "see https\u2060://a.b, www\u2060.c.d and e@\u2060f.g"),
        ("x" * 500, "x" * 399 + "…"),
    ],
)
def test_words_from_outside_are_words(words, shown):
    assert text.plain(words) == shown
