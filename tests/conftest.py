"""Hypothesis profiles: quick by default, 10,000 examples with ``HYPOTHESIS_PROFILE=ci``."""

import os

from hypothesis import HealthCheck, settings

_quiet = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=200, **_quiet)
settings.register_profile("ci", max_examples=10_000, **_quiet)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
