"""Parts of pages that take their time: made once for all who see the same in the same words, and
made anew after some minutes.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from django.utils.safestring import SafeString

from afspraak.parties.identity import Identity
from afspraak.web.speaking import Speaking

MOST_KNOWN: Final = 256
Key = tuple[object, ...]

_known: "OrderedDict[Key, SafeString]" = OrderedDict()
"""What was made, the oldest first."""


def seen_alike(identity: Identity, speaking: Speaking, fresh: int) -> Key:
    """What they have in common who see the same in the same words, within `fresh` microseconds."""
    viewer, texts = identity.viewer, speaking.texts
    eyes = identity.organisation, viewer.organisations, viewer.limited, viewer.agreements
    return *eyes, texts.language, speaking.zone, speaking.at // fresh


def made_once(
    key: Key, make: Callable[[], SafeString], is_whole: Callable[[], bool] = lambda: True
) -> SafeString:
    """What was made by this key, or is made now; kept where, once made, it is whole."""
    found = _known.get(key)
    if found is not None:
        return found
    made = make()
    if is_whole():
        _known[key] = made
    while len(_known) > MOST_KNOWN:
        _known.popitem(last=False)
    return made
