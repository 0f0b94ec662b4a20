"""Decode the body of a report strictly, never into wrong characters."""

from __future__ import annotations

import codecs

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from bihuan.core.refusal import Refusal

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# One character per byte, so that nothing is lost before the encoding is known.
BYTES = "iso-8859-1"
UTF_8, GB = "utf-8", "gb18030"
# A superset of the older encodings.
CHARSETS = {"utf-8": UTF_8, "ascii": UTF_8, "gb18030": GB, "gbk": GB, "gb2312": GB}


class WrongCharacters(Refusal):
    """The bytes are not valid in the declared character set, or could be valid in two."""


def said(request: HttpRequest) -> QueryDict:
    """Return the form's values; raise `WrongCharacters` if the bytes are ambiguous."""
    charset = _charset(request)
    found = QueryDict(mutable=True)
    for name, values in _bytes_of(request).lists():
        found.setlist(_text(name, charset), [_text(value, charset) for value in values])
    return found


def _charset(request: HttpRequest) -> str:
    """Return the declared character set; UTF-8 by default."""
    declared = (request.content_params or {}).get("charset", UTF_8)
    try:
        return CHARSETS[codecs.lookup(declared.strip().strip("\"'")).name]
    except LookupError as error:
        raise WrongCharacters from error


def _bytes_of(request: HttpRequest) -> QueryDict:
    if request.content_type == MULTIPART:
        request.encoding = BYTES
        return request.POST
    if request.content_type == FORM:
        try:
            return QueryDict(request.body, encoding=BYTES)
        except UnicodeError as error:
            raise BadRequest from error
    return QueryDict()


def _text(held: str, charset: str) -> str:
    written = held.encode(BYTES)
    try:
        text = written.decode(charset)
    except UnicodeDecodeError as error:
        raise WrongCharacters from error
    if charset == GB and not written.isascii() and _is_utf_8(written):
        # Most likely a system that declares one encoding and sends another.
        raise WrongCharacters
    return text


def _is_utf_8(written: bytes) -> bool:
    try:
        written.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True
