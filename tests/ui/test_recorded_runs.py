"""Recorded runs on their pages: marked, watched at once, evaluated by all, changed by nobody."""

import pytest

from core.runs import folders, recorded
from core.training.presets import SMALL
from tests.ui.conftest import codes, network_box, opened
from ui.shared import visitor

pytestmark = pytest.mark.usefixtures("own_runs")


def words(app):
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


def small():
    return recorded.of_preset(SMALL)


def test_a_preset_leads_to_its_recorded_run_and_to_its_replay():
    app = opened("train")
    assert "train_recorded" not in {button.key for button in app.button}
    app.selectbox(key="train_preset").set_value(SMALL).run()
    assert "Watch it at once" in app.button(key="train_recorded").label
    app.button(key="train_recorded").click().run()
    assert not app.exception and not app.error
    assert app.session_state["train_run"] == small().id and app.session_state["train_view"] == "replay"
    assert "Recorded on another machine" in words(app) and folders.listed() == []
    assert app.query_params["train_view"] == "replay"


@pytest.mark.parametrize("view", ["curves", "replay"])
def test_every_part_of_a_recorded_run_is_shown_and_nothing_to_change_it(view):
    app = opened("train", train_part="watch", train_run=small().id, train_view=view)
    assert not app.exception and not app.error and not app.warning
    assert not {button.key for button in app.button} & {"watch_pause", "watch_resume", "watch_stop"}
    assert "The newest weights" in words(app)


def test_the_list_has_them_apart_with_all_but_delete():
    app = opened("train", train_part="runs")
    assert not app.exception and "No run yet" in words(app) and "One of every preset" in words(app)
    keys = {button.key for button in app.button}
    for run in folders.recorded():
        assert f"watch_{run.id}" in keys and f"delete_{run.id}" not in keys
        assert (f"evaluate_{run.id}" in keys) == run.learned
    assert not any(visitor.may_change(run) for run in folders.recorded())


def test_it_is_a_network_of_all_pages_from_its_start_to_its_end():
    app = opened("conv2d", net=small().id, net_epoch="0")
    assert not app.exception and not app.error
    assert network_box(app).value == small().id and f'folders.find("{small().id}").model(0)' in codes(app)[0]
