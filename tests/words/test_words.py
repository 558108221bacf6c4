"""What is said, and in which language."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

import words
from words import N_, PSEUDO, _, browser, plural, using


def test_english_is_what_stands_in_the_code():
    assert words.language() == "en"
    assert _("{left:,} of {all:,}", left=1000, all=2000) == "1,000 of 2,000"
    assert _("{braces} without values") == "{braces} without values"
    assert N_("as it is") == "as it is" and _("") == ""


def test_the_language_is_that_of_the_moment_and_of_the_thread():
    heard = []
    with using(PSEUDO):
        assert _("one {thing}", thing=1) == "⟦one 1⟧"
        thread = threading.Thread(target=lambda: heard.append(_("one")))
        thread.start()
        thread.join()
        with using("en"):
            assert _("one") == "one"
        assert _("one") == "⟦one⟧"
    assert heard == ["one"] and _("one") == "one"


def test_what_listens_is_asked_each_time(monkeypatch):
    monkeypatch.setattr(words, "_listening", list(words._listening))
    spoken = iter(("en", PSEUDO))
    words.listen(lambda: next(spoken))
    assert [_("one"), _("one")] == ["one", "⟦one⟧"]


@pytest.mark.parametrize(("count", "said"), [(0, "0 runs of 9"), (1, "1 run of 9"), (2, "2 runs of 9")])
def test_plurals(count, said):
    assert plural("{count} run of {all}", "{count} runs of {all}", count, all=9) == said
    with using(PSEUDO):
        assert plural("{count} run of {all}", "{count} runs of {all}", count, all=9) == f"⟦{said}⟧"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-GB,ko;q=0.9", "en"),
        ("de-DE,de;q=0.9,ko;q=0.5,en;q=0.4", "ko"),
        ("fr;q=1, ja", "en"),
        ("en;q=0.2, KO-kr;q=0.3", "ko"),
        ("ko;q=0, en;q=0.1", "en"),
        ("ko;q=much", "en"),
        (";,;;q=,", "en"),
    ],
)
def test_the_browser_asks_for_a_language(header, language):
    assert words.asked(header) == language


@given(st.text())
def test_whatever_a_browser_asks_for_is_answered_in_a_language(header):
    assert words.asked(header) in words.LANGUAGES


def test_words_of_a_script_are_found():
    script = 'a(_("One {n}", { n })); b(_(\n"Two \\"quoted\\""), _("One {n}")); under_("no"), x._("no"), _(name)'
    assert browser.of_script(script) == ["One {n}", 'Two "quoted"']


def test_words_of_markup_are_found():
    markup = """<!-- part --><style>a word</style><p title="Move the
      window">▶  Follow the
      digit <b>now</b></p><i>·</i><canvas aria-label="A map"></canvas><select><option value="slow">slow</option>"""
    assert browser.of_markup(markup) == ["Move the window", "▶ Follow the digit", "now", "A map", "slow"]


def test_a_dictionary_has_what_is_said_otherwise(monkeypatch):
    said = {"One": "하나", "ReLU": "ReLU"}
    monkeypatch.setattr(words, "_looked_up", lambda message: said.get(message, message))
    assert browser.dictionary(["One", "ReLU", "Two"]) == {"ko": {"One": "하나"}}
