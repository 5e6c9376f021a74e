"""Problems of one document, collected as they are found."""

from generator.model.problem import Problem, Severity
from generator.source.places import Place


class Complaints:
    """A list that knows the path of the document, so that each finding needs only its code, words and place."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def error(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Something that must be mended."""
        self._add("error", code, message, place, hint)

    def warning(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Something that is probably a mistake."""
        self._add("warning", code, message, place, hint)

    def note(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Something worth knowing."""
        self._add("note", code, message, place, hint)

    def say(self, severity: Severity, code: str, message: str, place: Place, hint: str = "") -> None:
        """Something of the gravity that is named."""
        self._add(severity, code, message, place, hint)

    def reserved(self, shown: str, place: Place) -> None:
        """A private-use character that Clarion needs for itself."""
        hint = "Use another character of the private use area, or a picture."
        self.error("CL214", f"the private-use character {shown} is reserved", place, hint)

    def _add(self, severity: Severity, code: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(severity, code, message, self.path, *place, hint))
