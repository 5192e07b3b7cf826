"""Django's own tags for texts, quicker where the answer is always the same: a page has hundreds of
them, and most again in each row.
"""

from typing import Final

from django.template import Context, Library, Node
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register: Final = Library()
register.tags = dict(i18n.register.tags)
register.filters = dict(i18n.register.filters)


class Text(Node):
    """A text that depends on nothing but the language. What a catalogue says of it never changes
    while a process runs, so that is kept here.
    """

    def __init__(self, asked: i18n.TranslateNode) -> None:
        self._asked = asked
        self._said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """As Django says it."""
        tongue = get_language()
        said = self._said.get(tongue)
        if said is None:
            said = self._said[tongue] = self._asked.render(context)
        return said


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "To the content" %}`; whatever else Django's may say, it says as before."""
    asked = i18n.do_translate(parser, token)
    told = asked.filter_expression
    is_literal = told.var.lookups is None and not told.filters
    is_plain = is_literal and not (asked.noop or asked.asvar or asked.message_context)
    return Text(asked) if is_plain else asked
