"""The body of a report in the characters that it was written in, never in some that look alike."""

from __future__ import annotations

import codecs

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from bihuan.core.refusal import Refusal

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# One character for each byte, so that nothing is lost before it is known what the bytes mean.
BYTES = "iso-8859-1"
UTF_8, GB = "utf-8", "gb18030"
# What holds every text of the older ones.
CHARSETS = {"utf-8": UTF_8, "ascii": UTF_8, "gb18030": GB, "gbk": GB, "gb2312": GB}


class WrongCharacters(Refusal):
    """The bytes are no text in the character set that was declared, or might be text in two."""


def said(request: HttpRequest) -> QueryDict:
    """What the form says; `WrongCharacters` where its bytes do not say it for certain."""
    charset = _charset(request)
    found = QueryDict(mutable=True)
    for name, values in _bytes_of(request).lists():
        found.setlist(_text(name, charset), [_text(value, charset) for value in values])
    return found


def _charset(request: HttpRequest) -> str:
    """What was declared: UTF-8 where nothing was."""
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
        # Most likely a system that says one thing and sends another.
        raise WrongCharacters
    return text


def _is_utf_8(written: bytes) -> bool:
    try:
        written.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True
