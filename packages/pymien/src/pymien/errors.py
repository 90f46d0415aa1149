"""What can go wrong, in one line each that names the input and the fix."""


class MienError(Exception):
    """Any error of this package."""


class FileProblem(MienError):
    """A file is missing, damaged, or not one of mien's."""


class NoServer(MienError):
    """Nothing that speaks mien's protocol answers at the address."""


class Refused(MienError):
    """The server refused, and would refuse again: a wrong token, another protocol, a subscription it does not take."""

    def __init__(self, message: str, code: int | str) -> None:
        """Keep the close code of the WebSocket, or the code of the server's error message."""
        super().__init__(message)
        self.code = code
