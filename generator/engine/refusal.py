"""A refusal: work that cannot be done, with the Problem that tells the author why."""

from generator.model.problem import Problem


class Refused(Exception):  # noqa: N818 - it is no error of the program
    """Raised where a whole step cannot be done; `problem` is what the author is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
