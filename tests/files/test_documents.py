"""Documents are taken as they are, and only if they hold nothing that acts."""

import os
import random
import zlib

import pytest

from bihuan.files import documents
from bihuan.files.documents import examine
from bihuan.files.media import MediaType
from bihuan.files.refusals import FileRefused, Reason
from tests.files.hostile import WORD_PARTS, archive, pdf

SHEET_PARTS = ("[Content_Types].xml", "xl/workbook.xml")
NAMES_IN_PDF = [
    b"/JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/SubmitForm",
    b"/ImportData",
    b"/GoToR",
    b"/GoToE",
]
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def _reason(data: bytes) -> Reason:
    with pytest.raises(FileRefused) as refused:
        examine(data, name="document")
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (pdf(), MediaType.PDF),
        (archive(*WORD_PARTS), MediaType.DOCX),
        (archive(*SHEET_PARTS), MediaType.XLSX),
        (archive("content.xml", mimetype=MediaType.ODT), MediaType.ODT),
        (archive("content.xml", mimetype=MediaType.ODS), MediaType.ODS),
    ],
    ids=["pdf", "docx", "xlsx", "odt", "ods"],
)
def test_a_document_is_kept_byte_for_byte(data: bytes, media_type: MediaType) -> None:
    document = examine(data, name="document")

    assert (document.data, document.media_type) == (data, media_type)


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + b"\0" * 60,
        b"\x7fELF" + b"\0" * 60,
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"#!/bin/sh\nrm -rf .",
        b"GIF89a" + b"\0" * 60,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"Rar!\x1a\x07\x00" + b"\0" * 60,
        b"MZ" + pdf(),
        b"just words",
        archive("readme.txt"),
        archive("META-INF/MANIFEST.MF", "Main.class"),
        archive("content.xml", mimetype="application/epub+zip"),
        archive("[Content_Types].xml", "xl/workbook.bin"),
        archive("[Content_Types].xml", "ppt/presentation.xml"),
        archive("word/document.xml"),
    ],
)
def test_what_is_no_document_is_refused_whatever_its_name(data: bytes) -> None:
    assert _reason(data) is Reason.WRONG_TYPE


@pytest.mark.parametrize(
    "part",
    [
        "word/vbaProject.bin",
        "xl/vbaProject.bin",
        "word/vbaData.xml",
        "xl/macrosheets/sheet1.xml",
        "word/activeX/activeX1.xml",
        "word/embeddings/setup.exe",
        "word/embeddings/oleObject1.bin",
    ],
)
def test_a_macro_under_any_name_is_refused(part: str) -> None:
    assert _reason(archive(*WORD_PARTS, part)) is Reason.ACTIVE


def _word(kind: str, mode: str = "") -> bytes:
    entry = f'<Relationship Id="r1" Type="{RELATIONSHIP}{kind}" Target="x" {mode}/>'
    rels = f"<Relationships>{entry}</Relationships>"
    return archive(*WORD_PARTS, said={"word/_rels/settings.xml.rels": rels})


@pytest.mark.parametrize(
    "data",
    [
        _word("attachedTemplate", 'TargetMode="External"'),
        _word("attachedTemplate", "TargetMode='&#69;xternal'"),
        _word("image", 'TargetMode="External"'),
        _word("oleObject"),
        _word("control"),
        _word("aFChunk"),
    ],
    ids=["template", "spelled", "picture", "object", "control", "chunk"],
)
def test_a_document_that_fetches_or_embeds_something_is_refused(data: bytes) -> None:
    assert _reason(data) is Reason.ACTIVE


def test_a_document_whose_main_part_has_macros_is_refused() -> None:
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'

    data = archive("word/document.xml", said={"[Content_Types].xml": types})

    assert _reason(data) is Reason.ACTIVE


def test_links_and_pictures_of_a_document_are_no_active_content() -> None:
    for data in (_word("hyperlink", 'TargetMode="External"'), _word("image")):
        assert examine(data, name="").media_type is MediaType.DOCX


