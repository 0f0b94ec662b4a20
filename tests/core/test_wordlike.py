"""Texts compared without knowing words."""

from bihuan.core.wordlike import likeness, pairs


def test_chinese_runs_become_pairs_and_latin_runs_stay_words() -> None:
    assert pairs("安全通道堵塞 Exit 12") == {"安全", "全通", "通道", "道堵", "堵塞", "exit", "12"}


def test_full_width_and_case_make_no_difference() -> None:
    assert pairs("ＥＸＩＴ １２") == pairs("exit 12")


def test_like_texts_score_higher_than_unlike_ones() -> None:
    here = "三楼疏散通道被杂物堵塞"

    assert likeness(here, "三楼疏散通道堆放杂物") > 0.4
    assert likeness(here, "围墙开裂倾斜") < 0.1
    assert likeness(here, here) == 1
    assert likeness("", here) == 0
