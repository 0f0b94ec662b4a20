"""Tells columns that name members of the public from columns that name officers.

Problems are tracked, people are not: what this table recognises is never read in.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from bihuan.sheets.reader import Broken, Cell
from bihuan.sheets.values import text

MOSTLY = 0.6
ENOUGH = 3


class Personal(StrEnum):
    """How a column was seen to hold what identifies a member of the public."""

    PERSON = "person"
    CONTACT = "contact"
    IDENTITY = "identity"
    HOLDS_IDENTITIES = "holds_identities"
    HOLDS_PHONES = "holds_phones"


# Each is matched against a title without spaces, marks and capitals (`columns.key`).
_PERSON = re.compile(
    "(举报|投诉|反映|信访|上访|来访|来信|来电|诉求|申诉|控告|检举|求助|报案|报警|爆料|线索提供|咨询|建议|申请|受访)"
    "(人|者|群众|市民|居民|村民|家长|职工|业主|方(?![式面法向]))(?!次|数)"
    "|^(群众|市民|居民|村民|家长|学生|业主|患者|户主|当事人|被举报人|被投诉人)(的?(姓名|名字|信息|年龄|性别))?$"
    "|^(姓名|联系人|联系人姓名|户主)$"
    "|(complainant|petitioner|whistleblower|informant|claimant|residentname|citizenname|callername)"
    "|^(reporter|reportedby|caller|resident|citizen|customer|requester|contact)(name|person)?$"
    "|^(full|first|last)name$"
)
_IDENTITY = re.compile(
    "身份证|证件号|护照号|社保号|银行卡|银行账号|idcard|identitycard|nationalid|passport"
    "|^ssn$|socialsecurity"
)
_CONTACT = re.compile(
    "((电话|手机|手机号|联系方式|联系电话|联系手机|微信|微信号|qq|qq号|邮箱|电子邮箱)(号|号码)?"
    "|家庭住址|家庭地址|居住地址|现住址|住址|户籍|户籍地址|户籍地"
    "|phone|telephone|mobile|phone(number|no)|telephone(number|no)|mobile(number|no)"
    "|email|emailaddress|homeaddress|contactdetails|contactinfo|contactnumber)$"
)
_OFFICIAL = re.compile(
    "责任|负责|验收|检查|整改|承办|经办|督办|包案|主管|分管|网格|值班|办公|安全员|联络员|领导|干部|科室"
    "|单位|部门|企业|公司|学校|机构|officer|inspector|agency|department|office|unit|contractor"
    "|responsible|assignee|handler|verifier"
)
_ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?1[3-9]\d{9}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def named_personal(title_key: str) -> Personal | None:
    """Why a column so titled is left out; None for any other."""
    if _IDENTITY.search(title_key):
        return Personal.IDENTITY
    if _PERSON.search(title_key):
        return Personal.PERSON
    if _CONTACT.search(title_key) and not _OFFICIAL.search(title_key):
        return Personal.CONTACT
    return None


def shown_personal(title_key: str, cells: Iterable[Cell]) -> Personal | None:
    """Why a column with such cells is left out, whatever its title; an officer's phone may stay."""
    whole = (cell for cell in cells if cell != "" and not isinstance(cell, Broken))
    filled = [text(cell).replace(" ", "") for cell in whole]
    if len(filled) < ENOUGH:
        return None
    if sum(map(_holds_id_card, filled)) >= MOSTLY * len(filled):
        return Personal.HOLDS_IDENTITIES
    if _OFFICIAL.search(title_key):
        return None
    if sum(_MOBILE.search(found) is not None for found in filled) >= MOSTLY * len(filled):
        return Personal.HOLDS_PHONES
    return None


def _holds_id_card(found: str) -> bool:
    """An 18-digit number whose last is the check digit of the others (GB 11643)."""
    return any(
        _CHECK_DIGITS[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11]
        == number[-1].upper()
        for number in _ID_CARD.findall(found)
    )
