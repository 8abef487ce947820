class Failed(Exception):
    """A message did not get out.

    `down`: the whole channel does not answer, so that the rest need not be tried now.
    """

    def __init__(self, reason: str, *, down: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.down = reason, down
