"""A damaged run takes no page down: it is shown as damaged, with what is wrong, and can be deleted."""

import shutil
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network import evaluation
from core.runs import folders
from core.runs.damage import damages
from tests.core.runs.sample_runs import DAMAGES, SPEC, trained
from tests.core.runs.test_damage import FILES, changes, damaged
from tests.ui.conftest import opened, switched
from ui.evaluate import jobs
from ui.shared import navigation, networks, text

# what shows the chosen network; what only lists runs is opened once, with all of them
PAGES = ("conv2d", "dense", "network", "predict", "evaluate")


@pytest.fixture(scope="module", autouse=True)
def few_images():
    """Evaluate begins to read ten thousand images, and no test here waits for them: what a run's files give to that is
    the same for the first batch."""
    whole = evaluation.evaluate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            evaluation, "evaluate", lambda model, images, labels, *rest: whole(model, images[:250], labels[:250], *rest)
        )
        yield
    jobs._evaluations.clear()  # who comes next wants all images


def shown(app):
    kinds = (app.markdown, app.caption, app.warning, app.error, app.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def visit_all(run, sound):
    """Every page that reads the chosen run, in one session; the list of all runs last."""
    query = {"net": run.id, "train_part": "watch", "train_run": run.id, "train_compare": f"{run.id},{sound.id}"}
    app = opened(navigation.HOME, **query)
    assert not app.exception
    for page in PAGES:
        switched(app, page)
        assert not app.exception, page
        assert not any("Error" in error.value for error in app.error), page
    switched(app, "train")
    assert not app.exception and app.session_state["train_part"] == "watch"
    return list_of_runs(app)


def list_of_runs(app):
    """From another part of the Train page."""
    app.session_state["train_part"] = "runs"
    app.run()
    assert not app.exception and "All runs" in [header.value for header in app.header]
    return app


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize("name", DAMAGES)
def test_no_page_raises_and_the_run_is_shown_as_damaged(name):
    sound, run = trained("sound"), trained("broken")
    DAMAGES[name](run)
    app = visit_all(run, sound)
    for said in damages(run):
        assert text.plain(said) in shown(app)
    app.button(key=f"delete_{run.id}").click().run()
    assert not app.exception and folders.listed() == [sound]
    assert not damages(sound) and "sound" in shown(app)


@pytest.mark.usefixtures("own_runs")
def test_pages_that_list_runs_take_all_damages_at_once(monkeypatch):
    monkeypatch.setattr("ui.train.runs._PAGE", len(DAMAGES))
    runs = {name: trained(f"run {i}") for i, name in enumerate(DAMAGES)}
    for name, run in runs.items():
        DAMAGES[name](run)
    app = opened("tensors")
    assert not app.exception
    switched(app, "train")
    assert not app.exception and app.button(key="train_start")
    list_of_runs(app)
    for name, run in runs.items():
        assert all(text.plain(said) in shown(app) for said in damages(run)), name


@pytest.mark.usefixtures("own_runs")
def test_a_sound_run_shows_no_damage():
    app = visit_all(trained(), trained())
    assert "damaged" not in shown(app) and not app.warning


@pytest.mark.usefixtures("own_runs")
def test_settings_of_a_run_that_was_deleted_since_are_a_sentence():
    trained("other"), (run := trained("gone"))
    app = opened("train", train_part="watch", train_run=run.id)
    folders.remove(run)
    app.button(key="watch_settings").click().run()
    assert not app.exception and "was deleted" in app.error[0].value


@pytest.mark.usefixtures("own_runs")
def test_weights_of_another_network_are_one_sentence_on_every_page():
    run = trained()
    DAMAGES["other weights"](run)
    for page in ("conv2d", "home"):
        app = opened(page, net=run.id)
        assert not app.exception and "should fit its layers" in app.error[0].value, page
    with pytest.raises(folders.RunError, match="fit its layers"):
        jobs.wait(networks.named(run.id))
    app = opened("evaluate", net=run.id)
    assert not app.exception and "should fit its layers" in app.error[0].value


# a page takes seconds, so these are few, beside the table above, and the same in every run; the reader itself is tried
# with hundreds, others each time
@settings(max_examples=4, derandomize=True)
@given(st.sampled_from(FILES), changes)
def test_no_byte_in_a_folder_takes_a_page_down(name, changes):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", folder)
        sound = trained("sound")
        run = folders.create(SPEC, "broken")
        shutil.rmtree(run.folder)
        shutil.copytree(sound.folder, run.folder)
        (run.folder / name).write_bytes(damaged((run.folder / name).read_bytes(), changes))
        visit_all(run, sound)


@pytest.mark.usefixtures("own_runs")
@pytest.mark.parametrize(("name", "why"), [("checkpoint.npz", "damaged"), ("", "missing")])
def test_a_run_that_cannot_go_on_asks_before_anything_is_lost(name, why, monkeypatch):
    asked = []
    monkeypatch.setattr("core.runs.queue._submit", asked.append)
    run = trained(status="interrupted", message="It was killed.")
    (run.folder / "checkpoint.npz").unlink()
    if name:
        (run.folder / name).write_bytes(b"PK no checkpoint")
    app = opened("train", train_part="watch", train_run=run.id)
    assert not app.exception and why in shown(app)
    assert "watch_resume" not in [button.key for button in app.button]
    assert len(run.epochs()) == 2 and not asked
    again = app.button(key="watch_again")
    assert "2 epochs" in again.label
    again.click().run()
    assert not app.exception and asked == [run] and run.state.status == "queued"
    assert run.epochs() == [] and run.saved_epochs() == []


@pytest.mark.usefixtures("own_runs")
def test_the_end_of_a_run_is_no_epoch_that_it_does_not_have():
    run = trained()
    assert jobs._weights(networks.named(run.id)) == "its weights after epoch 2"
    run.put_state(status="stopped", epoch=1, batch=2)
    assert jobs._weights(networks.named(run.id)) == "its newest weights, from within epoch 2"
    app = opened("train", train_part="watch", train_run=run.id)
    assert not app.exception and "Epoch 3 of 2" not in shown(app)
