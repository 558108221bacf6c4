"""Who sets letters, words and lines farther apart, because it reads more easily, loses nothing of a page."""

import pytest

from tests.browser import spaced

# what had been lost there once
VIEWS = {
    "ten shares side by side on a phone": ("", 390),
    "names of steps": ("dataset?data_part=prepare", 1280),
    "a link of many words": ("lessons?lessons_teachers=true", 390),
    "two pictures with titles": ("activation", 390),
    "answers below a batch": ("evaluate?eval_part=batch", 1280),
    "a row of choices, in Korean": ("lessons", 390, "ko-KR"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_cut_or_covered_where_letters_stand_farther_apart(name, view):
    path, width, *locale = VIEWS[name]
    window = view(path, width, **({"locale": locale[0]} if locale else {}))
    if path.startswith("evaluate"):
        window.page.locator(".sample-wall").wait_for()
        window.settle()
    with spaced.texts(window.page):
        window.fits((width, "light"))
        assert spaced.lost(window.page) == []
