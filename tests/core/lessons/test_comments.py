"""Comments in code that people read are said in their language, and the code stays what it is."""

import re

import words
from core.lessons import comments, input_dtype, mistakes, training_mistakes

SLIPS = (
    *mistakes.SLIPS,
    *(slip for slips in mistakes.LAYER_SLIPS.values() for slip in slips),
    *training_mistakes.SLIPS,
    *training_mistakes.GRADIENT_SLIPS,
)
CODE = [input_dtype.SCRIPT, *(code for slip in SLIPS for code in (slip.setup, slip.wrong, slip.right))]
MARKED = {*input_dtype.COMMENTS, *mistakes.COMMENTS, *training_mistakes.COMMENTS}


def test_every_comment_is_marked():
    assert {comment for code in CODE for comment in re.findall(r"# (.*)", code)} == MARKED


def test_only_comments_change():
    for code in CODE:
        assert comments.translated(code) == code
        with words.using(words.PSEUDO):
            said = comments.translated(code)
        assert said.count("⟦") == code.count("# ") and said.replace("⟦", "").replace("⟧", "") == code
