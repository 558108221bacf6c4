"""What is said of pictures that hold no digit, with `_`: once, for the browser says it too (core/drawing/rules.py)."""

from words import N_

BLANK = N_("The picture is blank: draw a digit first, in one colour on another.")
FAINT = N_("The picture seems blank: no line in it stands out clearly from the paper.")
COVERED = N_("Ink covers {percent}% of the picture: a digit leaves most of the paper free.")
STREWN = N_("A digit is drawn with a few lines, and this picture has {count} separate spots of ink.")
SPOT = N_("A digit is made of lines, and this is a single spot.")
LONG = N_("This is more line than any digit has: show one digit alone.")
