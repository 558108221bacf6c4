"""An uploaded file as a picture: refused in one sentence where it is none, too large, or damaged.

Nothing is written to disk. The size is judged by the file's header, before a single pixel is unpacked.
"""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps

from core.drawing.grayscale import DIRECT, DrawingError
from words import _

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_BYTES = 5 * 2**20
# what phones take as a rule; such a picture takes 50 MB unpacked
MOST_PIXELS = 12_500_000
# A photo is unpacked at a half, a quarter or an eighth where that leaves this much: JPEG can do it on the way.
ENOUGH = (2048, 2048)
# One after the other: a whole class may send its pictures in the same minute.
_UNPACKING = threading.Lock()


def read_picture(data: bytes) -> Image.Image:
    """The picture in an uploaded file, upright, for `core.drawing.preparation.to_mnist`.

    The first frame of an animation; turned as the camera noted (EXIF); mode 1, L, LA, RGB, RGBA, I;16, I or F.
    Raises DrawingError for more than 5 MB or 12.5 megapixels, and for what is no picture, or no whole one.
    """
    if len(data) > MOST_BYTES:
        raise DrawingError(_("A picture may have up to 5 MB, this one has {found:.1f} MB.", found=len(data) / 2**20))
    image = _opened(data)
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise DrawingError(
            _(
                "A picture may have up to {most:g} megapixels, this one has {found:,.1f}.",
                most=MOST_PIXELS / 1e6,
                found=width * height / 1e6,
            )
        )
    with _UNPACKING:
        _unpack(image)
        return _plain(_upright(image))


def _unpack(image: Image.Image) -> None:
    try:
        image.draft("RGB" if image.mode != "L" else "L", ENOUGH)
        image.seek(0)
        image.load()
    except Exception as error:  # decoders raise all kinds of errors over damaged bytes
        raise DrawingError(
            _("The picture must be whole, and this {format} file is damaged or cut short.", format=image.format)
        ) from error


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise DrawingError(
            _("A picture may have up to {most:g} megapixels, this one has far more.", most=MOST_PIXELS / 1e6)
        ) from error
    except Exception as error:  # a damaged header may trip a plugin in any way
        raise DrawingError(
            _(
                "The file must be a picture ({formats}), and this one is not, whatever its name says.",
                formats=", ".join(FORMATS),
            )
        ) from error


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # notes of a camera that make no sense are no reason to refuse its picture
        return image


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in DIRECT and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
