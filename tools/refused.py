"""What a tool raises when it refuses to make or to publish a site."""


class RefusedError(Exception):
    """A site is not made, or not published.

    Attributes:
        reasons: why, a line each.
    """

    def __init__(self, *reasons: str):
        """Say why.

        Args:
            *reasons: a line each, with the file first if there is one.
        """
        super().__init__(*reasons)
        self.reasons = reasons
