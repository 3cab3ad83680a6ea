"""What is wrong, where, and what to do: one value for every start-up check."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """One fault in a declaration, shown as one line.

    `where` names the pack and the declaration ("fire: case type fire.alarm"), `what` the fault,
    `remedy` the step that mends it.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}."


class DeclarationError(Exception):
    """Declarations cannot be used as they stand. Remedy: mend each line named in the message."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
