"""Whatever a run, a file, an address or a message is called, a page shows these words and does nothing else with them:
no picture is fetched, nothing is linked, nothing is formatted."""

import json
import re

import pytest

from core.runs import folders
from tests.core.runs.sample_runs import trained
from tests.ui.conftest import opened, switched
from ui.shared import navigation
from ui.train import curves
from viz import training_curves

NAME = "![x](//evil.example/p.png) [y](//e) **b** :red[z] $q$"
PAGES = (navigation.HOME, "conv2d", "dense", "flatten", "network", "predict", "evaluate", "tensors")
# a picture, a link, formatting or a directive that nobody has escaped
ACTIVE = re.compile(r"(?<!\\)\[[xyz](?<!\\)\]|\*\*b(?<!\\)\*\*|(?<!\\):red(?=\\?\[[za])|(?<!\\)\$q(?<!\\)\$")


def markdown(app):
    """All that a browser reads as Markdown."""
    kinds = (
        app.markdown,
        app.caption,
        app.error,
        app.warning,
        app.info,
        app.success,
        app.title,
        app.header,
        app.subheader,
    )
    yield from (element.value for kind in kinds for element in kind)
    widgets = (app.button, app.get("segmented_control"), app.get("button_group"), app.slider, app.get("expander"))
    yield from (str(element.label) for kind in widgets for element in kind if hasattr(element, "label"))


def check(app, where):
    assert not app.exception, where
    for said in markdown(app):
        assert not ACTIVE.search(said), (where, said)


def test_the_check_finds_what_is_not_escaped():
    assert all(ACTIVE.search(part) for part in ("![x](//e)", "[y](//e)", "**b**", ":red[a]", "$q$"))
    assert not ACTIVE.search(r"!\[x\](//e) \*\*b\*\* \:red\[z\] \$q\$")


@pytest.mark.usefixtures("own_runs")
def test_a_name_is_words_on_every_page():
    run, other = trained(NAME), trained(f"{NAME[:50]} 2")
    app = opened(navigation.HOME, net=run.id, train_compare=f"{run.id},{other.id}", pred_second=other.id)
    for page in PAGES:
        check(switched(app, page), page)
    shown = 0
    for part in ("setup", "watch", "runs"):
        app = opened("train", train_part=part, net=run.id, train_compare=f"{run.id},{other.id}")
        check(app, part)
        shown += sum("evil.example" in said for said in markdown(app))
    assert shown  # otherwise this says nothing


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize("status", ["failed", "stopped", "queued"])
def test_what_a_run_says_is_words(status):
    trained("x", status=status, message=NAME)
    for part in ("watch", "runs"):
        check(opened("train", train_part=part), part)


@pytest.mark.usefixtures("own_runs")
def test_what_was_refused_is_words(monkeypatch):
    def refuse(*args):
        raise folders.RunError(NAME)

    monkeypatch.setattr("core.runs.queue.start", refuse)
    app = opened("train")
    app.button(key="train_start").click().run()
    assert "evil.example" in app.error[0].value
    check(app, "refused")


@pytest.mark.parametrize("key", ["net", "train_run", "conv_filters", "fit_rate", "tensor_text", "random_shape"])
def test_what_an_address_says_is_words(key):
    for page in (navigation.HOME, "tensors"):
        check(opened(page, **{key: NAME}), (page, key))


@pytest.mark.usefixtures("own_runs")
def test_a_name_in_a_legend_is_no_html():
    name = '<a href="//evil.example">x</a> & y'
    drawn = json.loads(training_curves.several([curves.of(trained(name), "loss", "epoch")], "loss").to_json())["data"]
    assert all("<a" not in trace["name"] + trace["hovertemplate"] for trace in drawn)
    assert any("&lt;a href" in trace["name"] and "&amp; y" in trace["name"] for trace in drawn)
