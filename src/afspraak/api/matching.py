"""`If-Match`: a change is made only to what the asker has seen."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from pydantic import BaseModel
from pydantic_core import to_json

from afspraak.api.edge import tag_of
from afspraak.api.problem import Refused


def matching(request: HttpRequest, shown: BaseModel) -> None:
    """Raises Refused (412) where the row, as it would be answered now, is not what `If-Match` says.
    Tags are weak: they name what is said, and that is what is compared.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return
    asked = {each.removeprefix("W/") for each in parse_etags(header)}
    tag = tag_of(to_json(shown.model_dump())).removeprefix("W/")
    if not asked & {"*", tag}:
        raise Refused(412, "changed", "It has been changed since you read it: read it again.")
