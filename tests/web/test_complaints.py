"""A message about a field names the field and says what to do, in both languages."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.translation import override

from bihuan.web import complaints
from bihuan.web.fields import day


class _Form(forms.Form):
    measures = forms.CharField(label="整改措施")
    grade = forms.ChoiceField(label="等级", choices=[("a", "甲")])
    side = forms.ChoiceField(label="方式", choices=[("a", "甲")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="已核实")
    photo = forms.FileField(label="照片")
    found = day("发现日期")
    money = forms.DecimalField(label="资金")
    own = forms.CharField(label="理由", error_messages={"required": "自己的话。"})


def _said(language: str, **data: str) -> dict[str, str]:
    form = _Form(data)
    with override(language):
        return {
            name: " ".join(each.text for each in complaints.of(form[name])) for name in form.fields
        }


def test_a_missing_value_is_named_with_what_to_do() -> None:
    said = _said("zh-hans")

    assert said == {
        "measures": "请填写“整改措施”。",
        "grade": "请选择“等级”。",
        "side": "请选择“方式”。",
        "sure": "请勾选“已核实”。",
        "photo": "请为“照片”选择文件。",
        "found": "请填写“发现日期”。",
        "money": "请填写“资金”。",
        "own": "自己的话。",
    }


@pytest.mark.parametrize(
    ("language", "date", "number"),
    [
        ("en", "“发现日期” is not a valid date or time.", "“资金” is not a number."),
        ("zh-hans", "“发现日期”不是有效的日期或时间。", "“资金”不是数字。"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(language: str, date: str, number: str) -> None:
    said = _said(language, found="31-02", money="many")

    assert (said["found"], said["money"]) == (date, number)


def test_other_messages_do_not_name_the_field() -> None:
    form = _Form({"grade": "other"})

    named = {name: [each.names_field for each in complaints.of(form[name])] for name in form.fields}

    assert (named["grade"], named["own"], named["measures"]) == ([False], [False], [True])
