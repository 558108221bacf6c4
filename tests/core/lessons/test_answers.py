"""Which answer is right, and what is said to it."""

from dataclasses import replace

import pytest

from core.lessons import answers, reader, wording
from core.lessons.expression import ExpressionError
from core.lessons.ranges import ANY
from tests.core.lessons.test_reader import FILE

VIEW = {"output_shape": (24, 24, 4), "input_shape": (28, 28, 1), "zeros": 0.5}


def question(step, text=FILE):
    return reader.lesson(text, "f", "k", "en").steps[step].question


@pytest.mark.parametrize(("said", "right"), [(24, True), (22, True), (26, True), (21, False), (27, False), (28, False)])
def test_a_number_is_right_within_its_distance(said, right):
    asked = question(0)
    found = answers.judged(asked, answers.as_text(asked, said), VIEW)
    assert found.right is right
    assert found.truth == "24 rows"
    assert found.after == "Look."


@pytest.mark.parametrize(("said", "reply"), [(24, "Yes."), (28, "That is the picture."), (7, "Count.")])
def test_a_likely_mistake_gets_its_own_words(said, reply):
    assert answers.judged(question(0), answers.as_text(question(0), said), VIEW).reply == reply


def test_of_several_mistakes_the_nearest_is_meant():
    asked = replace(question(0, FILE.replace("@otherwise", "@wrong 30\nThirty.\n@otherwise")), between=ANY)
    assert answers.judged(asked, "29.1", VIEW).reply == "Thirty."
    assert answers.judged(asked, "28.9", VIEW).reply == "That is the picture."


def test_a_choice_is_right_where_its_condition_holds():
    asked = question(1)
    wrong, right = (answers.judged(asked, answers.as_text(asked, place), VIEW) for place in (0, 1))
    assert (wrong.right, wrong.said, wrong.truth, wrong.reply) == (False, "All", "Some (or none)", "No.")
    assert (right.right, right.reply) == (True, "Right, 50 per cent.")


def test_exactly_one_answer_must_hold():
    both = question(1, FILE.replace(":: zeros < 1", ":: zeros <= 1"))
    assert answers.judged(both, "a", VIEW).truth
    with pytest.raises(ExpressionError, match="2 are"):
        answers.judged(both, "a", {**VIEW, "zeros": 1.0})


def test_what_is_to_be_done_is_looked_at():
    asked = question(3)
    assert not answers.judged(asked, answers.DONE, VIEW).right
    assert answers.judged(asked, answers.DONE, {**VIEW, "output_shape": (4, 4, 1)}).reply == "Well done."


def test_what_has_no_value_is_not_done_yet():
    """A letter in a box for numbers, say: what the check asks of it is nothing that a learner should read."""
    asked = question(3)
    found = answers.judged(asked, answers.DONE, {**VIEW, "output_shape": "a"})
    assert not found.right and "Not yet" in found.reply and "output_shape" not in found.reply


@pytest.mark.parametrize(("step", "said"), [(0, "much"), (0, "1e999"), (0, ""), (1, "c"), (1, "ab"), (1, ""), (3, "a")])
def test_what_can_be_no_answer_is_told_so(step, said):
    assert answers.problem(question(step), said)


@pytest.mark.parametrize("said", ["-1", "3.5", "-0.5"])
def test_a_number_that_no_count_can_be_is_told_what_is_expected(said):
    problem = answers.problem(question(0), said)
    assert "whole number not below 0" in problem and wording.shown(float(said)) in problem
    with pytest.raises(ExpressionError, match="whole number"):
        answers.judged(question(0), said, VIEW)


@pytest.mark.parametrize("number", [0.0, -0.090075534, 1e-7, 123456789.0, 1 / 3])
def test_a_number_survives_the_address(number):
    asked = replace(question(0), between=ANY)
    text = answers.as_text(asked, number)
    assert answers.problem(asked, text) is None
    assert float(text) == pytest.approx(number, rel=1e-8)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234567, "", "1,234,567"),
        (0.123456, "", "0.1235"),
        (-0.5, ".1f", "−0.5"),
        (0.945, ".1%", "94.5%"),
        (0.9964, ".0%", "99.6%"),
        (0.99987, ".1%", "99.99%"),
        (0.0003, ".0%", "0.03%"),
        (1.0, ".0%", "100%"),
        (0.0, ".0%", "0%"),
        ((28, 28, 1), "", "(28, 28, 1)"),
        ((1568,), "", "(1568,)"),
        (True, "", "yes"),
        ("same", "", "same"),
    ],
)
def test_numbers_in_sentences(value, form, text):
    assert wording.shown(value, form) == text


def test_brackets_can_be_written_and_gaps_left_open():
    known = {"zeros": ""}
    assert wording.filled("{{x}} is {zeros:.0%}", {"zeros": 0.5}, known) == "{x} is 50%"
    assert wording.blanked("{{x}} is {zeros:.0%}") == "{x} is ____"
    with pytest.raises(ExpressionError):
        wording.gaps("{zeros:>99999}", known)
