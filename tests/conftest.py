"""What every test run shares: how hypothesis searches."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: the machines that run this are shared, and a slow example is no wrong one; laws about
# time are tests of their own. Derandomised in continuous integration, so that a change fails for
# what it did and not for the luck of the draw; at home every run searches anew.
settings.register_profile("home", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")
