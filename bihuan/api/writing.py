"""The two formats of GeoReport: JSON, and XML of the same data with its lists wrapped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from xml.etree import ElementTree

from django.http import HttpResponse

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"

JSON, XML = "json", "xml"
# Without a charset: validators compare the whole header. JSON is always UTF-8, and XML declares it.
CONTENT_TYPES = {JSON: "application/json", XML: "text/xml"}
# The XML element names of list members, which JSON does not have.
MEMBERS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# Characters that no XML document may contain, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def respond(suffix: str, name: str, content: Value, *, status: int = 200) -> HttpResponse:
    """Return the content in the format of the URL."""
    body = _as_xml(name, content) if suffix == XML else _as_json(content)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPES[suffix])


def plain(text: str) -> str:
    """Return the text without characters that one of the formats cannot represent."""
    return _NOT_XML.sub("", text)


def _as_json(content: Value) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _as_xml(name: str, content: Value) -> bytes:
    tree: bytes = ElementTree.tostring(_element(name, content), encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tree


def _element(name: str, content: Value) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, Mapping):
        element.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        element.extend(_element(MEMBERS[name], value) for value in content)
    else:
        element.text = _text(content)
    return element


def _text(value: str | int | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(str(value))
