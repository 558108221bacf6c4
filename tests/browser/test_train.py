"""A training as a student has it: started on the page, watched, left, stopped, evaluated; and killed in the middle."""

import math
import os
import re
import signal
import time

import pytest
from playwright.sync_api import expect

from core.network.presets import Blocks
from core.runs import folders, queue
from core.training.spec import TrainingSpec
from tests.browser.conftest import AT_REST, PATIENCE_MS, wait_until

# a small network: what is tested is the page, not the pace
SMALL = "cnn_filters_1=8&cnn_filters_2=8&cnn_convolutions=1&cnn_dense_units=32&fit_precision=float32"
QUICK = f"{SMALL}&fit_examples=2000&fit_validation=500&fit_epochs=2&fit_batch=32"
NOTHING_SIDEWAYS = """() => {
    const main = document.querySelector('[data-testid=stMain]')
    return innerWidth === 390 && main.scrollWidth <= main.clientWidth
}"""
# Every place below the title that the button "Stop" has taken since, looked at right after each change of the page.
PLACES_OF_STOP = """() => {
  window.places = new Set();
  const look = () => {
    const stop = Array.from(document.querySelectorAll("[data-testid=stMain] button")).filter(
      (button) => button.innerText.endsWith("Stop") && button.getClientRects().length);
    const title = document.querySelector("[data-testid=stMain] h1").getBoundingClientRect();
    for (const button of stop) {
      const { left, top } = button.getBoundingClientRect();
      window.places.add(`${Math.round(left - title.left)} ${Math.round(top - title.top)}`);
    }
  };
  look();
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true});
}"""
ON_THE_STATE = "() => document.activeElement.classList.contains('st-key-run_status')"
ENDLESS = TrainingSpec(
    network=Blocks(filters=(8,), convolutions=1, dense_units=32).network(),
    epochs=50,
    examples=50_000,
    batch_size=8,
    precision="float32",
)
LONG = f"{SMALL}&fit_examples=50000&fit_validation=500&fit_epochs=50&fit_batch=8"


def start(page, lab, settings):
    """Open the page with these settings, press the button; the run that it made."""
    page.goto(f"{lab}/train?{settings}")
    return begin(page)


def begin(page):
    """Press the button of the page that is open; the run that it made."""
    known = {run.id for run in folders.listed()}
    page.get_by_test_id("stMain").get_by_role("button", name="Start training").click()
    page.wait_for_url("**train_run=**")
    return next(run for run in folders.listed() if run.id not in known)


def wait_for(run, *statuses):
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (status := run.state.status) not in statuses:
        assert time.monotonic() < deadline, (status, run.state.message)
        time.sleep(0.05)


def press(page, name):
    """As soon as the button is there."""
    page.get_by_test_id("stMain").get_by_role("button", name=name).click()


def badge(page, label):
    """The state of the run that is watched."""
    return page.locator(".stMarkdownBadge").filter(has_text=label).first


@pytest.fixture(autouse=True)
def nothing_left():
    """No training of one test goes on beside the next one."""
    yield
    for run in folders.listed():
        queue.delete(run)


def test_train_reload_evaluate_and_open_a_mistake(lab, visit):
    window = visit()
    page = window.open(f"{lab}/train?{QUICK}")
    assert_the_button_stands_beside_what_it_starts(page.get_by_test_id("stMain"))
    run = begin(page)
    page.reload()
    wait_for(run, "finished")
    badge(page, "Finished").wait_for()
    page.get_by_text("All 2 epochs").wait_for()
    page.get_by_text("The newest weights: at the end.").wait_for()
    page.get_by_role("slider", name="After batch").press("ArrowLeft")
    page.wait_for_url(f"**train_batch={2 * run.spec.batches - 1}**")
    page.get_by_text("reset_state() before each epoch").click()
    page.wait_for_url("**train_reset=false**")
    page.set_viewport_size({"width": 390, "height": 844})
    wait_until(page, NOTHING_SIDEWAYS)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_text("Runs", exact=True).click()
    page.get_by_text("2 of 2 epochs").first.wait_for()
    page.get_by_test_id("stMain").get_by_role("button", name="Evaluate").first.click()
    page.wait_for_url("**/evaluate?**")
    page.get_by_role("heading", name="Evaluate").wait_for()
    assert f"net={run.id}" in page.url
    page.goto(f"{lab}/evaluate?net={run.id}&eval_part=ranking")
    page.locator(".sample").first.click()
    page.wait_for_url("**index=**")
    index = re.search(r"index=(\d+)", page.url).group(1)
    page.get_by_test_id("stSidebar").get_by_text(f"test image {int(index):,}").wait_for()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Conv2D", exact=True).click()
    page.wait_for_url("**/conv2d?**index=**")
    page.locator(".readout:not(:empty)").wait_for()
    window.assert_clean()


