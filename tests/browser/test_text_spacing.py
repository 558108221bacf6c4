"""Who sets letters, words and lines farther apart, because it reads more easily, loses nothing of a page."""

from contextlib import nullcontext

import pytest

from tests.browser import spaced

# what had been lost there once
VIEWS = {
    "ten shares side by side on a phone": ("", 390),
    "names of steps": ("dataset?data_part=prepare", 1280),
    "a link of many words": ("lessons?lessons_teachers=true", 390),
    "two pictures with titles": ("activation", 390),
    "answers below a batch": ("evaluate?eval_part=batch", 1280),
    "a row of choices, in Korean": ("lessons?lang=ko", 390),
}


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_cut_or_covered_where_letters_stand_farther_apart(name, view, visit, lab):
    path, width = VIEWS[name]
    if "lang=" in path:  # a page is in one language from its start
        window = visit(width)
        window.open(f"{lab}/{path}")
    else:
        window = view(path, width)
    if path.startswith("evaluate"):
        window.page.locator(".sample-wall").wait_for()
        window.settle()
    with spaced.texts(window.page):
        window.fits((width, "light"))
        assert spaced.lost(window.page) == []


# two that are as likely as not stand side by side; all are; one is sure
SHARES = (["33.3 %", "66.7 %"] * 5, ["10.0 %"] * 10, ["> 99.9 %", *["< 0.1 %"] * 9], [*["0.0 %"] * 9, "100.0 %"])
SHOW = """(shares) => document.querySelectorAll("*").forEach(({ shadowRoot }) =>
  shadowRoot?.querySelectorAll(".answer").forEach((each, digit) => {
    each.querySelector(".share").textContent = shares[digit];
    each.classList.toggle("best", parseFloat(shares[digit].replace("> ", "")) > 50);
  }))"""


@pytest.mark.parametrize("far_apart", [False, True])
def test_any_ten_shares_fit_side_by_side_on_a_phone(far_apart, view):
    window = view("", 390)
    for width in (390, 320):
        window.become(width, "light")
        with spaced.texts(window.page) if far_apart else nullcontext():
            for shares in SHARES:
                lost = spaced.lost(window.page, SHOW, shares)
                assert [each for each in lost if "%" in each] == [], (width, shares)
