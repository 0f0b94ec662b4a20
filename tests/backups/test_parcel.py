"""A backup is read only as it is written: nothing else in a tar archive gets anywhere."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bihuan.backups import manifest as manifests
from bihuan.backups import pieces
from bihuan.backups.locking import Plain
from bihuan.backups.manifest import CopiedTable, Files, Manifest, NotAManifest
from bihuan.backups.parcel import LISTED, Packing, Parcel
from bihuan.backups.refusals import BackupRefused, Reason

PHOTO = b"photo" * 1000
DIGEST = sha256(PHOTO).hexdigest()
MEDIA = f"media/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.jpg"
ROWS = b"1\tone\n2\ttwo\n"


def packed(tables: int = 1) -> bytes:
    out = BytesIO()
    packing = Packing(out)
    packing.add("about.json", b"{}")
    for number in range(1, tables + 1):
        packing.add(f"tables/cases_case/{number:06}.gz", gzip.compress(ROWS, mtime=0))
    packing.add_file(MEDIA, BytesIO(PHOTO), len(PHOTO))
    packing.finish({"says": "this"})
    return out.getvalue()


def read(path: Path, data: bytes) -> dict[str, bytes]:
    path.write_bytes(data)
    with path.open("rb") as file:
        parcel = Parcel(Plain(file), "file")
        return {member.name: b"".join(member.chunks()) for member in parcel.members()}


def is_refused(path: Path, data: bytes) -> bool:
    with pytest.raises(BackupRefused) as refused:
        read(path, data)
    return refused.value.reason is Reason.CHANGED


def test_what_was_packed_is_read_back(tmp_path: Path) -> None:
    members = read(tmp_path / "file", packed())

    assert list(members) == ["about.json", "tables/cases_case/000001.gz", MEDIA]
    assert members[MEDIA] == PHOTO
    assert gzip.decompress(members["tables/cases_case/000001.gz"]) == ROWS


def test_any_tar_opens_a_backup() -> None:
    with tarfile.open(fileobj=BytesIO(packed())) as archive:
        names = archive.getnames()

    assert names == [
        "about.json",
        "tables/cases_case/000001.gz",
        MEDIA,
        "lists/000001.jsonl",
        "manifest.json",
        "end.json",
    ]


def test_more_members_than_a_list_holds_have_several_lists(tmp_path: Path) -> None:
    members = read(tmp_path / "file", packed(tables=2 * LISTED + 5))

    assert len(members) == 2 * LISTED + 7


def test_a_backup_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = packed()
    cuts = {at + off for at in range(0, len(whole), 512) for off in (-1, 0, 1)} - {len(whole)}

    for cut in sorted(cuts):
        if 0 <= cut < len(whole):
            assert is_refused(tmp_path / "file", whole[:cut]), cut


def test_a_backup_with_anything_behind_it_is_refused(tmp_path: Path) -> None:
    for more in (b"\0", bytes(512), bytes(1024), packed()[:512]):
        assert is_refused(tmp_path / "file", packed() + more)


def test_a_changed_byte_of_any_member_is_refused(tmp_path: Path) -> None:
    whole = packed()
    for part in (b"{}", PHOTO[:9], b"cases_case", b'"says"', b'["media', b'{"at"', b"0000600"):
        changed = bytearray(whole)
        changed[whole.index(part)] ^= 1
        assert is_refused(tmp_path / "file", bytes(changed)), part


# ---------------------------------------------------------------- hostile archives
def hostile(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    """A backup whose photo's header says something else, with a list that agrees."""

    class Changing(Packing):
        def add_file(self, name: str, file: Any, size: int) -> str:
            info = tarfile.TarInfo(name)
            info.size = size
            change(info)
            data = file.read()
            header = info.tobuf(tarfile.PAX_FORMAT if info.pax_headers else tarfile.USTAR_FORMAT)
            self._write(header + data + bytes(-len(data) % 512))
            from bihuan.backups.parcel import Listed

            self._note(Listed(info.name, info.size, sha256(data).hexdigest()))
            return ""

    out = BytesIO()
    packing = Changing(out)
    packing.add_file(MEDIA, BytesIO(PHOTO), len(PHOTO))
    packing.finish({})
    return out.getvalue()


def named(name: str) -> Callable[[tarfile.TarInfo], None]:
    return lambda info: setattr(info, "name", name)


