"""Distinguish columns about members of the public from columns about officers and problems.

Problems are tracked, people are not: columns that this module recognises are never imported. It is
the only place that decides this, and a custom mapping cannot override it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from bihuan.sheets.reader import Broken, Cell
from bihuan.sheets.titles import Title
from bihuan.sheets.values import text

MOSTLY = 0.6
ENOUGH = 3


class Personal(StrEnum):
    """How a column was recognised as being about members of the public."""

    PERSON = "person"
    CONTACT = "contact"
    IDENTITY = "identity"
    DESCRIBES = "describes"
    CONTROL = "control"
    UNTITLED = "untitled"
    HOLDS_IDENTITIES = "holds_identities"
    HOLDS_PHONES = "holds_phones"


# Each is matched against a header without spaces, punctuation and case (`titles.key`).
_ROLE = (
    "(举报|投诉|反映|信访|上访|来访|来信|来电|诉求|申诉|控告|检举|求助|报案|报警|爆料|线索提供|咨询|建议"
    "|申请|受访|当事)"
)
# What a person says describes the problem; a count of people is not personal.
_NOT_THE_PERSON = "(?!(的|所|主要|具体|反映)*(诉求|请求|问题|事项|内容|要求|意见|满意)|次|数)"
_PERSON = re.compile(
    f"{_ROLE}(人|者|群众|市民|居民|村民|家长|职工|业主|方(?![式面法向])){_NOT_THE_PERSON}"
    "|^(群众|市民|居民|村民|家长|学生|业主|患者|户主|农户|租户|甲方|乙方|双方|对方|被举报人|被投诉人)"
    "(当事人)?(的?(姓名|名字|信息|代表))?$"
    "|^(姓名|联系人|联系人姓名|户主)$"
    "|(complainant|petitioner|whistleblower|informant|claimant|residentname|citizenname|callername)"
    "|^(reporter|reportedby|caller|resident|citizen|customer|requester|contact)(name|person)?$"
    "|^(full|first|last)name$"
)
# A contact person of a place; this alone does not make the table one about persons.
_SOMEBODY_TO_CALL = re.compile("^(联系人(姓名)?|contact(name|person)?)$")
# Who runs an enterprise: left out too, and the table is still one about places. Where it has such a
# column, one with numbers of identity cards is about the same people.
_WHO_RUNS_IT = re.compile(
    "法人|法定代表人|负责人|经营者|投资人|业主|店主|园长|校长|legalrepresentative"
)
_RUNS_IT = re.compile(
    "^(企业|单位|场所|学校)?(法人|法定代表人|法人代表|经营者|投资人|店主)(代表)?(姓名|名字)?$"
    "|^legalrepresentative(name)?$"
)
_IDENTITY = re.compile(
    "身份证|证件号|护照号|社保号|银行卡|银行账号|idcard|identitycard|nationalid|passport"
    "|^ssn$|socialsecurity"
)
_CONTACT = re.compile(
    "((电话|手机|手机号|联系方式|联系电话|联系手机|微信|微信号|qq|qq号|邮箱|电子邮箱)(号|号码)?"
    "|(来电|主叫|呼入|回访|联系)(号|号码)"
    "|家庭住址|家庭地址|居住地址?|现住址|住址|(联系|通讯|通信|邮寄)地址|户籍|户籍地址|户籍地|户口所在地"
    "|phone|telephone|mobile|phone(number|no)|telephone(number|no)|mobile(number|no)"
    "|email|emailaddress|homeaddress|contactdetails|contactinfo|contactnumber)$"
)
_HOME = re.compile("家庭|居住|住址|户籍|户口|home")
# Headers that can only describe a person, whatever the table is about.
_DESCRIBES = re.compile(
    "^(年龄|性别|民族|籍贯|国籍|学历|文化程度|婚姻(状况|情况)?|政治面貌|宗教(信仰)?|信仰|职业|从业状况"
    "|出生(日期|年月|时间)?|(工作|就业)单位|家庭(情况|成员|背景|状况|经济状况)|社会关系|亲属(关系|情况)?"
    "|主要亲属|配偶|子女(情况)?|健康状况|残疾(情况|类别)?|身体状况|性格(特点)?|照片人像|外貌特征)$"
    "|^(人|人员|人群|群体|身份|对象)(的)?(类别|类型|分类|性质|标签|属性)$"
    f"|{_ROLE}(人|群众|者)(员)?(类别|类型|身份)"
    "|退役军人|涉军|^是否(党员|军人|信教|残疾人?|低保户?|精神病人?)$"
    "|^(age|sex|gender|nationality|ethnicity|race|religion|occupation|maritalstatus|birthday|birthdate"
    "|dateofbirth|dob|employer|workplace)$"
)
# The purpose of tables used to stop people from travelling: bihuan does not support them.
_CONTROL = re.compile(
    "稳控|稳定控制|劝返|包保|重点人|重点对象|重点群体|重点关注|盯守|看管|布控|截访|帮教"
    "|(管控|监控|关注)(对象|人员?)$|[三五六]包一|维稳|涉稳"
    "|(进京|赴京|赴省|到京|非正常|越级|集体|重复|缠|闹|非)(上)?访|扬言|个人极端|老户"
    "|上访(次数|经历|史|轨迹|动向)|行踪|轨迹|(人员|思想)动向|现实表现|watchlist|keyperson"
)
# In a table that names members of the public these describe one of them.
_BESIDE_A_PERSON = re.compile(
    "^((所在|所属|现|原)?(单位|学校|企业|公司|单位名称|单位全称)"
    "|(所在|详细|现|常住|具体)?(地址|住所|住处|住地|门牌号?)|所在地|村组|社区村组|家庭.*"
    "|职务|职称|职位|岗位|身份|身份类别|关系|与.{1,6}关系|号码|电话.*|手机.*|账号|备用电话|收入.*"
    "|address|company|job|relation(ship)?)$"
)
_OFFICER = re.compile(
    "责任|负责|验收|检查|整改|承办|经办|督办|包案|主管|分管|网格|值班|办公|安全员|联络员|领导|干部|科室"
    "|受理|接访|接待|办理|处理|登记|填报|复查|排查|调解员|经手|牵头|主办"
    "|officer|inspector|responsible|assignee|handler|verifier"
)
_ORGANISATION = re.compile("单位|部门|企业|公司|学校|机构|agency|department|office|unit|contractor")
_ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?1[3-9]\d{9}(?!\d)")
_NUMBER = re.compile(r"[+()\d\-、,，;；/]{7,}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


# ------------------------------------------------------------------ one title
def named_personal(title_key: str) -> Personal | None:
    """Return why a column with this header is left out; None if it is not."""
    if _CONTROL.search(title_key):
        return Personal.CONTROL
    if _IDENTITY.search(title_key):
        return Personal.IDENTITY
    if _DESCRIBES.search(title_key):
        return Personal.DESCRIBES
    if _PERSON.search(title_key) or _RUNS_IT.search(title_key):
        return Personal.PERSON
    if _CONTACT.search(title_key) and not _is_of_an_office(title_key):
        return Personal.CONTACT
    return None


def is_contact(title_key: str) -> bool:
    """Whether the header means contact details of a person, officer or not."""
    return _CONTACT.search(title_key) is not None


def _is_of_an_office(title_key: str) -> bool:
    return _OFFICER.search(title_key) is not None or _ORGANISATION.search(title_key) is not None


# ---------------------------------------------------------------- whole tables
def personal_columns(
    titles: Sequence[Title], cells: Sequence[Sequence[Cell]]
) -> Mapping[int, Personal]:
    """Return why each column about members of the public is left out: its header, its cells, or
    its table.
    """
    found = {
        index: why
        for index, title in enumerate(titles)
        if (why := _named(title) or shown_personal(title.whole, cells[index]))
    }
    of_enterprises = any(_RUNS_IT.search(title.whole) for title in titles)
    if any(
        _names_somebody(titles[index], why)
        for index, why in found.items()
        if not (of_enterprises and why is Personal.IDENTITY)
    ):
        for index, title in enumerate(titles):
            if index not in found and _describes_in_such_a_table(title):
                found[index] = Personal.DESCRIBES
            elif index not in found and not title.text and title.letter:
                # It may hold the rest of what the table says about a person.
                found[index] = Personal.UNTITLED
    return found


def _named(title: Title) -> Personal | None:
    """Check the whole header; the part alone counts unless its group is about officers."""
    if not title.text:
        # The header of the cells to its left is merged with it.
        return named_personal(title.whole) if title.letter and title.group else None
    wordings = title.keys if not title.group or not _OFFICER.search(title.whole) else [title.whole]
    return next((why for wording in wordings if (why := named_personal(wording))), None)


def _names_somebody(title: Title, why: Personal) -> bool:
    """Whether this column shows that the rows of the table are about members of the public."""
    if _WHO_RUNS_IT.search(title.whole) and not _HOME.search(title.whole):
        return False
    if why is Personal.PERSON:
        return not _SOMEBODY_TO_CALL.search(title.whole)
    if why is Personal.CONTACT:
        return _HOME.search(title.whole) is not None
    return why in (Personal.IDENTITY, Personal.HOLDS_IDENTITIES, Personal.DESCRIBES)


def _describes_in_such_a_table(title: Title) -> bool:
    if not title.text or _OFFICER.search(title.whole):
        return False
    return is_contact(title.whole) or _BESIDE_A_PERSON.search(title.own) is not None


# ----------------------------------------------------------------------- cells
def shown_personal(title_key: str, cells: Iterable[Cell]) -> Personal | None:
    """Return why a column with these cells is left out, whatever its header; officers' numbers
    may stay.
    """
    filled = _filled(cells)
    if len(filled) < ENOUGH:
        return None
    if sum(map(_holds_id_card, filled)) >= MOSTLY * len(filled):
        return Personal.HOLDS_IDENTITIES
    if _is_of_an_office(title_key):
        return None
    if sum(_MOBILE.search(found) is not None for found in filled) >= MOSTLY * len(filled):
        return Personal.HOLDS_PHONES
    return None


def holds_phones(cells: Iterable[Cell]) -> bool:
    """Whether most of the cells are telephone numbers and nothing else."""
    filled = _filled(cells)
    return sum(_NUMBER.fullmatch(found) is not None for found in filled) > MOSTLY * len(filled)


def _filled(cells: Iterable[Cell]) -> list[str]:
    whole = (cell for cell in cells if cell != "" and not isinstance(cell, Broken))
    return [text(cell).replace(" ", "") for cell in whole]


def _holds_id_card(found: str) -> bool:
    """Whether a cell has an 18-digit number with a valid check digit (GB 11643)."""
    return any(
        _CHECK_DIGITS[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11]
        == number[-1].upper()
        for number in _ID_CARD.findall(found)
    )
