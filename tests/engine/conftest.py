"""How hypothesis looks for counterexamples: by itself the same way each time, without a clock."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")