def assert_the_button_stands_beside_what_it_starts(main):
    def middle(element):
        box = element.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    button = middle(main.get_by_role("button", name="Start training"))
    assert math.dist(button, middle(main.get_by_role("combobox", name="Try"))) <= 450
    for name in ("Learning rate", "Epochs", "Training images"):
        slider = middle(main.get_by_role("slider", name=name))
        assert 0 < slider[1] - button[1] <= 450 and slider[1] < 900, name


def assert_stop_stays_where_it_is_when_the_button_beside_it_changes(page):
    wait_until(page, AT_REST)
    page.evaluate(PLACES_OF_STOP)
    for name, said in (("Pause", "Paused"), ("Resume", "Training")):
        press(page, name)
        badge(page, said).wait_for()
        page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).wait_for(state="detached")
    assert page.evaluate("Array.from(window.places)") == page.evaluate("Array.from(window.places).slice(0, 1)")


def test_watch_pause_resume_and_stop_on_the_page(lab, page):
    run = start(page, lab, LONG)
    # what comes of a press is said, and then what comes of it by itself
    expect(page.locator("#lab-aloud")).to_have_text(re.compile(f"{re.escape(run.name)}: (its training was|Training)"))
    wait_until(page, ON_THE_STATE)  # the button that had the focus is gone
    page.get_by_test_id("stMain").get_by_role("button", name="Pause", disabled=False).wait_for()
    line = page.locator(".js-line").first  # the loss of each batch, as it grows
    line.wait_for()
    before = line.get_attribute("d")
    wait_until(page, "d => document.querySelector('.js-line')?.getAttribute('d') !== d", before)
    assert_stop_stays_where_it_is_when_the_button_beside_it_changes(page)
    press(page, "Pause")
    badge(page, "Paused").wait_for()
    assert run.state.status == "paused"
    page.reload()
    press(page, "Resume")
    page.get_by_test_id("stMain").get_by_role("button", name="Pause", disabled=False).wait_for()
    press(page, "Stop")
    page.get_by_text("what it had learned by then is kept").wait_for()
    assert run.state.status == "stopped" and run.final.exists()
    expect(page.locator("#lab-aloud")).to_have_text(re.compile(f"{re.escape(run.name)}: Stopped"))
    wait_until(page, ON_THE_STATE)


def test_on_a_phone_stop_stays_and_a_killed_training_is_interrupted_and_goes_on(lab, visit):
    window = visit(390)
    page = window.page
    run = start(page, lab, LONG)
    page.get_by_test_id("stMain").get_by_role("button", name="Pause", disabled=False).wait_for()
    assert_stop_stays_where_it_is_when_the_button_beside_it_changes(page)
    wait_for(run, "running")
    os.kill(run.state.pid, signal.SIGKILL)
    page.get_by_text("ended without a word").wait_for()
    press(page, "Resume")
    page.get_by_test_id("stMain").get_by_role("button", name="Pause", disabled=False).wait_for()
    assert run.state.status == "running"
    window.assert_clean()


