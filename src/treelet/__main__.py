"""`python -m treelet`: the same as the command `treelet`."""

from treelet.cli import main

main()
