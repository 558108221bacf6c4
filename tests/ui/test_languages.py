"""Every page in every language: nothing is said past the catalogue, and nobody hears the language of another."""

import re

import pytest

import ui.basics.settings
import ui.evaluate.settings
import ui.lessons.settings
import ui.train.settings  # noqa: F401  (these declare the parts of pages)
import words
from core.lessons import folder
from core.network.presets import PRESETS
from tests.core.runs.sample_runs import trained
from tests.ui import said
from tests.ui.conftest import opened
from ui.evaluate import jobs
from ui.shared import navigation, networks, state

# What is the same in all languages: names of Keras' classes and functions, of networks and their layers, units, code.
NAMES = {navigation.title(key) for key in navigation.SECTIONS["Layers"]} | {
    *("Layer Lab", "Keras", "TensorFlow", "MNIST", "Adam", "Grad-CAM", "English", *words.LANGUAGES.values()),
    *(
        "sparse_categorical_crossentropy",
        "result()",
        "history",
        "total",
        "count",
        "drop_remainder",
        "tf.constant",
        "tf.cast",
    ),
    *("float32", "uint8", "mean", "stddev", "minval", "maxval", "shuffle: buffer_size", "shuffle: seed"),
    *("Naeini, Cooper and Hauskrecht", "Guo, Pleiss, Sun and Weinberger", "On calibration of modern neural networks"),
    "Obtaining well calibrated probabilities using Bayesian binning",
    *("relu", "MB", "kB", "ln", "F1", "One of each", *(name.replace("_", " ") for name in PRESETS)),
    *(name for network in PRESETS.values() for name in network.names),
    *(type(layer).__name__ for network in PRESETS.values() for _, layer in network),
    *(layer.title for network in PRESETS.values() for _, layer in network),
}
WORD = re.compile(r"[^\W\d_]{2,}")
PARTS = {
    "tensors": "tensor_part",
    "dataset": "data_part",
    "evaluate": "eval_part",
    "train": "train_part",
    "lessons": "lessons_part",
}
PAGES = navigation.keys()
VIEWS = [(page, {}) for page in PAGES if page not in PARTS]
VIEWS += [(page, {part: option}) for page, part in PARTS.items() for option in state.PARAMS[part].options]


def unknown(text):
    """Words that are no names."""
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, " ")
    return WORD.findall(text)


def lessons():
    """What lessons say: they are files of their own in each language, and in the pseudo language those in English."""
    return "\n".join(path.read_text() for path in (folder.SHIPPED / folder.LANGUAGE).glob("*.md"))


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize(("page", "query"), VIEWS, ids=lambda value: str(value) if value else "")
def test_all_words_of_a_page_are_messages(page, query):
    run = trained("1")
    if page == "evaluate":  # else it says how far the evaluation is
        jobs.wait(networks.named(networks.SHIPPED))
    english = opened(page, **query, train_run=run.id)  # what is kept of it must not be said in English again
    assert not english.exception
    app = opened(page, lang=words.PSEUDO, **query, train_run=run.id)
    assert not app.exception
    known = lessons() if page == "lessons" else ""
    values = {" ".join(area.value.split()) for area in app.text_area}
    left = [text for text in said.outside(app) if unknown(text) and text not in values]
    assert [text for text in left if text.strip("*0123456789. ") not in known] == []


def test_a_link_says_the_language():
    app = opened("pooling", lang="ko")
    assert not app.exception and any(re.search("[가-힣]", text) for text in said.texts(app))
    app = opened("pooling")
    assert not any(re.search("[가-힣]", text) for text in said.texts(app) if "한국어" not in text)


def test_a_language_that_nobody_speaks_is_a_sentence():
    app = opened("pooling", lang="tlh")
    assert not app.exception and "`lang` expects one of en, ko, en-XA;" in app.warning[0].value
