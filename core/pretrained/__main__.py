"""`python -m core.pretrained` trains the shipped network again."""

from core.pretrained import train

train.train_and_save()
