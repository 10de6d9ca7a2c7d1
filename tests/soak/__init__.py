"""Ways to break the program: each a command, ``python3 dev.py soak NAME``."""
