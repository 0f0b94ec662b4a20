"""Match the headers of a table to the fields of one kind of ledger.

A header means a field if it equals one of the field's wordings, ignoring insignificant words. A
header that only resembles a wording is a candidate: the user is asked, and nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from unicodedata import normalize

from bihuan.sheets.personal import is_contact
from bihuan.sheets.titles import Title, key, words

LIKELY, CERTAIN = 0.8, 1.0

Synonyms = Mapping[str, Sequence[str]]
"""For each field that the caller wants, the header texts that mean it."""

SERIALS = frozenset(
    map(key, ("序号", "序", "项次", "行号", "No", "Number", "Serial", "Serial No", "SN", "#"))
) - {""}


@dataclass(frozen=True)
class Hints:
    """Further knowledge of a kind of ledger about its headers and fields."""

    also: Synonyms = field(default_factory=dict)
    """Headers that mean a field only if no other column does, such as 地址 for the place."""
    asked: Synonyms = field(default_factory=dict)
    """Headers that may mean a field; the user must choose."""
    nothing: Sequence[str] = ()
    """Headers that look like a field but are not."""
    subject: str = ""
    """What the rows are about; a header may start with it without changing its meaning, as in
    隐患整改期限.
    """
    needed: Sequence[Sequence[str]] = ()
    """One field of each group is required."""
    money: Sequence[str] = ()
    days: Sequence[str] = ()
    names: Sequence[str] = ()
    """Fields that hold money, days and names of officers."""
    pairs: Mapping[str, str] = field(default_factory=dict)
    """For fields that hold a unit, the field of its officer, whom the same cells may name."""


class Rank(IntEnum):
    """The strength of a claim; of two columns the stronger one gets the field."""

    LIKE = 1
    ALSO = 2
    SAID = 3


@dataclass(frozen=True)
class Claim:
    """A column means this field, by a wording of this length."""

    field: str
    rank: Rank
    wording: str

    @property
    def sure(self) -> float:
        return LIKELY if self.rank is Rank.LIKE else CERTAIN


@dataclass(frozen=True)
class Meaning:
    """The meaning of one header: at most one claim, and the alternative fields."""

    claim: Claim | None = None
    asked: frozenset[str] = frozenset()
    """Fields to ask about, unless another column has them."""
    weak: frozenset[str] = frozenset()
    """Fields to ask about only if no other column can supply a required one."""
    is_known: bool = False


# Words that are equivalent in a header.
_SAME = (
    (re.compile("事故隐患|安全隐患|问题隐患|隐患问题"), "隐患"),
    (re.compile("日期"), "时间"),
    (re.compile("人员"), "人"),
    (re.compile("所在|的"), ""),
)
_BEFORE = re.compile("^(本次|此次|具体|存在)")
_BEFORE_A_TERM = re.compile("^(计划|拟定?|要求|规定)(?=.*(期限|时限|资金|措施)$)")
_AFTER = re.compile("(名称|(?<=人)姓名|签字|签名)$")
_AND = re.compile(r"[及和与或、/&\n]")
# Under a group these mean nothing alone: 验收 / 日期 is not the date found.
_OF_ITS_GROUP = frozenset(
    (
        "日期", "时间", "单位", "部门", "人员", "姓名", "名称", "情况", "结果", "意见", "编号",
        "说明", "问题", "date", "time", "name",
    )
)  # fmt: skip
_A_TIME = re.compile("(时间|日)$")
_LONG = 3


def canonical(found: str) -> str:
    """Return the wording without insignificant words."""
    for pattern, instead in _SAME:
        found = pattern.sub(instead, found)
    return found


class Meanings:
    """The wordings of one kind of ledger, prepared for matching."""

    def __init__(self, synonyms: Synonyms, hints: Hints) -> None:
        self._subject = key(hints.subject)
        self._said: dict[str, Claim] = {}
        for rank, table in ((Rank.SAID, synonyms), (Rank.ALSO, hints.also)):
            for name, value in table.items():
                for wording in value:
                    found = key(wording)
                    self._said.setdefault(found, Claim(name, rank, found))
        self._asked: dict[str, set[str]] = {}
        for name, value in hints.asked.items():
            for wording in value:
                self._asked.setdefault(key(wording), set()).add(name)
        self._pairs = hints.pairs
        self._nothing = frozenset(map(key, hints.nothing))
        self._like = self._canonical_wordings()
        self._english = [
            (words(wording), name)
            for table in (synonyms, hints.also)
            for name, value in table.items()
            for wording in value
            if wording.isascii()
        ]

    def knows(self, wording: str) -> bool:
        """Whether the header equals one of the wordings."""
        return wording in self._said or wording in self._asked or wording in self._nothing

    def _canonical_wordings(self) -> dict[str, str]:
        """Map each canonical wording to its field; a wording of several fields is dropped."""
        like: dict[str, set[str]] = {}
        for wording, claim in self._said.items():
            like.setdefault(canonical(wording), set()).add(claim.field)
        return {wording: names.pop() for wording, names in like.items() if len(names) == 1}

    def of(self, title: Title) -> Meaning:
        """Return the meaning of the header."""
        if not title.text or SERIALS.intersection(title.keys):
            return self._serial(title)
        exact = self._exact(title)
        if exact is not None:
            return exact
        like = self._likely(title)
        if like is not None:
            return Meaning(Claim(like, Rank.LIKE, canonical(title.own)), is_known=True)
        if is_contact(title.whole):
            return Meaning()
        return self._candidates(title)

    def _serial(self, title: Title) -> Meaning:
        """Recognise a serial number, unless the file's own mapping or the kind assigns it to a
        field.
        """
        found = next((self._said[each] for each in title.keys if each in self._said), None)
        return Meaning(found, is_known=bool(title.text))

    # ------------------------------------------------------------ equal wording
    def _exact(self, title: Title) -> Meaning | None:
        for wording in title.keys:
            claim = self._said.get(wording)
            uncertain = frozenset(self._asked.get(wording, ()))
            if wording in self._nothing:
                return Meaning(is_known=True)
            if claim is None and not uncertain:
                continue
            if title.group and wording == title.own:
                return self._under_a_group(title, claim, uncertain)
            return Meaning(claim, uncertain, is_known=True)
        return None

    def _under_a_group(
        self, title: Title, claim: Claim | None, uncertain: frozenset[str]
    ) -> Meaning | None:
        """Whether the part alone has a meaning, but the group together with it has none."""
        if title.own not in _OF_ITS_GROUP:
            return Meaning(claim, uncertain, is_known=True)
        found = uncertain | ({claim.field} if claim else set())
        is_time = _A_TIME.search(canonical(title.own)) is not None
        return Meaning(weak=found) if is_time else Meaning(asked=found | self._of_group(title))

    # -------------------------------------------------------- nearly the wording
    def _likely(self, title: Title) -> str | None:
        for wording in (title.whole, title.own) if title.group else (title.own,):
            if wording in _OF_ITS_GROUP:
                continue
            found = self._but_for_little(wording)
            if found is not None:
                return found
        if title.text.isascii():
            ours = sorted(words(title.text))
            return next(
                (name for word_list, name in self._english if sorted(word_list) == ours), None
            )
        return self._joined(title)

    def _but_for_little(self, wording: str) -> str | None:
        for found in _without_little(canonical(wording), self._subject):
            if found in self._like:
                return self._like[found]
        return None

    def _joined(self, title: Title) -> str | None:
        """Match two wordings of one field in one header, a name with its telephone, or a unit
        with its officer.
        """
        parts = [key(part) for part in _AND.split(normalize("NFKC", title.text))]
        if len(parts) < 2:
            return None
        means = {self._but_for_little(part) for part in filter(None, parts) if not is_contact(part)}
        pairs = (name for name, officer in self._pairs.items() if means == {name, officer})
        return means.pop() if len(means) == 1 else next(pairs, None)

    # ------------------------------------------------------------ like a wording
    def _candidates(self, title: Title) -> Meaning:
        uncertain, weak = set(self._of_group(title)), set[str]()
        if title.text.isascii():
            weak |= self._english_candidates(title)
        else:
            own = canonical(title.whole)
            longest = max((w for w in self._like if own.endswith(w)), key=len, default="")
            if longest:
                strong = len(longest) >= _LONG and not _A_TIME.fullmatch(longest)
                (uncertain if strong else weak).add(self._like[longest])
            weak.update(
                name for w, name in self._like.items() if len(w) >= _LONG and own.startswith(w)
            )
            for part in map(key, _AND.split(normalize("NFKC", title.text))):
                found = self._but_for_little(part) if part != title.own else None
                uncertain.update({found} if found else ())
        return Meaning(asked=frozenset(uncertain), weak=frozenset(weak - uncertain))

    def _of_group(self, title: Title) -> set[str]:
        """Return the field that the group over this part means as a whole."""
        claim = self._said.get(key(title.group)) if title.group else None
        return {claim.field} if claim else set()

    def _english_candidates(self, title: Title) -> set[str]:
        ours = words(title.text)
        return {
            name
            for word_list, name in self._english
            if word_list and _begins_or_ends(ours, word_list)
        }


def _begins_or_ends(ours: Sequence[str], texts: Sequence[str]) -> bool:
    length = len(texts)
    return tuple(ours[:length]) == tuple(texts) or tuple(ours[-length:]) == tuple(texts)


def _without_little(wording: str, subject: str) -> Iterator[str]:
    """Strip insignificant words before and after the wording."""
    yield wording
    shorter = _AFTER.sub("", wording)
    if shorter != wording:
        yield shorter
    for found in (wording, shorter):
        if subject and found.startswith(subject):
            yield found.removeprefix(subject)
        for before in (_BEFORE, _BEFORE_A_TERM):
            less = before.sub("", found)
            if less != found:
                yield less
                if subject:
                    yield less.removeprefix(subject)


# ----------------------------------------------------------- who gets the field
@dataclass(frozen=True)
class ColumnMapping:
    """The column of each field, and the fields to ask about for the other columns."""

    claims: Mapping[int, Claim]
    questions: Mapping[int, tuple[str, ...]]


def assign(meanings: Mapping[int, Meaning], order: Sequence[str], hints: Hints) -> ColumnMapping:
    """Assign each field to the one column that means it; ask if there are two."""
    claims: dict[int, Claim] = {}
    questions: dict[int, set[str]] = {}
    for name in order:
        best = _best(
            {at: m.claim for at, m in meanings.items() if m.claim and m.claim.field == name}
        )
        if len(best) == 1:
            claims.update(best)
        for at in best if len(best) > 1 else ():
            questions.setdefault(at, set()).add(name)
    taken = {claim.field for claim in claims.values()}
    for at, meaning in meanings.items():
        open_ones = meaning.asked - taken
        if open_ones and at in claims:
            open_ones |= {claims.pop(at).field}
        if open_ones:
            questions.setdefault(at, set()).update(open_ones)
    _ask_for_what_is_needed(meanings, claims, questions, hints.needed)
    ordered = {at: tuple(n for n in order if n in names) for at, names in questions.items()}
    return ColumnMapping(claims, {at: names for at, names in ordered.items() if names})


def _best(claims: Mapping[int, Claim]) -> dict[int, Claim]:
    """Return the claims of the highest rank; of 地点 and 隐患地点 the more specific one."""
    top = max((claim.rank for claim in claims.values()), default=None)
    best = {at: claim for at, claim in claims.items() if claim.rank is top}
    wordings = {claim.wording for claim in best.values()}
    return {
        at: claim
        for at, claim in best.items()
        if not any(other.endswith(claim.wording) for other in wordings - {claim.wording})
    }


def _ask_for_what_is_needed(
    meanings: Mapping[int, Meaning],
    claims: Mapping[int, Claim],
    questions: dict[int, set[str]],
    needed: Iterable[Sequence[str]],
) -> None:
    """If no column can supply a required field, ask about weak matches too."""
    met = {claim.field for claim in claims.values()}.union(*questions.values())
    for group in needed:
        if met.isdisjoint(group):
            for at, meaning in meanings.items():
                found = meaning.weak.intersection(group)
                if found and at not in claims:
                    questions.setdefault(at, set()).update(found)
