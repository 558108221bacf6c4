"""The Train page without a browser: every setting reaches the spec, runs are shown as they stand, errors have words."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
import streamlit as st

from core.lessons import metric_collection
from core.lessons.training_mistakes import SLIPS
from core.network.notation import parse
from core.network.presets import Blocks
from core.runs import cluster, diagnosis, folders, queue
from core.scripts import training
from core.storage.locks import FileLock
from core.training.presets import PRESETS
from core.training.spec import TrainingSpec
from tests.core.runs import sample_runs
from tests.ui import conftest
from tests.ui.said import columns
from ui.shared import navigation, state
from ui.train import pill, settings
from viz import palette

pytestmark = pytest.mark.usefixtures("own_runs")
SMALL = Blocks(filters=(4,), convolutions=1, dense_units=8).network()
SPEC = TrainingSpec(network=SMALL, examples=500, validation=500, epochs=2)


def opened(**query):
    app = conftest.opened("train", **query)
    assert not app.exception
    return app


def words(app):
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info) for element in kind)


def trained(name="done", spec=SPEC, **changes):
    """A run as its process leaves it, without training anything."""
    run = sample_runs.trained(name, spec, **changes)
    (run.folder / "latest.npz").unlink()
    run.final.write_bytes(b"network")
    return run


def test_the_code_is_that_of_the_settings():
    app = opened(fit_optimizer="sgd", fit_rate="0.03", fit_batch="32", cnn_dense_units="100", train_code="loop")
    spec = TrainingSpec(
        network=Blocks(dense_units=100).network(), optimizer="sgd", learning_rate=0.03, batch_size=32, engine="fit"
    )
    assert conftest.codes(app)[0] == training.as_code(spec, "loop")


@pytest.mark.parametrize("form", training.FORMS)
def test_every_form_of_the_code_is_shown_with_what_is_the_same(form):
    app = opened(train_code=form, fit_augmentation="light")
    assert conftest.codes(app)[0] == training.as_code(TrainingSpec(augmentation="light"), form)
    assert ("ends with the same weights" in words(app)) == (form != "arrays")
    assert ("Not the same: the order" in words(app)) == (form == "arrays")
    assert ("steps_per_epoch" in words(app)) == (form == "fit")
    assert ("in front of the network" in words(app)) == (form == "arrays")


def test_a_form_that_is_impossible_says_why():
    app = opened(train_code="arrays", fit_augmentation="drawn")
    assert app.info[0].value == training.problem(TrainingSpec(augmentation="drawn"), "arrays")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("fit_optimizer", "rmsprop"),
        ("fit_rate", "0.01"),
        ("fit_schedule", "cosine"),
        ("fit_loss", "categorical_crossentropy"),
        ("fit_metrics", "top_3_accuracy"),
        ("fit_epochs", "5"),
        ("fit_batch", "16"),
        ("fit_examples", "2000"),
        ("fit_validation", "500"),
        ("fit_seed", "7"),
        ("fit_augmentation", "light"),
        ("cnn_blocks", "1"),
    ],
)
def test_every_setting_changes_what_is_shown(key, text):
    assert conftest.codes(opened())[0] != conftest.codes(opened(**{key: text}))[0]


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"])
def test_labels_are_shown_as_the_loss_wants_them(loss):
    text = words(opened(fit_loss=loss)).replace("\u00a0", " ")
    one_hot = "[0, 0, 0, 0, 0, 0, 0, 1, 0, 0]"
    assert (one_hot in text) == (loss != "sparse_categorical_crossentropy")
    assert ("0.3251" if loss == "binary_crossentropy" else "2.303") in text


def test_start_makes_a_run_and_shows_it(monkeypatch):
    asked = []
    monkeypatch.setattr(queue, "_submit", asked.append)
    app = opened(fit_examples="500", fit_validation="500", fit_epochs="1")
    app.text_input(key="train_name").set_value("my run")
    app.button(key="train_start").click().run()
    assert not app.exception
    (run,) = folders.listed()
    assert asked == [run] and run.name == "my run" and run.spec.examples == 500
    assert app.query_params["train_part"] == "watch" and app.query_params["train_run"] == run.id
    assert "Place 1 in the queue" in words(app)


def test_a_cluster_that_is_not_there_is_said_where_a_run_is_started_and_where_one_waits(monkeypatch):
    waiting = folders.create(SPEC, "waiting")
    monkeypatch.setenv(cluster.VARIABLE, "tcp://127.0.0.1:1")
    queue.executor.cache_clear()
    try:
        app = opened()
        app.button(key="train_start").click().run()
        assert "scheduler at tcp://127.0.0.1:1 does not answer: nothing was started" in app.error[0].value
        assert folders.listed() == [waiting]
        said = words(opened(train_part="watch", train_run=waiting.id))
        assert "Place 1 in the queue: the cluster's scheduler at tcp" in said and "waits until it does" in said
    finally:
        queue.executor().shutdown()
        queue.executor.cache_clear()


@pytest.mark.parametrize("status", ["running", "finished"])
@pytest.mark.parametrize("scheduler", ["tcp://127.0.0.1:1", ""])
def test_an_interrupted_run_is_watched_on_where_another_worker_may_take_it_up(monkeypatch, status, scheduler):
    clocks = []
    fragment = st.fragment
    monkeypatch.setattr(st, "fragment", lambda *what, run_every=None: clocks.append(run_every) or fragment(*what))
    monkeypatch.setenv(cluster.VARIABLE, scheduler)
    run = trained(status=status)
    app = opened(train_part="watch", train_run=run.id)
    assert not app.exception and run.state.status == {"running": "interrupted"}.get(status, status)
    assert any(clocks) == (status == "running" and bool(scheduler))


def test_a_run_says_on_how_many_devices_it_trained_where_there_were_several():
    one, two = trained("one", devices=1), trained("two", devices=2)
    assert "devices" not in words(opened(train_part="watch", train_run=one.id))
    assert "On 2 devices: each takes its equal part" in words(opened(train_part="watch", train_run=two.id))


def test_a_refused_start_is_said_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 0)
    app = opened(fit_seed="4")
    app.button(key="train_start").click().run()
    assert "At most 0 trainings can wait" in app.error[0].value
    assert app.number_input(key="fit_seed").value == 4 and folders.listed() == []


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_everything_and_says_what_to_look_for(name):
    app = opened()
    app.selectbox(key="train_preset").set_value(name).run()
    assert PRESETS[name].note in words(app)
    assert conftest.codes(app)[0] == training.as_code(PRESETS[name].spec)


def test_common_mistakes_are_a_line_until_it_is_opened():
    conftest.check_mistakes(opened(), "train_slips", SLIPS)


def pills(app):
    return [element for element in app.get("bidi_component") if "training_pill" in element.proto.component_name]


def test_a_page_has_no_pill_while_nothing_trains():
    trained(status="finished")
    trained(status="paused")
    for page in (navigation.HOME, "tensors"):
        assert not pills(conftest.opened(page))
    assert pill.now() == {}


def test_the_pill_says_which_run_trains_and_leads_to_it():
    waiting, run = trained("waits", status="queued"), trained("mine", status="running", epoch=1, seen=750)
    trained("killed", status="running")  # newer, and its process is gone
    with held(folders.turn()), held(run.folder / "lock"):
        assert pill.now() == {"id": run.id, "name": "mine", "where": "epoch 2 of 2", "share": 0.75}
        app = conftest.opened("tensors")
        assert len(pills(app)) == 1 and not app.exception
        folders.write_state(run, status="starting", epoch=0, seen=0)
        assert pill.now()["where"] == "starting"
        folders.write_state(run, status="running", epoch=2, seen=1000)
        assert pill.now()["where"] == "epoch 2 of 2" and waiting.said().status == "queued"
    with held(run.folder / "lock"):
        folders.write_state(run, status="paused")
        assert pill.now() == {} and pill.now(run.id)["where"] == "stands still", "it has not ended"
    assert pill.now() == {} == pill.now(run.id)


@contextmanager
def held(path):
    lock = FileLock(path)
    assert lock.acquire()
    yield
    lock.release()


def test_settings_and_spec_are_inverse():
    for preset in PRESETS.values():
        values = settings.settings_of(preset.spec)
        for key, value in values.items():
            assert state.PARAMS[key].read(state.to_text(value)) == value


def test_without_runs_both_parts_say_what_to_do():
    for part in ("watch", "runs"):
        assert "Start training" in words(opened(train_part=part))


def test_a_finished_run_is_shown_with_its_measures():
    older, run = trained("older"), trained("newer")
    sample_runs.value("spec.json", name="newer")(older)  # as of two servers that started one at the same moment
    app = opened(train_part="watch")
    assert app.selectbox(key="train_run").value == run.id == app.run().selectbox(key="train_run").value
    assert app.selectbox(key="train_run").options[:2] == [f"newer ({run.id})", "newer"]
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Validation accuracy"] == "91.25%" and metrics["Images seen"] == "1,000"
    assert "All 2 epochs" in words(app) or app.get("progress")
    assert "The newest weights: at the end" in words(app)


@pytest.mark.parametrize(("epochs", "said"), [(1, "The only epoch"), (2, "All 2 epochs")])
def test_over_the_bar_of_a_finished_run_stands_how_many_epochs_it_had(epochs, said):
    trained(spec=replace(sample_runs.SPEC, epochs=epochs))
    (bar,) = opened(train_part="watch").get("progress")
    assert bar.proto.text == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LeNet-5", "First kernels"),
        ("Flatten - Dense 8 relu - Dense 10 softmax", "No layer with weights gives maps here"),
        ("Dense 4 - Conv2D 3 9 relu - MaxPool2D 4 - Flatten - Dense 10 softmax", "has no kernels to draw"),
    ],
)
def test_a_run_of_any_network_is_shown_with_what_it_has_learned(text, said):
    trained(spec=TrainingSpec(**{**vars(SPEC), "network": parse(text)}))
    app = opened(train_part="watch")
    assert said in words(app) and "**Its answer**" in words(app)
    assert not app.error
    app = opened(train_part="runs")
    assert not app.error


def test_networks_are_compared_as_text():
    one = trained("one", TrainingSpec(**{**vars(SPEC), "network": parse("LeNet-5")}))
    other = trained("other", TrainingSpec(**{**vars(SPEC), "network": parse("Flatten - Dense 10 softmax seed 7")}))
    app = opened(train_part="runs", train_compare=f"{one.id},{other.id}")
    table = next(element.value for element in app.markdown if "validation accuracy" in element.value)
    assert "| **network** | **Flatten - Dense 10 softmax** | **LeNet-5** |" in table


def test_what_costs_too_much_is_refused_before_anything_is_built():
    app = opened(cnn_convolutions="3", cnn_filters_1="128", cnn_filters_2="128", cnn_kernel_size="7", fit_batch="512")
    assert app.button(key="train_start").disabled
    assert "A training step may take" in app.error[0].value and folders.listed() == []


def test_the_curves_are_put_into_words():
    run = trained()
    app = opened(train_part="watch")
    found = diagnosis.diagnose(run.spec, run.batches(), run.epochs(), "finished")
    assert found.words in words(app) and "learns these pictures" not in words(app)
    run.put_state(status="diverged")
    assert "The loss is no number since step 9;" in words(opened(train_part="watch"))


def colours_drawn(app, key):
    """The colours of the solid lines in a chart, by their names."""
    (chart,) = (chart for chart in app.get("plotly_chart") if chart.proto.id.endswith(f"-{key}"))
    traces = json.loads(chart.proto.spec)["data"]
    return {trace["name"]: trace["line"]["color"] for trace in traces if trace["name"].endswith("training")}


def test_a_run_has_the_same_colour_in_watch_and_compare_and_no_other_compared_run_has_it():
    runs = [trained(f"run {i}") for i in range(len(palette.RUNS) + 2)]
    chosen = [runs[i] for i in (0, 1, 3, 8, 9)]  # the first and the ninth would have the same
    compared = {"train_compare": ",".join(run.id for run in chosen)}
    drawn = colours_drawn(opened(train_part="runs", **compared), "compare_curves")
    assert len(set(drawn.values())) == len(chosen)
    for run in chosen:
        watched = colours_drawn(opened(train_part="watch", train_run=run.id, **compared), "watch_loss")
        assert watched == {"training": drawn[f"{run.name}, training"]}
    alone = colours_drawn(opened(train_part="watch", train_run=runs[3].id), "watch_loss")
    assert alone == {"training": drawn["run 3, training"]}


def test_the_epoch_slider_shows_other_weights():
    trained()
    start = opened(train_part="watch", train_epoch="0")
    assert "random start weights" in words(start)
    answers = {words(opened(train_part="watch", train_epoch=str(epoch))) for epoch in (0, 1, 2)}
    assert len(answers) == 3


def test_history_is_a_table_with_the_numbers_of_each_epoch():
    run = trained()
    app = opened(train_part="watch")
    table = columns(app)
    assert table.pop("epoch") == ["1", "2"]
    assert table == {name: [f"{line[name]:.4f}" for line in run.epochs()] for name in table}
    assert list(table) == training.measured(run.spec)
    assert "history.history" in words(app) and not any("Epoch 1" in code for code in conftest.codes(app))


def test_a_loop_shows_the_lines_that_it_prints():
    run = trained(spec=TrainingSpec(**{**vars(SPEC), "engine": "loop"}))
    app = opened(train_part="watch")
    lines = conftest.codes(app)[0].splitlines()
    assert lines == training.printed(run.spec, run.epochs())
    assert lines[1] == "Epoch 2, loss: 0.5000, accuracy: 0.8000, val_loss: 0.2500, val_accuracy: 0.9125"


def test_a_run_in_its_first_epoch_has_no_history_yet():
    run = trained(status="stopped")
    (run.folder / "epochs.jsonl").write_text("")
    app = opened(train_part="watch")
    assert not app.exception and "val_loss" not in columns(app)
    assert "The first row comes" in words(app)


@pytest.mark.parametrize("reset", ["true", "false"])
@pytest.mark.parametrize("measure", ["loss", "accuracy"])
@pytest.mark.parametrize("batch", [1, 5, 8])
def test_a_metric_is_shown_as_it_stands_after_the_chosen_batch(reset, measure, batch):
    run = trained()
    app = opened(train_part="watch", train_batch=str(batch), train_metric=measure, train_reset=reset)
    assert not app.exception
    collected = metric_collection.collect(run.batches(), measure, reset == "true")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["This batch alone"] == f"{collected.alone[batch - 1]:.4f}"
    assert shown["total"] == f"{collected.total[batch - 1]:.2f}"
    assert shown["count"] == f"{collected.count[batch - 1]:.0f}"
    assert shown["result()"] == f"{collected.result[batch - 1]:.4f}"
    assert conftest.codes(app)[-1] == metric_collection.as_code(run.id, measure, reset == "true")
    table = columns(app, -1)
    here = slice(max(0, batch - 5), batch)
    assert table["result()"] == [f"{value:.4f}" for value in collected.result[here]]
    assert table[f"{measure} of the batch"] == [f"{value:.4f}" for value in collected.alone[here]]
    assert (table["epoch"][-1], table["batch"][-1]) == (str((batch - 1) // 4 + 1), str((batch - 1) % 4 + 1))


def test_the_slider_of_batches_reaches_over_the_whole_run_and_the_newest_is_shown_first():
    run = trained()
    (run.folder / "batches.f64").write_bytes(run.batches()[:5].tobytes())
    app = opened(train_part="watch")
    slider = app.slider(key="train_batch")
    assert slider.max == slider.value == 8  # 2 epochs of 4 batches
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["This batch alone"] == "0.2000"  # of the fifth
    assert "Here: batch 5, the newest." in words(app)


def test_a_run_of_a_single_batch_needs_no_slider():
    trained(spec=TrainingSpec(**{**vars(SPEC), "epochs": 1, "batch_size": 512}))
    app = opened(train_part="watch")
    assert not app.exception and "train_batch" not in [slider.key for slider in app.slider]


def test_a_run_without_batches_shows_no_metric():
    folders.create(SPEC, "waits")
    app = opened(train_part="watch")
    assert not app.exception and "How a metric collects" not in "\n".join(element.value for element in app.header)


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("queued", {"Stop"}),
        ("interrupted", {"Resume"}),
        ("failed", {"Resume"}),
        ("stopped", {"Resume"}),
        ("diverged", set()),
        ("finished", set()),
    ],
)
def test_buttons_fit_the_state(status, buttons):
    trained(status=status, message="What happened.")
    app = opened(train_part="watch")
    shown = {button.label for button in app.button if not button.disabled} & {"Pause", "Resume", "Stop"}
    assert shown == buttons
    assert status == "queued" or "What happened." in words(app)


def test_an_order_that_comes_too_late_is_a_sentence():
    run = trained(status="stopped")
    app = opened(train_part="watch")
    run.put_state(status="queued")
    assert not app.button(key="watch_resume").click().run().error, "pressed twice, it does what was asked"
    run.put_state(status="stopped")
    app.run()
    run.put_state(status="finished")
    app.button(key="watch_resume").click().run()
    assert "cannot be resumed: it is finished" in app.error[0].value
    assert not app.exception


def test_runs_are_compared_and_differences_marked():
    one = trained("one")
    other = trained("other", TrainingSpec(**{**vars(SPEC), "optimizer": "sgd"}))
    app = opened(train_part="runs", train_compare=f"{one.id},{other.id},20260101-000000-abcde")
    table = next(element.value for element in app.markdown if "validation accuracy" in element.value)
    assert "| **optimizer** | **sgd** | **adam** |" in table
    assert "| epochs | 2 | 2 |" in table
    assert "same start weights" in words(app)


def test_a_run_is_deleted_after_asking():
    run = trained()
    app = opened(train_part="runs")
    app.button(key=f"delete_{run.id}").click().run()
    assert not app.exception and folders.listed() == []
    assert "Start training" in words(app)


def test_settings_of_a_run_can_be_used_again():
    trained(spec=TrainingSpec(**{**vars(SPEC), "seed": 21, "learning_rate": 0.03}))
    app = opened(train_part="watch")
    app.button(key="watch_settings").click().run()
    assert app.number_input(key="fit_seed").value == 21
    assert parse(app.query_params["net"]).layers == SMALL.unseeded().layers and app.query_params["fit_rate"] == "0.03"


def test_settings_of_a_run_of_another_network_bring_that_network():
    trained(spec=TrainingSpec(**{**vars(SPEC), "network": parse("LeNet-5"), "seed": 21}))
    app = opened(train_part="watch", net="Flatten - Dense 10 softmax")
    app.button(key="watch_settings").click().run()
    assert not app.exception and app.number_input(key="fit_seed").value == 21
    assert parse(app.query_params["net"]).layers == parse("LeNet-5").layers


def test_a_damaged_run_does_not_take_the_page_down():
    run = trained("broken")
    trained("sound")
    (run.folder / "spec.json").write_text("{")
    for part in ("setup", "watch", "runs"):
        assert not opened(train_part=part).exception


def test_names_are_text_not_markdown():
    trained("**a** [link](x) $y$ | z")
    for part in ("watch", "runs"):
        app = opened(train_part=part)
        assert not app.exception
    assert r"\*\*a\*\*" in words(opened(train_part="runs"))


def test_the_queue_shows_places():
    folders.create(SPEC, "first")
    folders.create(SPEC, "second")
    text = words(opened(train_part="runs"))
    assert "Place 1 in the queue" in text and "Place 2 in the queue" in text
