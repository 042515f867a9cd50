"""How long one model may take."""

SECONDS = 90
