import io
import struct
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.drawing import uploads
from core.drawing.grayscale import DrawingError
from core.drawing.preparation import to_mnist
from core.drawing.uploads import MOST_BYTES, read_picture


def seven(size=(120, 160), ink=0, paper=255, mode="L"):
    image = Image.new("L", size, paper)
    draw = ImageDraw.Draw(image)
    draw.line([(30, 30), (90, 30), (50, 130)], fill=ink, width=12, joint="curve")
    return image.convert(mode)


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(name, content):
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png_header(width, height):
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(b"\0" * 100)) + png_chunk(b"IEND", b"")


def distance(one, other):
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_formats_give_the_same_digit(kind):
    assert distance(to_mnist(read_picture(encoded(seven(), kind))), to_mnist(seven())) < 0.01


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_modes_give_the_same_digit(mode):
    deep = Image.fromarray(np.asarray(seven()).astype(np.uint16) * 257)
    image = deep if mode == "I;16" else seven(mode=mode)
    assert distance(to_mnist(read_picture(encoded(image))), to_mnist(seven())) < 0.01


def test_cmyk_photos_are_read():
    picture = read_picture(encoded(seven(mode="CMYK"), "JPEG"))
    assert picture.mode in ("L", "RGB")
    assert distance(to_mnist(picture), to_mnist(seven())) < 0.02


def test_palette_with_transparency_keeps_it():
    image = Image.new("P", (100, 100), 0)
    image.putpalette([0, 0, 0, 0, 0, 0] + [0] * 762)
    ImageDraw.Draw(image).line([(50, 10), (50, 90)], fill=1, width=10)
    picture = read_picture(encoded(image, "PNG", transparency=0))
    assert picture.mode == "RGBA"
    assert to_mnist(picture).max() > 0.9


def test_first_frame_of_an_animation():
    data = encoded(seven(), "GIF", save_all=True, append_images=[Image.new("L", (120, 160), 255)], duration=50)
    assert distance(to_mnist(read_picture(data)), to_mnist(seven())) < 0.01


def test_orientation_of_the_camera_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise to be seen upright
    data = encoded(seven().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    picture = read_picture(data)
    assert picture.size == (120, 160)
    assert distance(to_mnist(picture), to_mnist(seven())) < 0.02


def test_broken_camera_notes_do_no_harm():
    data = encoded(seven(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert read_picture(data).size == (120, 160)


@pytest.mark.parametrize(
    "data", [b"", b"7", b"This is a text.\n" * 50, b"<svg/>", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG"]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(DrawingError, match=r"^The file must be a picture \(PNG, .* is not, whatever its name says\.$"):
        read_picture(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_truncated_pictures_are_refused(kind, share):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (150, 150), np.uint8))
    data = encoded(noise, kind)
    with pytest.raises(DrawingError, match=r"^The (picture must be whole|file must be a picture)"):
        read_picture(data[: int(len(data) * share)])


def test_damaged_png_is_refused():
    data = bytearray(encoded(seven()))
    data[60:90] = b"\xff" * 30
    with pytest.raises(DrawingError, match=r"damaged or cut short|must be a picture"):
        read_picture(bytes(data))


def test_large_files_are_refused():
    with pytest.raises(DrawingError, match=r"^A picture may have up to 5 MB, this one has 5\.5 MB\.$"):
        read_picture(b"\0" * (MOST_BYTES + 2**19))


@pytest.mark.parametrize("side", [3_600, 7_000, 9_000, 20_000, 2**30])
def test_bombs_are_refused_by_their_header(side):
    with pytest.raises(DrawingError, match=r"may have up to 12\.5 megapixels|must be a picture"):
        read_picture(png_header(side, side))


def test_random_damage_never_gives_another_error():
    rng = np.random.default_rng(3)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"):
        whole = np.frombuffer(encoded(seven(), kind), np.uint8)
        for _ in range(40):
            data = whole.copy()
            places = rng.integers(0, len(data), 5)
            data[places] = rng.integers(0, 256, 5)
            try:
                picture = read_picture(data.tobytes())
                to_mnist(picture)
            except DrawingError as error:
                assert str(error).endswith(".")


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "GIF"])
def test_large_pictures_are_refused_before_a_pixel_is_unpacked(kind, monkeypatch):
    """A WEBP of 116 kB may be 49 megapixels, and took 727 MB."""
    data = encoded(Image.new("L", (3600, 3600), 255), kind)
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was unpacked"))
    monkeypatch.setattr("core.drawing.uploads._unpack", lambda image: pytest.fail("it was unpacked"))
    with pytest.raises(DrawingError, match=r"up to 12\.5 megapixels, this one has 13\.0\.$"):
        read_picture(data)


def test_a_photo_of_a_phone_is_read():
    picture = Image.new("L", (4032, 3024), 255)
    ImageDraw.Draw(picture).line([(1000, 500), (3000, 500), (2000, 2800)], fill=0, width=250)
    assert to_mnist(read_picture(encoded(picture, "JPEG"))).max() > 0.9


def test_pictures_are_unpacked_one_after_the_other(monkeypatch):
    data, at_work, most, whole = encoded(seven()), [0], [0], uploads._unpack
    start = threading.Barrier(4)

    def watched(image):
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        time.sleep(0.02)  # gives the others the chance that they must not have
        whole(image)
        at_work[0] -= 1

    def read(_):
        start.wait(60)
        return read_picture(data).size

    monkeypatch.setattr(uploads, "_unpack", watched)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(read, range(4))) == {(120, 160)}
    assert most == [1]
