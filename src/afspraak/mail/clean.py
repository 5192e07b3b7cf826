"""Text out of bytes that a stranger wrote: known charsets only, and no signs that deceive."""

import codecs
import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

HEADER_CHARS: Final = 4_096  # of one header; what is longer is cut before anything looks at it

# Only these are handed to a codec: Python also has codecs that are no charsets (zlib, rot13, hex).
_CHARSETS: Final = {
    "ascii": "utf-8",  # what calls itself ASCII and is not, is mostly UTF-8
    "us-ascii": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "cp1252",  # as every browser reads it
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
    "ks_c_5601-1987": "cp949",
    "iso-2022-jp": "iso2022_jp",
    "shift_jis": "shift_jis",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{n}": f"cp{n}" for n in (874, *range(1250, 1259))},
    **{f"cp{n}": f"cp{n}" for n in (437, 850, 852, *range(1250, 1259))},
}

# Marks, embeddings, overrides and isolates of direction; a title must not read other than it is.
_DECEIVING: Final = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE]
)
_CONTROLS: Final = dict.fromkeys(
    [code for code in range(0x20) if chr(code) not in "\n\t"] + [*range(0x7F, 0xA0)]
)
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_CLEAN: Final = {**_DECEIVING, **_CONTROLS, **_SURROGATES}
_BREAKS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"\s+")


def load_codecs() -> None:
    """Loads every codec that may be asked for, so that none is looked for later."""
    for codec in _CHARSETS.values():
        codecs.lookup(codec)


def decoded(raw: bytes, charset: str) -> str:
    """Bytes as text; an unknown charset is tried as UTF-8, then as Windows-1252."""
    codec = _CHARSETS.get(charset.strip().strip("\"'").lower())
    if codec and codec != "utf-8":
        return raw.decode(codec, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Text of several lines, without controls, direction signs and halves of characters."""
    return _BREAKS.sub("\n", text).translate(_CLEAN)


def one_line(text: str, chars: int = 998) -> str:
    """Text for a title or a name: one line, single spaces, composed characters."""
    line = _SPACES.sub(" ", clean(text[: chars * 4])).strip()
    return unicodedata.normalize("NFC", line)[:chars]


def header_text(value: str) -> str:
    """A header's value with its encoded words decoded, on one line."""
    value = value[:HEADER_CHARS]
    try:
        words = decode_header(value)
    except (HeaderParseError, ValueError):  # base64 that is none
        return one_line(raw_text(value))
    return one_line("".join(_word(word, charset) for word, charset in words))


def raw_text(value: str) -> str:
    """A header's value as the parser gives it: bytes beyond ASCII come as surrogates."""
    return decoded(value.encode("utf-8", "surrogateescape"), "utf-8")


def _word(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        return raw_text(word)
    return decoded(word, charset or "us-ascii")
