"""Codes, tallies, what fooled the network, and the file of drawings: without a database."""

import io
import json
import zipfile

import numpy as np
import pytest

from core.classes import answers, board, codes, invitation, teaching
from core.classes.answers import Given
from core.classes.drawings import Drawn


def drawn(number, label, prediction, probability, pupil=1, network="Basic_CNN, trained"):
    pixels = np.full((28, 28), number, np.uint8)
    return Drawn(number, pupil, pixels, [[1, 18, 5, 6]], label, prediction, probability, network)


DRAWINGS = [
    drawn(1, 4, 4, 0.9, pupil=7),
    drawn(2, 4, 9, 0.6, pupil=9),
    drawn(3, 1, 7, 0.8, pupil=7),
    drawn(4, 4, 4, 0.5),
]


@pytest.mark.parametrize("typed", ["48271530", "4827 1530", " 4827-1530 ", "4827.1530", "4 8 2 7 1 5 3 0"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.written(typed) == "48271530" and codes.spoken("48271530") == "4827 1530"


@pytest.mark.parametrize("typed", ["", "4827", "482715300", "4827153o", "٤٨٢٧١٥٣٠", "48271530' OR 1"])
def test_what_is_no_code_is_none(typed):
    assert codes.written(typed) is None


def test_a_token_cannot_be_read_from_its_marks():
    marks = {teaching.mark("token", code) for code in ("", "1", "2")}
    assert len(marks) == 3 and not any("token" in mark for mark in marks)


def test_choices_nobody_took_are_counted_too():
    found = [Given(1, "b", True), Given(2, "a", False), Given(3, "b", None)]
    counted = [(each.answer, each.count, each.correct, each.pupils) for each in answers.tally(found, ("a", "b", "c"))]
    assert counted == [("a", 1, 0, (2,)), ("b", 2, 1, (1, 3)), ("c", 0, 0, ())]


def test_numbers_come_in_their_order():
    found = [Given(n, said, None) for n, said in enumerate(["24", "-3", "100", "1e3", "24", "2.5"])]
    assert [each.answer for each in answers.tally(found)] == ["-3", "2.5", "24", "100", "1e3"]


def test_what_fooled_it_comes_first():
    found = board.as_sent(DRAWINGS)
    assert [DRAWINGS[place].id for place in found.order()] == [3, 2, 4, 1]
    assert found.confusion[4].tolist() == [0, 0, 0, 0, 2, 0, 0, 0, 0, 1] and found.confusion.sum() == 4


def test_another_network_reads_the_same_drawings():
    found = board.read_by(DRAWINGS, np.eye(10)[[4, 4, 1, 2]] * 0.7)
    assert found.correct.tolist() == [True, True, True, False] and found.confidences.tolist() == [0.7] * 4


def test_an_empty_board():
    found = board.as_sent([])
    assert found.order().tolist() == [] and found.confusion.sum() == 0 and board.pixels([]).shape == (0, 28, 28)


def test_the_file_is_read_by_numpy_and_by_people():
    content = board.as_file(DRAWINGS, "24 November 2026")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        assert file["x"].dtype == np.uint8 and np.array_equal(file["x"], board.pixels(DRAWINGS))
        assert file["y"].tolist() == [4, 4, 1, 4] and file["prediction"].tolist() == [4, 9, 7, 4]
        assert file["writer"].tolist() == [0, 1, 0, 2], "numbered anew: those of the database say who came when"
        assert file["probability"].tolist() == pytest.approx([0.9, 0.6, 0.8, 0.5])
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read(board.SHEET).decode()
        assert json.loads(file.read(board.STROKES)) == [[[1, 18, 5, 6]]] * 4
    assert "4 drawings by 3 writers" in sheet and "24 November 2026" in sheet and "| 4 | 3 |" in sheet


def test_the_address_keeps_the_folder_the_app_is_served_from():
    assert invitation.address("http://10.0.0.5:8501/teach", "48271530") == "http://10.0.0.5:8501/lessons?class=48271530"
    assert invitation.address("https://x.org/lab/teach", "1") == "https://x.org/lab/lessons?class=1"
    assert invitation.is_local("http://localhost:8501/teach") and not invitation.is_local("http://10.0.0.5/teach")


def test_the_code_is_a_square_with_white_around_it():
    code = invitation.qr("http://10.0.0.5:8501/lessons?class=48271530")
    assert code.dtype == np.uint8 and code.shape[0] == code.shape[1] and set(np.unique(code)) == {0, 255}
    assert code[:4].min() == 255 and code[4, 4] == 0, "four modules of quiet, then the corner's mark"
    assert not np.array_equal(code, invitation.qr("http://10.0.0.6:8501/lessons?class=48271530"))
