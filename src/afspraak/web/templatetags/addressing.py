"""Django's own `url`, quicker: a row has one or two of them, and a list has many rows."""

from typing import Final

from django.template import Context, Library, Node
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.utils.html import conditional_escape

from afspraak.web.addresses import address

register: Final = Library()


class Address(Node):
    """A page of ours, by what it is about."""

    def __init__(self, name: str, asked: URLNode) -> None:
        self._name, self._about = name, asked.args

    def render(self, context: Context) -> str:
        """As Django writes it."""
        path = address(self._name, *(each.resolve(context) for each in self._about))
        return conditional_escape(path) if context.autoescape else path


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """`{% url 'ticket' number %}`; one that may fail (`as`), names its parts, or is of a package's
    own pages (`mfa:`) is Django's.
    """
    asked = django_url(parser, token)
    name = asked.view_name.var
    is_ours = isinstance(name, str) and ":" not in name
    return Address(name, asked) if is_ours and not asked.kwargs and not asked.asvar else asked
