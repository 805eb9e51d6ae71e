"""What can be wrong with a delivery."""


class Unreadable(ValueError):
    """The body is not what its source sends."""
