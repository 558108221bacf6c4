"""A browser that asks for Korean gets it, in the page and in what its scripts say; a link changes it."""

import re

from playwright.sync_api import expect

HANGUL = re.compile("[가-힣]")
BREAKS = """() => {
  const texts = document.querySelectorAll(":is([data-testid=stMarkdown], [data-testid=stCaptionContainer]) p");
  return [...new Set(Array.from(texts, (each) => getComputedStyle(each).wordBreak))];
}"""


def test_the_browser_asks_and_the_address_decides(visit, lab):
    window = visit(locale="ko-KR")
    page = window.open(f"{lab}/conv2d?conv_map=2")
    html, explorer, sidebar = page.locator("html"), page.locator(".explorer"), page.get_by_test_id("stSidebar")
    expect(html).to_have_attribute("lang", "ko")
    expect(sidebar.get_by_role("link", name="데이터셋")).to_be_visible()
    assert "lang=" not in page.url
    # markup, a sentence that a script makes, and a name for who cannot see
    for said in (explorer.locator(".strongest"), explorer.locator(".output-title")):
        expect(said).to_have_text(HANGUL)
    expect(explorer.locator(".buttons")).to_have_attribute("aria-label", HANGUL)
    assert page.evaluate(BREAKS) == ["keep-all"], "Korean breaks between words"
    window.fits((1280, "light"), (390, "dark"))
    window.become(1280, "light")
    sidebar.get_by_role("link", name="English").click()
    expect(html).to_have_attribute("lang", "en")
    window.settle()
    assert "lang=en" in page.url and "conv_map=2" in page.url
    expect(explorer.locator(".strongest")).to_have_text("Strongest")
    sidebar.get_by_role("link", name="Pooling", exact=True).click()
    page.wait_for_url("**/pooling*lang=en*")
    expect(sidebar.get_by_role("link", name="Data set")).to_be_visible()
    window.settle()
    window.assert_clean()
