"""How well drawn digits are read: pen strokes of people who never wrote for MNIST, on a pad as a browser has it.

    python -m bench.drawing [network.keras]

The strokes (UNIPEN, train_r01_v07, category 1a) are drawn white on black on a pad of 280×280 pixels, as the
dashboard draws them, 90 to 220 pixels high, anywhere on it, once with each pen. Compared are the pad simply resized to
28×28 pixels, and core.drawing.drawn.prepare_drawing. MNIST's 10,000 test images are read as they are. Nothing is ever
trained on these strokes, and no training is stopped by them. But the forms in core/augmentation/stroke_forms.py and the
widths of lines in core/drawing were chosen with a look at what was read wrong here, so expect a little less on other
drawings. Half of the writers (`looked_at`) were looked at when the forms were last added to; the other half is printed
beside them. What is read wrong goes to a contact sheet.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bench.servers import ROOT
from core.data import mnist
from core.drawing import strokes
from core.drawing.drawn import prepare_drawing
from core.drawing.preparation import DrawingError

STROKES = ROOT.parent / "shared" / "data" / "pen_digits.json.gz"
NETWORK = ROOT / "assets" / "basic_cnn.keras"
SHEET = ROOT / "bench" / "results" / "drawing.png"
PAD = strokes.SIDE
PENS = (12, 18, 26)
HEIGHTS = (90, 220)
SEED = 5
MOST_SHOWN = 200
# accuracy in percent: the worst pen, the digit that is read worst with any pen, MNIST's test images
AIMS = {"worst pen": 99.3, "weakest digit": 98.5, "MNIST test": 99.6}


def as_acts(lines: list, pen: int, rng: np.random.Generator) -> list[list[float]]:
    """The strokes of one digit as a drawing on the pad, of random height and place, wholly on it."""
    points = [np.array(line, float) for line in lines]
    low = np.min([line.min(axis=0) for line in points], axis=0)
    size = np.max([line.max(axis=0) for line in points], axis=0) - low
    scale = rng.uniform(*HEIGHTS) / max(size[1], 1)
    # a flat digit, or a lone dot, must still fit
    scale = min(scale, (PAD - pen - 2) / max(size.max(), 1))
    room = PAD - pen - size * scale
    corner = pen / 2 + rng.uniform(0, 1, 2) * room
    return [[strokes.PEN, pen, *((line - low) * scale + corner).ravel().tolist()] for line in points]


def drawings(digits: list[dict], pen: int) -> list[list[list[float]]]:
    """One for each digit; the same ones in every run."""
    rng = np.random.default_rng([SEED, pen])
    return [as_acts(digit["strokes"], pen, rng) for digit in digits]


def plainly_resized(pad: np.ndarray) -> np.ndarray:
    """The whole pad at 28×28, float32 in [0, 1]."""
    return np.asarray(Image.fromarray(pad).resize((mnist.SIZE, mnist.SIZE), Image.Resampling.BOX), np.float32) / 255


def prepared(acts: list[list[float]]) -> np.ndarray:
    """As a network reads it, with an empty picture where it is refused: that counts as read wrong."""
    try:
        return prepare_drawing(acts).result
    except DrawingError:
        return np.zeros((mnist.SIZE, mnist.SIZE), np.float32)


def read(model, images: np.ndarray) -> np.ndarray:
    """Digits (n,) that the network sees in images (n, 28, 28) in [0, 1]; -1 for empty ones."""
    answers = model.predict(images[..., np.newaxis], batch_size=500, verbose=0).argmax(axis=1)
    return np.where(images.any(axis=(1, 2)), answers, -1)


def contact_sheet(images: np.ndarray, labels: np.ndarray, answers: np.ndarray, columns: int = 20) -> Image.Image:
    """Wrongly read digits, enlarged, with "label → answer" under each."""
    cell, text = 2 * mnist.SIZE, 12
    rows = max(1, -(-len(images) // columns))
    sheet = Image.new("L", (columns * (cell + 2), rows * (cell + text + 2)), 64)
    draw = ImageDraw.Draw(sheet)
    for i, (image, label, answer) in enumerate(zip(images, labels, answers, strict=True)):
        x, y = i % columns * (cell + 2), i // columns * (cell + text + 2)
        enlarged = Image.fromarray((image * 255).astype(np.uint8)).resize((cell, cell), Image.Resampling.NEAREST)
        sheet.paste(enlarged, (x, y))
        draw.text((x + 2, y + cell), f"{label} > {answer if answer >= 0 else 'refused'}", fill=255)
    return sheet


def looked_at(writers: list[str]) -> np.ndarray:
    """Whether each writer belongs to the half whose drawings were looked at: bool (n,), by a hash of the name."""
    return np.array([int(hashlib.md5(writer.encode()).hexdigest(), 16) % 2 == 0 for writer in writers])


def percent(right: np.ndarray) -> float:
    """Share of True, in percent."""
    return 100 * float(np.mean(right))


def report(measured: dict[str, float]) -> None:
    """Each aim, and whether it is met."""
    for name, aim in AIMS.items():
        verdict = "met" if measured[name] >= aim else "MISSED"
        print(f"{name}: {measured[name]:.2f} % (aim ≥ {aim:g} %): {verdict}")


def main() -> None:
    """Print accuracy by way of preparing, by pen and by digit; write the contact sheet."""
    network = Path(sys.argv[1]) if len(sys.argv) > 1 else NETWORK
    for path, what in ((STROKES, "The strokes that people drew"), (network, "A trained network")):
        if not path.is_file():
            print(f"{what} should be in {path}, and there is no such file: nothing is measured.")
            return
    import keras

    model = keras.saving.load_model(network, compile=False)
    digits = json.loads(gzip.decompress(STROKES.read_bytes()))
    labels = np.array([digit["label"] for digit in digits])
    test = mnist.half("test")
    seen = looked_at([digit["writer"] for digit in digits])
    right, by_digit, wrong = {}, [], []
    print(f"{len(digits)} drawn digits, each with {len(PENS)} pens; percent read right")
    for pen in PENS:
        drawn = drawings(digits, pen)
        plain = read(model, np.stack([plainly_resized(strokes.picture(acts)) for acts in drawn])) == labels
        images = np.stack([prepared(acts) for acts in drawn])
        answers = read(model, images)
        right[pen] = answers == labels
        wrong += [(images[i], labels[i], answers[i]) for i in np.flatnonzero(~right[pen])]
        refused = int((answers < 0).sum())
        print(f"pen {pen:2}   resized {percent(plain):5.2f}   prepared {percent(right[pen]):5.2f}   refused {refused}")
        by_digit.append([percent(right[pen][labels == digit]) for digit in range(10)])
        print("  by digit ", *(f"{digit}: {share:.1f} " for digit, share in enumerate(by_digit[-1])))
        print(f"  writers looked at {percent(right[pen][seen]):.2f}, the others {percent(right[pen][~seen]):.2f}")
    tested = percent(read(model, test.images.astype(np.float32) / 255) == test.labels)
    worst = {"worst pen": min(map(percent, right.values())), "weakest digit": float(np.min(by_digit))}
    report({**worst, "MNIST test": tested})
    if wrong:
        SHEET.parent.mkdir(exist_ok=True)
        contact_sheet(*map(np.array, zip(*wrong[:: -(-len(wrong) // MOST_SHOWN)], strict=True))).save(SHEET)
        print(f"{len(wrong)} are read wrong; see {SHEET.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
