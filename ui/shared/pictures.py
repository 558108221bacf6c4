"""Pictures inside the message that shows them.

Streamlit makes a file of every picture and drops it as soon as a newer run shows another: a browser that asks for it a
moment later, while somebody drags or a training is watched, would get a 404 and a broken picture.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import streamlit as st
from PIL import Image


def show(picture: Image.Image | bytes, **options: Any) -> None:
    """`st.image` of a Pillow image or of a PNG file's bytes; options: its width, caption and alt."""
    file = picture if isinstance(picture, bytes) else png(picture)
    st.image(f"data:image/png;base64,{base64.b64encode(file).decode()}", **options)


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
