"""What this machine does not provide, said so that whoever runs it can mend it."""


class HostFault(Exception):
    """Something of this machine stands in the way: where, what is so, what to do about it."""

    def __init__(self, place: object, fact: str, remedy: str) -> None:
        self.place = str(place)
        self.fact = fact
        self.remedy = remedy
        super().__init__(f"{self.place}: {fact}: {remedy}")
