"""The titles of public forms: right in nine of ten columns, never wrong about the public.

Only the titles of the forms are here; beside each what it means in a ledger of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bihuan.sheets.columns import Column, Role, guess_layout
from bihuan.sheets.ledger import types

NOTHING, PERSONAL = "–", "personal"


@dataclass(frozen=True)
class Form:
    """One form: its kind of ledger, its titles with their meanings, and its groups of titles."""

    name: str
    kind: str
    titles: str

    @property
    def meant(self) -> dict[str, str]:
        pairs = (text.rsplit(" → ", 1) for text in self.titles.split(" · "))
        return {title.strip(): meaning.strip() for title, meaning in pairs}

    @property
    def rows(self) -> list[list[str]]:
        """Its header: two rows where a title has a group."""
        parts = [title.split(" / ") for title in self.meant]
        if not any(len(part) > 1 for part in parts):
            return [list(self.meant)]
        upper: list[str] = []
        for part in parts:
            again = len(part) > 1 and part[0] in upper
            upper.append("" if again else part[0])
        return [upper, [part[1] if len(part) > 1 else "" for part in parts]]


FORMS = [
    Form(
        "an enterprise system",
        "hazard",
        "排查时间 → found_date · 排查人 → finder_name · 隐患部位 → place · 隐患名称 → title · "
        "隐患等级 → grade · 治理措施 → measures · 完成时限 → deadline · 责任部门 → unit · "
        "责任人 → resolver_name · 复查时间 → verified_date · 复查人 → verifier_name · 复查结果 → –",
    ),
    Form(
        "building works",
        "hazard",
        "检查时间 → found_date · 检查单位 → origin · 检查人 → finder_name · 检查项目 → – · "
        "检查工点 → place · 隐患问题描述 → description · 隐患类型 → category · 隐患等级 → grade · "
        "整改要求（措施） → measures · 整改期限 → deadline · 整改责任单位 / 建设 → – · "
        "整改责任单位 / 设计 → – · 整改责任单位 / 施工 → unit · 整改责任单位 / 监理 → – · "
        "整改责任人 → resolver_name · 整改完成日期 → ended_at · 销号情况 → closed",
    ),
    Form(
        "one form for all units",
        "hazard",
        "检查地点 → place · 存在问题及隐患 → description · 隐患等级 → grade · "
        "隐患类型 → category · 排查时间 → found_date · 排查人员 → finder_name · "
        "整改措施 → measures · 整改时限 → deadline · 整改资金 → budget · 整改单位 → unit · "
        "整改责任人 → resolver_name · 完成情况 → progress",
    ),
    Form(
        "petition ledger",
        "grievance",
        "编号 → source_ref · 责任科室 → unit · 信访方式 → – · 标题 → title · "
        "接件时间 → reported_at · 举报类型 → – · 类型 → category · 乡镇 → place · "
        "转办时间 → – · 应结办日期 → deadline · "
        "办理情况 → – · 办结时间 → ended_at · 接件人 → – · 科室接办人 → – · "
        "办理人 → resolver_name",
    ),
    Form(
        "12345 work orders",
        "grievance",
        "工单编号 → source_ref · 工单标题 → title · 问题点位 → place · 市民诉求 → description · "
        "诉求时间 → reported_at · 承办单位 → unit · 办结期限 → deadline · 办理状态 → closed · "
        "市民姓名 → personal · 来电号码 → personal",
    ),
    Form(
        "mediation cases",
        "mediation",
        "案件标题 → title · 原发单位 → origin · 纠纷简要情况 → description · "
        "责任人 → resolver_name · 责任人电话 → –",
    ),
]
BY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def columns_of(form: Form) -> dict[str, Column]:
    known = types.of(form.kind).vocabulary
    layout = guess_layout(form.rows, known.synonyms, known.hints)
    return {column.title: column for column in layout.columns}


@BY_FORM
def test_nine_of_ten_columns_are_right_and_the_others_asked_about(form: Form) -> None:
    found = columns_of(form)

    assert list(found) == list(form.meant)
    wrong = {
        title: expected
        for title, expected in form.meant.items()
        if not is_right(found[title], expected)
    }
    assert len(wrong) <= len(found) // 10, wrong
    assert all(found[title].role in (Role.ASKED, Role.OTHER) for title in wrong), wrong


@BY_FORM
def test_columns_of_the_public_are_left_out_and_no_others(form: Form) -> None:
    left_out = [title for title, column in columns_of(form).items() if column.role is Role.PERSONAL]

    assert left_out == [title for title, expected in form.meant.items() if expected == PERSONAL]


@BY_FORM
@pytest.mark.parametrize("kind", [each.kind for each in types.every()])
def test_no_kind_of_ledger_reads_what_is_about_the_public(form: Form, kind: str) -> None:
    known = types.of(kind).vocabulary

    layout = guess_layout(form.rows, known.synonyms, known.hints)

    personal = {title for title, expected in form.meant.items() if expected == PERSONAL}
    assert personal.isdisjoint(c.title for c in layout.columns if c.field or c.candidates)


def is_right(column: Column, expected: str) -> bool:
    if expected == PERSONAL:
        return column.role is Role.PERSONAL
    # An office's own number is the source's number as soon as it is not one of ours.
    fields = ("source_ref", "number") if expected == "source_ref" else (expected,)
    return column.field is None if expected == NOTHING else column.field in fields
