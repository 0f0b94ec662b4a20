"""What bihuan will not do, as the words by which a column, an address or an export would show it.

The promises are in the README. A word is looked for as a whole part of a name, in the singular and
the plural: `face` is in `face_id` and `FacesSeen`, not in `surface`.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One thing that is never built, and the names that it would come under."""

    text: str
    words: str
    chinese: str
    only_of_people: bool = False

    def found_in(self, part: str) -> list[str]:
        """The words of this promise that the part of a name has in it."""
        plain = _plain(part)
        return [word for word in self.words.split() if re.search(f"_{word}(s|es)?_", plain)] + [
            word for word in self.chinese.split() if word in part
        ]


PROMISES = (
    Promise(
        "no record in clear of who reported, and no way to list or find by them",
        """reporter complainant petitioner informant informer whistleblower citizen resident caller
        visitor appellant accuser co_signer submitter sender_name contact_name contact_person""",
        "举报人 投诉人 信访人 上访人 来访人 反映人 诉求人 申诉人 检举人 来电人",
    ),
    Promise(
        "no identity or contact of a member of the public in clear",
        """phone mobile telephone tel email wechat weixin qq id_card id_number identity_number
        passport household hukou birth birthday birthdate gender sex ethnicity nationality
        ip ip_address user_agent imei imsi mac_address""",
        "身份证 手机 联系电话 电话号码 微信 出生 户籍 民族 护照",
    ),
    Promise(
        "no following of people: no faces, plates, vehicles, tickets, rooms, checkpoints, cameras",
        """face facial fingerprint biometric voiceprint iris gait plate vehicle ticket itinerary
        trajectory hotel checkpoint camera video_feed whereabouts geofence""",
        "人脸 车牌 指纹 行踪 轨迹 卡口 摄像 住宿 购票",
    ),
    Promise(
        "no place of a person: an officer is found by post, not by position",
        """location gps position latitude longitude lat lng lon coordinates address home
        residence""",
        "位置 定位 经度 纬度 住址",
        only_of_people=True,
    ),
    Promise(
        "no list, category, score or forecast of people",
        """watchlist watch_list blacklist black_list key_person person_of_concern risk_person
        person_risk dangerousness loyalty credit_score repeat_petitioner repeat_reporter
        frequent_reporter troublemaker extremist veteran religion religious faith church political
        ideology""",
        "重点人 稳控 黑名单 缠访 闹访 老户 信教 涉军 退役军人",
    ),
    Promise(
        "no rating of a person",
        "risk risk_score risk_level score rating rank grade label tag category",
        "风险 评分 等级 标签",
        only_of_people=True,
    ),
    Promise(
        "nothing that stops, fetches, contains or guards a person",
        """intercept interception detain detention dissuade dissuasion persuade persuasion escort
        repatriate repatriation""",
        "截访 劝返 接返 拦截 拘留 看护 盯防",
    ),
    Promise(
        "no watching of speech",
        """sentiment public_opinion social_media hashtag rumor rumour news_watch keyword_watch
        censor censorship takedown""",
        "舆情 舆论 删帖 网评 谣言",
    ),
    Promise(
        "no measure of how many people complained, or how high they went",
        """complaint_count complaints_total complaint_rate petition_count petition_rate
        escalation_count escalation_rate visit_count visits_total""",
        "信访量 上访量 越级 投诉率",
    ),
)


@dataclass(frozen=True)
class Breach:
    """A name that would break a promise."""

    name: str
    word: str
    promise: str

    def __str__(self) -> str:
        return f"{self.name}: “{self.word}”: {self.promise}"


def breaches(name: str, part: str, *, of_people: bool = False) -> list[Breach]:
    """The promises that this part of a name would break; the whole name is for the report."""
    return [
        Breach(name, word, promise.text)
        for promise in PROMISES
        if of_people or not promise.only_of_people
        for word in promise.found_in(part)
    ]


def unexcused(found: Iterable[Breach], excused: Collection[str]) -> list[str]:
    """The breaches that nobody gave a reason for, and the reasons for what is no longer there."""
    found = list(found)
    stale = set(excused) - {breach.name for breach in found}
    return [str(breach) for breach in found if breach.name not in excused] + [
        f"{name}: the exception is no longer needed" for name in sorted(stale)
    ]


def _plain(name: str) -> str:
    """`reporterName`, `reporter-name` and `Reporter name` are all `_reporter_name_`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return f"_{re.sub(r'[^a-z0-9]+', '_', spaced.lower()).strip('_')}_"
