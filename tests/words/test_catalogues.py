"""The catalogues have what the code says, nothing else, and keep the places for values."""

import re

import pytest
from babel.messages import Catalog

import words
from words import catalogues


def test_every_message_is_said_in_every_language():
    problems = catalogues.problems()
    assert not problems, "\n".join([*problems, "`make words` brings the catalogues up to date with the code."])


# The checker itself: it has to find what it is there for.


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Code that says two sentences, and an empty folder for what is said of them elsewhere."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "page.py").write_text('_("A map of {name}")\nplural("{count} run", "{count} runs", 2)\n')
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    catalogues.update()
    return tmp_path


def say(**said):
    """Write down what is said in Korean, by the first word of the message."""
    catalogue = catalogues.read("ko")
    for message in catalogue:
        first = (message.id if isinstance(message.id, str) else message.id[0]).split()[0] if message.id else ""
        if first.strip("{}").lower() in said:
            message.string = said[first.strip("{}").lower()]
    catalogues.path("ko").write_bytes(catalogues._as_po(catalogue))


def test_korean_needs_no_particle_in_brackets():
    """Which of two it is depends on the sound before it, and that may be a number: such a sentence is put otherwise."""
    both = re.compile(r"\((은|는|이|가|을|를|과|와|으|로|라|아|야)\)")
    said = [message.string for message in catalogues.read("ko") if message.id]
    assert both.search("{rate}(으)로") and len(said) > 1000
    assert [each for each in said if both.search(str(each))] == []


def test_what_is_not_said_is_found(made):
    assert [problem.split(" of ")[0] for problem in catalogues.problems()] == ["ko: no translation"] * 2
    say(a="{name}의 맵", count=("기록 {count}개",))
    assert catalogues.problems() == ["ko: the .mo is not made from this .po"]
    catalogues.update()
    assert catalogues.problems() == []


@pytest.mark.parametrize("said", ["맵", "{map}의 맵", "{name:.2f}의 맵", "{name!r}의 맵", "{name의 맵"])
def test_other_places_for_values_are_found(made, said):
    say(a=said, count=("기록 {count}개",))
    assert any("different places" in problem for problem in catalogues.problems())


def test_what_nobody_says_any_more_is_found_and_goes(made):
    say(a="{name}의 맵", count=("기록 {count}개",))
    catalogues.update()
    (made / "ui" / "page.py").write_text('_("A map of {name}")\n')
    assert any("any more" in problem for problem in catalogues.problems())
    catalogues.update()
    assert catalogues.problems() == []
    assert {message.id for message in catalogues.read("ko") if message.id} == {"A map of {name}"}


def test_what_is_compiled_is_what_python_reads(made, monkeypatch):
    say(a="{name}의 맵", count=("기록 {count}개",))
    catalogues.update()
    monkeypatch.setattr(words, "FOLDER", made)
    words._catalogue.cache_clear()
    try:
        with words.using("ko"):
            assert words._("A map of {name}", name=3) == "3의 맵"
            assert words.plural("{count} run", "{count} runs", 2) == "기록 2개"
            assert words._("Not there") == "Not there"
    finally:
        words._catalogue.cache_clear()


def test_a_doubtful_translation_is_none():
    catalogue = Catalog(locale="ko")
    catalogue.add("One", "하나", flags=["fuzzy"])
    assert "하나".encode() not in catalogues.as_mo(catalogue)
