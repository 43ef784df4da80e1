"""``python -m livelihood``: the command line of the interpreter at hand."""

from livelihood.cli import main

main(prog_name="livelihood")
