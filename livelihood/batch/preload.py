"""What the kernels of a run import, and what they do first: done once, before they are forked.

Read by those that start a zygote, while it does the work: imports nothing heavy itself.
"""

from __future__ import annotations

from functools import partial

from livelihood.batch.kernels import launch

# Not polars: used before a fork, it hangs the child.
MODULES = (
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "matplotlib.pyplot",
    "seaborn",
    "livelihood.report.report",
    "livelihood.report.charts",
)
WARM_UP = "livelihood.report.charts:warm_up"

kernels = partial(launch.kernels, modules=MODULES, warm_up=WARM_UP)
start_zygote = partial(launch.start_zygote, MODULES, WARM_UP)
