"""What people set for themselves: colours of their own (`forced-colors`), and room between letters, words, lines and
paragraphs (WCAG 1.4.12). Looked at in our components; around them it is Streamlit's."""

from __future__ import annotations

_SPACES = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
# In a shadow root; what is shortened with an ellipsis says so.
_ROOTS = """const roots = [...document.querySelectorAll("*")].flatMap((each) => each.shadowRoot ?? []);
const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)])
  .filter((each) => each.getClientRects().length);"""
_CUT = f"""(spaces) => {{
  {_ROOTS}
  const beyond = (text, box, style) => {{
    const hides = (axis) => ["hidden", "clip"].includes(style[axis]);
    return (hides("overflowX") && (text.right > box.right + 1.5 || text.left < box.left - 1.5))
      || (hides("overflowY") && (text.bottom > box.bottom + 1.5 || text.top < box.top - 1.5));
  }};
  const cut = () => all("*:not(.heard)").filter((each) => {{
    if (![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return false;
    const range = document.createRange();
    range.selectNodeContents(each);
    for (let at = each; at; at = at.parentElement) {{
      const style = getComputedStyle(at);
      if (style.textOverflow === "ellipsis") return false;
      if (beyond(range.getBoundingClientRect(), at.getBoundingClientRect(), style)) return true;
    }}
    return false;
  }});
  const before = new Set(cut());
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(spaces);
  for (const root of roots) root.adoptedStyleSheets.push(sheet);
  const after = cut().filter((each) => !before.has(each)).map((each) => each.outerHTML.slice(0, 200));
  for (const root of roots) root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
  return after;
}}"""
_UNSEEN = f"""() => {{
  {_ROOTS}
  const canvas = document.createElement("div");
  canvas.style.cssText = "background: Canvas; forced-color-adjust: none";
  document.body.append(canvas);
  const ground = getComputedStyle(canvas).backgroundColor;
  canvas.remove();
  const plain = (each) => getComputedStyle(each).outlineStyle === "none";
  const lost = (each) => [ground, "rgba(0, 0, 0, 0)"].includes(getComputedStyle(each).backgroundColor)
    && getComputedStyle(each).backgroundImage === "none";
  return [
    ...all("[aria-pressed=true], [aria-selected=true]").filter(plain),
    ...all(".fill, .bars .bar").filter(lost),
  ].map((each) => each.outerHTML.slice(0, 200));
}}"""


def assert_kept(page) -> None:
    """With room between letters no text is cut; in colours of one's own it is seen what is chosen, and so are bars."""
    cut = page.evaluate(_CUT, _SPACES)
    assert not cut, f"cut where letters and lines have more room: {cut}"
    page.emulate_media(forced_colors="active")
    unseen = page.evaluate(_UNSEEN)
    page.emulate_media(forced_colors="none")
    assert not unseen, f"not seen in colours of one's own: {unseen}"
