"""A ledger, the same ledger corrected, and the pages that ask about it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
from django.test import Client
from django.urls import reverse

from bihuan.ledgers.models import ImportJob
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Doubt
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import workbook

State = ImportJob.State
TITLES = ("编号", "检查日期", "场所", "隐患描述", "整改措施", "是否销号", "验收日期", "备注")
PLACES = (
    "液化气站", "望湖小学", "东关商场", "石桥村口", "客运中心", "粮食仓库", "镇卫生院", "老年公寓",
    "造纸厂房", "河滨浴场",
)  # fmt: skip


def row(n: int, **values: Any) -> tuple[Any, ...]:
    """An open hazard at a place of its own; `said` by title."""
    place = f"{PLACES[n % 10]}{'东西南北'[n // 10 % 4]}区"
    words = ("配电箱门损坏", "消防通道堵塞", "栏杆松动", "阀门漏气", "屋面渗水")[n % 5]
    usual = {
        "检查日期": "2026-03-02",
        "场所": place,
        "隐患描述": f"{place}{words}",
        "是否销号": "否",
    }
    return tuple({**usual, **values}.get(title, "") for title in TITLES)


def corrected(n: int, **values: Any) -> tuple[Any, ...]:
    """The same hazard with more words."""
    return row(n, **{"隐患描述": f"{row(n)[3]}、锁坏", **values})


def bring(desk: Client, town: Unit, rows: list[tuple[Any, ...]]) -> ImportJob:
    """The rows come in, nothing asked."""
    job = tried(desk, town, rows)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    job.refresh_from_db()
    assert job.state == State.DONE
    return job


def tried(desk: Client, town: Unit, rows: list[tuple[Any, ...]], **how: Any) -> ImportJob:
    job = send(desk, town, workbook(rows, header=TITLES))
    try_out(desk, job, **how)
    assert job.state == State.TRIED
    return job


def asked(desk: Client, job: ImportJob, **query: Any) -> str:
    page = desk.get(reverse("ledgers:import-questions", args=[job.pk]), query)
    assert page.status_code == 200
    return page.content.decode()


def names(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="(answer-[^"]+)"', page)))


def say(desk: Client, job: ImportJob, sort: Doubt, values: dict[str, str], start: int = 0) -> str:
    """Fill in a page of questions and press a button."""
    address = f"{reverse('ledgers:import-questions', args=[job.pk])}?sort={sort}&from={start}"
    response = desk.post(address, {"then": "next", **values}, follow=True)
    assert response.status_code == 200
    job.refresh_from_db()
    return response.content.decode()


def refused_rows(desk: Client, job: ImportJob) -> str:
    response = desk.get(reverse("ledgers:import-refused", args=[job.pk]))
    assert hasattr(response, "streaming_content")
    return sheet_text(b"".join(response.streaming_content))


def sheet_text(content: bytes) -> str:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet
    return "\n".join(str(cell) for line in sheet.values for cell in line if cell is not None)
