"""What a press has led to is in the page once it has led to something, and harms nothing there."""

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from ui.shared import aloud

    st.button("Stop", on_click=aloud.say, args=("</script><b>run</b>: **Stopped** `0`",))
    aloud.show("place")


def test_only_a_press_is_said_and_its_words_are_no_html():
    app = AppTest.from_function(page).run()
    assert not app.get("html")
    for number in (1, 2):
        app.button[0].click().run()
        assert not app.exception
        (said,) = app.get("html")
        assert f'[{number}, "\\u003c/script>\\u003cb>run\\u003c/b>: Stopped 0", [".st-key-place"]]' in said.proto.body
