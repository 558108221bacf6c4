"""A server for more than one, in real browsers: runs have owners, names are words, foreign hosts are not served."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from bench import servers
from core.runs import folders, queue
from tests.browser.conftest import DASHBOARD, LOADING, PATIENCE_MS, WITHOUT_MOTION
from tests.browser.test_train import LONG, wait_for

NAME = "![x](http://evil.example/p) www.evil.example me@evil.com"
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def school(chromium, tmp_path_factory):
    """Address of a server with a teacher and runs of its own."""
    folder = tmp_path_factory.mktemp("school")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", str(folder))
        with servers.serving(DASHBOARD, LAYER_LAB_TEACHER=PASSWORD, LAYER_LAB_RUNS=str(folder)) as address:
            yield address
            for run in folders.listed():
                queue.delete(run)


@pytest.fixture
def windows(chromium, school):
    """A page of a browser that shares nothing with the others; what it asks for elsewhere is written down."""
    contexts, asked = [], []

    def make():
        contexts.append(chromium.new_context())
        contexts[-1].add_init_script(f"({WITHOUT_MOTION})()")
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.on("request", lambda request: asked.append(request.url) if "evil" in request.url else None)
        return page

    yield make, asked
    for context in contexts:
        context.close()


def test_a_run_belongs_to_the_browser_that_started_it(school, windows):
    make, asked = windows
    mine, other = make(), make()
    mine.goto(f"{school}/train?{LONG}")
    mine.get_by_text(LOADING).wait_for(state="detached")
    mine.get_by_role("textbox", name="Name").fill(NAME)
    mine.get_by_role("textbox", name="Name").press("Enter")
    main = mine.get_by_test_id("stMain")
    main.get_by_role("button", name="Start training").click()
    mine.wait_for_url("**train_run=**")
    (run,) = folders.listed()
    assert run.name == NAME and run.owner
    expect(main.get_by_role("button", name="Stop")).to_be_visible()

    # the same address in another browser
    other.goto(mine.url)
    expect(other.get_by_text("Somebody else started it")).to_be_visible()
    assert other.get_by_test_id("stMain").get_by_role("button", name="Stop").count() == 0
    for part in ("watch", "runs"):
        other.goto(f"{school}/train?train_part={part}&train_run={run.id}&train_compare={run.id}&net={run.id}")
        expect(other.get_by_text("evil.example").first).to_be_visible()
        assert other.locator("a[href*=evil], img[src*=evil]").count() == 0
    assert other.get_by_role("button", name="Delete").count() == 0 and not asked

    # another window of the first browser, and then the teacher; the run takes no processor from them, and neither does
    # the first window
    wait_for(run, "running")
    queue.pause(run)
    wait_for(run, "paused")
    again = mine.context.new_page()
    mine.close()
    again.set_default_timeout(PATIENCE_MS)
    again.goto(f"{school}/train?train_part=watch&train_run={run.id}")
    again.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(again.get_by_text(re.compile("Stopped (before|by)"))).to_be_visible()
    other.get_by_text("For the teacher").click()
    other.get_by_role("textbox", name="Password").fill(PASSWORD)
    other.get_by_role("textbox", name="Password").press("Enter")
    expect(other.get_by_text("You are the teacher")).to_be_visible()
    other.get_by_role("button", name="Delete").click()
    other.get_by_role("button", name="Delete for good").click()
    expect(other.get_by_text("No run yet")).to_be_visible()
    assert folders.listed() == [] and not asked


def test_the_cookie_cannot_be_read_by_a_script(school, windows):
    make, _ = windows
    page = make()
    page.goto(school)
    (cookie,) = (each for each in page.context.cookies() if each["name"] == "layer_lab_visitor")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and len(cookie["value"]) == 43
    assert "layer_lab_visitor" not in page.evaluate("document.cookie")
    page.reload()
    (same,) = (each for each in page.context.cookies() if each["name"] == "layer_lab_visitor")
    assert same["value"] == cookie["value"]


def test_another_name_for_this_server_is_not_answered(school):
    request = urllib.request.Request(school, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=60)
    assert caught.value.code == 421 and b"LAYER_LAB_HOSTS" in caught.value.read()