def of_type(kind: bytes) -> Callable[[tarfile.TarInfo], None]:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname = kind, "/etc/passwd"

    return change


def with_pax(info: tarfile.TarInfo) -> None:
    info.pax_headers = {"path": "../../etc/cron.d/evil"}


OTHERS = "0" * 64
HOSTILE = {
    "absolute": named("/etc/cron.d/evil"),
    "upwards": named("media/../../etc/evil"),
    "upwards within": named(f"media/ab/../{DIGEST}.jpg"),
    "a script": named("media/ab/cd/evil.sh"),
    "another folder": named(f"media/ff/ff/{OTHERS}.jpg"),
    "another extension": named(f"media/00/00/{OTHERS}.html"),
    "capitals": named(f"media/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST.upper()}.jpg"),
    "a key": named("keys/bihuan_secret_key"),
    "no name": named(""),
    "a line in it": named(MEDIA[:-4] + "\n.jpg"),
    "a table of nobody": named("tables/../x/000001.gz"),
    "a symbolic link": of_type(tarfile.SYMTYPE),
    "a hard link": of_type(tarfile.LNKTYPE),
    "a device": of_type(tarfile.CHRTYPE),
    "a pipe": of_type(tarfile.FIFOTYPE),
    "a folder": of_type(tarfile.DIRTYPE),
    "a long name of GNU": of_type(tarfile.GNUTYPE_LONGNAME),
    "a sparse file": of_type(tarfile.GNUTYPE_SPARSE),
    "a header of pax": with_pax,
    "larger than it is": lambda info: setattr(info, "size", 2**33 - 1),
    "smaller than it is": lambda info: setattr(info, "size", 10),
    "as it should be": lambda info: None,
}


@pytest.mark.parametrize("change", HOSTILE)
def test_nothing_but_plain_files_with_known_names_is_read(tmp_path: Path, change: str) -> None:
    data = hostile(HOSTILE[change])

    if change == "as it should be":
        assert read(tmp_path / "file", data) == {MEDIA: PHOTO}
    else:
        assert is_refused(tmp_path / "file", data)


def test_members_that_no_list_names_are_refused(tmp_path: Path) -> None:
    class Silent(Packing):
        def _list(self) -> None:
            self._waiting.clear()

    out = BytesIO()
    packing = Silent(out)
    packing.add("about.json", b"{}")
    packing.finish({})

    assert is_refused(tmp_path / "file", out.getvalue())


def test_a_piece_that_grows_beyond_its_size_is_refused() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    assert pieces.unpacked(bomb) is None
    assert pieces.unpacked(pieces.packed(bytes(pieces.PIECE))) == bytes(pieces.PIECE)
    assert pieces.unpacked(pieces.packed(bytes(pieces.PIECE + 1))) is None
    assert pieces.unpacked(b"no gzip") is None
    assert pieces.unpacked(pieces.packed(ROWS)[:-3]) is None
    assert pieces.unpacked(pieces.packed(ROWS) * 2) is None


# ---------------------------------------------------------------------- manifest
MANIFEST = Manifest(
    version="0.1.0",
    made_at="2026-11-22T15:00:00+00:00",
    engine="sqlite",
    server="3.40",
    migrations=[["cases", "0001_initial"]],
    tables={"cases_case": CopiedTable(["id"], 2, 12)},
    sequences={"cases_case_id_seq": 2},
    database_bytes=4096,
    roots=[],
    files=Files(1, len(PHOTO)),
)


WRONG: list[object] = [None, -1, 1.5, [1], {"a": []}]


def wrong() -> Iterator[tuple[str, object]]:
    for name in MANIFEST.as_json():
        for value in WRONG:
            yield name, value
    yield "migrations", [["cases"]]
    yield "tables", {"cases_case": {"columns": [1], "rows": 2, "bytes": 12}}
    yield "tables", {"cases_case": {"columns": ["id"], "rows": True, "bytes": 12}}


def test_a_manifest_is_read_back() -> None:
    assert manifests.read(MANIFEST.as_json()) == MANIFEST


@pytest.mark.parametrize(("name", "value"), [*wrong()])
def test_a_manifest_of_another_kind_is_refused(name: str, value: object) -> None:
    with pytest.raises(NotAManifest):
        manifests.read({**MANIFEST.as_json(), name: value})
