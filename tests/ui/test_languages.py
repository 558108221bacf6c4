"""Every page in every language: nothing is said past the catalogue, and nobody hears the language of another."""

import re

import pytest

import words
from tests.core.runs.sample_runs import trained
from tests.ui import said
from tests.ui.conftest import opened
from ui.shared import navigation

# What is the same in all languages: names of Keras' classes and functions, of units, keys and people.
NAMES = {navigation.title(key) for key in navigation.SECTIONS["Layers"]} | {
    *("Layer Lab", "MNIST", "Keras", "TensorFlow", "NumPy", "ReLU", "LeakyReLU", "Adam", "SGD", "RMSprop"),
}
WORDS = re.compile(r"[^\W\d_]{2,}")
PAGES = navigation.keys()
VIEWS = [
    *((page, {}) for page in PAGES if page != "train"),
    *(("train", {"train_part": part}) for part in ("setup", "watch", "runs")),
]


def unknown(text):
    """Words that are no names."""
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, " ")
    return WORDS.findall(text)


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize(("page", "query"), VIEWS)
def test_all_words_of_a_page_are_messages(page, query):
    run = trained("run")
    english = opened(page, **query, train_run=run.id)  # what is kept of it must not be said in English again
    assert not english.exception
    app = opened(page, lang=words.PSEUDO, **query, train_run=run.id)
    assert not app.exception
    assert [text for text in said.outside(app) if unknown(text.replace("run", " "))] == []


def test_a_link_says_the_language():
    app = opened("pooling", lang="ko")
    assert not app.exception and any(re.search("[가-힣]", text) for text in said.texts(app))
    app = opened("pooling")
    assert not any(re.search("[가-힣]", text) for text in said.texts(app) if "한국어" not in text)


def test_a_language_that_nobody_speaks_is_a_sentence():
    app = opened("pooling", lang="tlh")
    assert not app.exception and "`lang` expects one of en, ko" in app.warning[0].value
