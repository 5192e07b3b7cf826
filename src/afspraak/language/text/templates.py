"""The contracts to begin with, which come with the package: complete, to copy and change."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def _folder() -> Traversable:
    return files("afspraak.language") / "templates"


def template_names() -> tuple[str, ...]:
    """The names of the contract templates, as `msp-vier-niveaus`; the catalogue is no contract and
    not among them.
    """
    names = (
        each.name.removesuffix(".yaml")
        for each in _folder().iterdir()
        if each.name.endswith(".yaml")
    )
    return tuple(sorted(name for name in names if name != "catalogus"))


def template_bytes(name: str) -> bytes:
    """The bytes of a template, or of `catalogus`. Raises FileNotFoundError for a name that is none
    of them.
    """
    if name not in (*template_names(), "catalogus"):
        raise FileNotFoundError(
            f"there is no template {name}: take one of {', '.join(template_names())}"
        )
    return (_folder() / f"{name}.yaml").read_bytes()