def test_the_pill_shows_what_trains_on_every_page_runs_none_and_says_when_it_has_ended(lab, page):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{lab}/pooling")
    page.locator(".readout:not(:empty)").wait_for()
    pill = page.locator(".pill")
    assert pill.count() == 0
    run = queue.start(ENDLESS, "mine")
    wait_for(run, "running")
    for address, title in (("conv2d", "Conv2D"), ("tensors", "Tensors")):
        page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()
        page.wait_for_url(f"**/{address}**")
        pill.get_by_text("mine").wait_for()
    wait_until(page, AT_REST)
    expect(pill.locator("i")).to_have_attribute("style", re.compile("."))  # the first batches are done
    before, shown = len(sent), pill.locator("i").get_attribute("style")
    expect(pill.locator("i")).not_to_have_attribute("style", shown)
    assert re.fullmatch(r"epoch \d+ of 50", pill.locator(".where").inner_text()) and len(sent) == before
    place = pill.bounding_box()
    assert place["y"] + place["height"] <= 60 and place["width"] <= 400  # in the page's head, and not over all of it
    pill.click()
    page.wait_for_url(f"**/train?**train_run={run.id}**")
    press(page, "Stop")
    page.get_by_text("what it had learned by then is kept").wait_for()
    pill.wait_for(state="detached")
    # another one, which ends while a page is open that has nothing to do with it
    run = queue.start(ENDLESS, "other")
    wait_for(run, "running")
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="Tensors", exact=True).click()
    page.wait_for_url("**/tensors**")
    pill.get_by_text("epoch 1 of 50").wait_for()
    queue.pause(run)
    pill.get_by_text("stands still").wait_for()
    queue.stop(run)
    pill.get_by_text("has ended").wait_for()
    sidebar.get_by_role("link", name="Data set").click()
    pill.wait_for(state="detached")


def test_a_diverging_run_says_why(lab, page):
    # linear, so that no unit can die before the weights have run away: see the preset "Blown up"
    run = start(page, lab, f"{QUICK}&cnn_activation=linear&fit_optimizer=sgd&fit_rate=10&fit_schedule=constant")
    page.get_by_text("Try a learning rate ten times smaller").wait_for()
    assert run.state.status == "diverged"


def test_one_step_is_taken_by_hand(view):
    """The rate by the keyboard, another layer, and the boxes that say which of its weights."""
    window = view("train?train_part=hand&net=One_of_each")
    page = window.page
    main = page.get_by_test_id("stMain")
    main.get_by_text("Is the gradient right?").wait_for()
    expect(main).not_to_contain_text("learned by heart")
    main.get_by_role("slider", name="Learning rate").press("End")
    page.wait_for_url("**hand_rate=10**")
    expect(main).to_contain_text("learned by heart", timeout=PATIENCE_MS)
    main.get_by_role("radio", name="dense").click()
    expect(main).to_contain_text("of dense, one of 50,176", timeout=PATIENCE_MS)
    box = main.get_by_role("spinbutton", name="Units")
    before = int(box.input_value())
    box.press("ArrowDown" if before else "ArrowUp")
    box.press("Enter")
    page.wait_for_url("**hand_at=**")
    main.get_by_role("button", name="Largest gradient").click()
    page.wait_for_url(lambda url: "hand_at" not in url)
    expect(box).to_have_value(str(before), timeout=PATIENCE_MS)
    window.settle()
    window.assert_clean()


def test_nothing_scrolls_sideways_on_a_phone(view):
    window = view("train", 390)
    main = window.page.get_by_test_id("stMain")
    window.fits((390, "light"), (390, "dark"))
    for part in ("Watch", "Runs"):
        main.get_by_role("radio", name=part).click()
        window.page.wait_for_url(f"**train_part={part.lower()}**")
        window.fits((390, "light"), (390, "dark"))


@pytest.mark.parametrize(
    "part",
    [
        "setup&fit_loss=binary_crossentropy",
        "hand&net=One_of_each&hand_optimizer=adam&hand_step=2",
        "hand&hand_loss=binary_crossentropy",
    ],
)
def test_no_other_setting_scrolls_sideways_on_a_phone(part, view):
    view(f"train?train_part={part}", 390).fits((390, "light"), (390, "dark"))
