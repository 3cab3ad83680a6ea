"""What can keep the program from starting, said in one line.

The docstring of a fault is its message: the cause, then the remedy. Words in braces are filled
from the facts given when it is raised, so the text a person reads and the text a developer
reads are the same.
"""

import inspect


class Fault(Exception):
    """The program cannot start."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        text = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        super().__init__(text.format(**facts))
