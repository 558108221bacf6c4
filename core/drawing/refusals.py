"""What is said of pictures that hold no digit: once, for the browser says it too (see core/drawing/rules.py)."""

BLANK = "The picture is blank: draw a digit first, in one colour on another."
FAINT = "The picture seems blank: no line in it stands out clearly from the paper."
COVERED = "Ink covers {percent}% of the picture: a digit leaves most of the paper free."
STREWN = "A digit is drawn with a few lines, and this picture has {count} separate spots of ink."
SPOT = "A digit is made of lines, and this is a single spot."
LONG = "This is more line than any digit has: show one digit alone."
