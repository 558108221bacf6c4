"""A training that has ended, watched again: the browser plays it to its end by itself, and a hand takes it back."""

from core.runs import recorded
from core.training.presets import SMALL
from tests.browser.conftest import pixels, wait_for_picture, wait_until


def test_a_recorded_run_plays_and_is_taken_back_by_hand(page, lab):
    run = recorded.of_preset(SMALL)
    seconds = run.epochs()[-1]["seconds"]
    page.goto(f"{lab}/train?train_part=watch&train_run={run.id}&train_view=replay")
    replay, told = page.locator(".replay"), page.locator(".replay .told")
    wait_until(page, "text => text.textContent.includes('before the first numbers')", told.element_handle())
    empty = pixels(page, ".replay canvas")
    page.locator(".replay .speed").select_option("100")
    play = page.get_by_role("button", name="Play", exact=True)
    play.click()
    wait_until(page, "([replay, end]) => Number(replay.dataset.now) >= end", [replay.element_handle(), seconds - 1e-3])
    # at its end it stands still, and says what was measured
    play.wait_for()
    spec = run.spec
    assert f"epoch {spec.epochs} of {spec.epochs}, {spec.epochs * spec.examples:,} images seen" in told.inner_text()
    full = pixels(page, ".replay canvas")
    assert full != empty
    slider = page.get_by_role("slider", name="Seconds of training")
    slider.fill("0")
    assert "before the first numbers" in told.inner_text()
    wait_for_picture(page, ".replay canvas", empty)
    slider.press("End")
    wait_for_picture(page, ".replay canvas", full)
