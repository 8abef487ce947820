from datetime import timedelta


class Failed(Exception):
    """A message did not get out.

    `down`: the other end as a whole does not answer, so that the rest need not be tried now.
    `tries`: how many tries are enough; None: the whole schedule. `wait`: how long the other
    end asked to be left alone. `gone`: it says that it will never take a message again.
    """

    def __init__(
        self,
        reason: str,
        *,
        down: bool = False,
        tries: int | None = None,
        wait: timedelta | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.down = reason, down
        self.tries, self.wait, self.gone = tries, wait, gone
