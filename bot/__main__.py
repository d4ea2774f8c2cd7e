"""`python -m bot` does what the console script `footnote` does."""

from bot.cli import main

main()
