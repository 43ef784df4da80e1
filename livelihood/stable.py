"""Same input, same bytes: what a run leaves of itself in a notebook, and in a kernel's world."""

from __future__ import annotations

from nbformat import NotebookNode

# The world of a kernel, whatever machine it runs on: no random hashes, no thread-dependent sums,
# and no file names with process numbers in warnings.
KERNEL_WORLD = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "IPYKERNEL_CELL_NAME": "cell.py",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without times, durations and random ids; cells are named by place.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> book = new_notebook(cells=[new_code_cell("1", metadata={"execution": {"started": "now"}})])
    >>> without_traces(book).cells[0].id, book.cells[0].metadata
    ('cell-00', {})
    """
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return notebook
