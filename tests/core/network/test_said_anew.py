"""What is kept for all readers is said to each in their own language."""

import numpy as np
import pytest

import words
from core.data import preprocessing
from core.network import importing, notation
from core.network.evaluation import EvaluationError
from core.network.network import NetworkError
from core.tensors import casting, literals, tensor


def _in(language, say):
    with words.using(language):
        return say()


REFUSED = notation.parse("Flatten - Conv2D 8 3")
STAGE = REFUSED.trace()[-1]
ERROR = EvaluationError(7)
STEP = preprocessing.steps(np.zeros((28, 28), np.uint8), ("newaxis", "newaxis"))[-1]


@pytest.mark.parametrize("say", [REFUSED.problem, lambda: STAGE.problem, lambda: str(ERROR), lambda: STEP.note])
def test_a_sentence_of_what_is_kept(say):
    english = _in("en", say)
    assert _in("ko", say) != english and _in(words.PSEUDO, say) != english and _in("en", say) == english


def test_the_comment_of_a_kept_script():
    report = tensor.array(literals.parse_literal("[1.5, 2.5]"))
    script = casting.astype(report, "int8")
    assert "# the same values as a plain array" in script.code
    assert "# ⟦the same values as a plain array⟧" in _in(words.PSEUDO, lambda: script.code)


def test_the_process_that_reads_a_file_answers_in_the_language_of_who_brings_it():
    with words.using(words.PSEUDO), pytest.raises(NetworkError, match=r"^⟦A .keras file is a zip archive.*⟧$"):
        importing.import_keras(b"no archive")