def test_an_open_document_with_scripts_is_refused() -> None:
    data = archive("content.xml", "Basic/Standard/Module1.xml", mimetype=MediaType.ODS)

    assert _reason(data) is Reason.ACTIVE


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(archive(*WORD_PARTS))
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(signature)
        data[at + flags] |= 1

    assert _reason(bytes(data)) is Reason.LOCKED


def test_an_archive_that_inflates_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MOST_INFLATED", 1_000_000)

    assert _reason(archive(*WORD_PARTS, inflated=600_000)) is Reason.TOO_LARGE
    assert examine(archive(*WORD_PARTS, inflated=400_000), name="").media_type is MediaType.DOCX


def test_an_archive_of_too_many_parts_is_refused_unopened() -> None:
    data = archive(*WORD_PARTS) + b"PK\x01\x02" * 6000

    assert _reason(data) is Reason.DAMAGED


@pytest.mark.parametrize("part", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("data", [pdf(), archive(*WORD_PARTS)], ids=["pdf", "docx"])
def test_a_truncated_document_is_refused(data: bytes, part: float) -> None:
    assert _reason(data[: int(len(data) * part)]) is Reason.DAMAGED


@pytest.mark.parametrize("name", NAMES_IN_PDF)
def test_a_pdf_that_acts_is_refused(name: bytes) -> None:
    assert _reason(pdf(b"4 0 obj <</S %b /JS (app.alert(1))>> endobj" % name)) is Reason.ACTIVE


@pytest.mark.parametrize("name", [b"/J#61vaScript", b"/#4Cau#6Ech", b"/#4cau#6ech"])
def test_a_pdf_that_spells_its_act_in_numbers_is_refused(name: bytes) -> None:
    assert _reason(pdf(b"4 0 obj <</S %b>> endobj" % name)) is Reason.ACTIVE


def test_a_pdf_that_packs_its_act_away_is_refused() -> None:
    assert _reason(pdf(in_object_stream=b"<</S /JavaScript /JS 5 0 R>>")) is Reason.ACTIVE


@pytest.mark.parametrize(
    "described",
    [
        b"/Filter /FlateDecode /X (" + b" " * 3000 + b")",
        b"/Filter [/ASCIIHexDecode /FlateDecode]",
        b"/Filter [/FlateDecode /ASCIIHexDecode]",
        b"/Filter 9 0 R",
        b"/Filter /FlateDecode /DecodeParms <</Predictor 12>>",
    ],
    ids=["far", "packed", "unpacked", "elsewhere", "predicted"],
)
def test_a_pdf_that_hides_what_is_packed_is_refused(described: bytes) -> None:
    data = pdf(in_object_stream=b"<</S /JavaScript /JS 5 0 R>>")

    assert _reason(data.replace(b"/Filter /FlateDecode", described)) is Reason.ACTIVE


def test_a_pdf_whose_stream_does_not_unpack_is_refused() -> None:
    assert _reason(pdf().replace(zlib.compress(b""), b"no stream at all")) is Reason.DAMAGED


def test_a_pdf_that_cannot_be_looked_through_is_refused() -> None:
    assert _reason(pdf(b"trailer <</Encrypt 9 0 R>>")) is Reason.LOCKED
    assert _reason(pdf().replace(zlib.compress(b""), b"\x78\x9c\x03")) is Reason.DAMAGED


def test_a_pdf_that_inflates_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MOST_IN_OBJECT_STREAMS", 100_000)

    assert _reason(pdf(in_object_stream=b" " * 100_001)) is Reason.DAMAGED


def test_a_pdf_whose_streams_lie_within_each_other_is_refused() -> None:
    nested = b"/ObjStm stream\n" * 100_000

    assert _reason(pdf(nested)) is Reason.DAMAGED


def test_packed_pages_of_a_pdf_never_pass_for_an_act() -> None:
    noise = random.Random(7).randbytes(2_000_000)

    assert examine(pdf(noise), name="").media_type is MediaType.PDF


@pytest.mark.parametrize("start", [b"%PDF-1.7\n", b"PK\x03\x04"])
def test_noise_behind_a_true_beginning_is_refused(start: bytes) -> None:
    assert _reason(start + os.urandom(5000)) in (Reason.DAMAGED, Reason.WRONG_TYPE)
