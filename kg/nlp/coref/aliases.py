"""Names that the text itself equates: "X (ABC)", "X, also known as Y", "X (hereinafter “Y”)", "X, formerly Y".

In: a Doc with its forms. Out: pairs of forms, and new forms for aliases that are named entities only by being
given so. A bracket with a place, a date, a code or a remark is no alias.
"""

from __future__ import annotations

import re
from typing import Final

from spacy.tokens import Doc

from kg.nlp.coref.acronyms import abbreviates
from kg.nlp.coref.name_variants import NameVariant, trimmed, words_of
from kg.nlp.coref.nations import state_of, state_of_demonym
from kg.nlp.doc_arrays import text_of

_OPEN: Final = frozenset("([")
_CLOSE: Final = frozenset(")]")
_QUOTES: Final = frozenset("\" ' “ ” ‘ ’ `` '' * ** *** _".split())
_MARK: Final = re.compile(
    r"[\s,;(\[*:–—-]*\b(?:(?:better |also |otherwise |commonly |formerly |previously |now "
    r"|currently )*known as|a\.?k\.?a\.?|alias(?:es)?|"
    r"f\.?k\.?a\.?|n\.?k\.?a\.?|formerly(?: called| named)?|previously(?: called| named)"
    r"|hereinafter(?: referred to as| called)?|"
    r"doing business as|d/?b/?a|also called|also spelled|also referred to as|referred to as"
    r"|or simply)\b[\s.:,*\"“‘'(]*(?:the )?",
    re.I,
)
_FORMER: Final = re.compile(r"former|previous|f\.?k\.?a", re.I)
_MORE: Final = re.compile(
    r"\s*[\"”’'*]*\s*(?:[,;]|\bor\b|\band\b|a\.?k\.?a\.?|[\s,;]+)*\s*(?:(?:a\.?k\.?a\.?|alias"
    r"|also known as)\s*)?[\"“‘'*]*\s*",
    re.I,
)
#: A label of identifying data rather than words of a sentence.
_LABEL: Final = re.compile(r"(?:a\.?k\.?a\.?|alias(?:es)?|also known as)\W*:", re.I)
_LONGEST_ALIAS: Final = 7


def bracketed(doc: Doc, forms: list[NameVariant]) -> list[tuple[int, tuple[int, int], str]]:
    """(form, alias span, sieve) for every bracket after a name that holds another name of it."""
    taken = {start: (end, index) for index, form in enumerate(forms) for start, end in form.spans}
    found: list[tuple[int, tuple[int, int], str]] = []
    for index, form in enumerate(forms):
        for _, end in form.spans:
            opening = end + (end < len(doc) and doc[end].text in _QUOTES)
            if opening >= len(doc) or doc[opening].text not in _OPEN:
                continue
            closing = next(
                (
                    i
                    for i in range(opening + 2, min(len(doc), opening + (40 if form.group == "law" else 12)))
                    if doc[i].text in _CLOSE | _OPEN
                ),
                None,
            )
            if closing is None or doc[closing].text not in _CLOSE:
                continue
            if alias := _alias_in(doc, form, (opening + 1, closing), taken, forms):
                found.append((index, alias, "bracket"))
    return found


def _alias_in(
    doc: Doc, form: NameVariant, inside: tuple[int, int], taken: dict[int, tuple[int, int]], forms: list[NameVariant]
) -> tuple[int, int] | None:
    text = doc[inside[0] : inside[1]].text
    mark = _MARK.match(text)
    quoted = doc[inside[0]].text in _QUOTES or text[:1] in '"“‘' or text.lower().startswith(("the “", 'the "', "or “"))
    start = inside[0]
    if mark:
        start = next(
            (token.i for token in doc[inside[0] : inside[1]] if token.idx >= doc[inside[0]].idx + mark.end()), start
        )
    if doc[start].lower_ in ("or", "hereinafter") and start + 1 < inside[1]:
        start += 1
    start, end = trimmed(doc, start, inside[1])
    if start >= end or (end - start > _LONGEST_ALIAS and not (quoted and form.group == "law")):
        return None
    alias = doc[start:end].text
    if not any(char.isupper() for char in alias) or re.fullmatch(r"[A-Z]{2,3}[ei]?\.\d+", alias):
        return None
    if form.group != "place" and (state_of(alias) or state_of_demonym(alias)):
        return None
    words = words_of(alias, form.group)
    known = taken.get(start)
    other = forms[known[1]] if known and known[0] == end else None
    if mark or (quoted and not re.search(r"\d{3}", alias)):
        return start, end
    if form.group == "law" and len(words) > 2 and not (other and other.group == "law"):
        return None
    if abbreviates(alias, form.words) or (words and set(words) < set(form.words)):
        return (start, end) if not re.fullmatch(r"\d+", alias) else None
    if other is not None and other.group == form.group and form.group != "place" and form.group != "person":
        return start, end
    if form.group == "organization" and end - start == 1 and re.fullmatch(r"[A-Z][A-Za-z&.-]{1,9}", alias):
        capitals = sum(char.isupper() for char in alias)
        if capitals >= 2 and (other is None or other.group == "organization"):
            return start, end
    return None


def marked(doc: Doc, forms: list[NameVariant]) -> list[tuple[int, int, str]]:
    """(form, form, sieve) for "X, also known as Y" and lists of aliases after such a mark."""
    spans = sorted((start, end, index) for index, form in enumerate(forms) for start, end in form.spans)
    text, found = text_of(doc), []
    records = (doc._.records or []) if doc.has_extension("records") else []
    for place, (_, end, index) in enumerate(spans):
        if end >= len(doc):
            continue
        at = doc[end - 1].idx + len(doc[end - 1])
        if any(record.start <= at < record.end for record in records if record.form != "item"):
            continue  # the record tells its aliases itself
        mark = _MARK.match(text, at)
        if not mark or not mark[0].strip():
            continue
        sieve = "former name" if _FORMER.search(mark[0]) else "also known as"
        later = spans[place + 1 :]
        if _LABEL.search(mark[0]):
            found += [
                (other, index, sieve)
                for other in _listed(doc, forms, forms[index].group, mark.end(), later)
                if other != index
            ]
            continue
        cursor = mark.end()
        for start, stop, other in later:
            if doc[start].idx != cursor or forms[other].group != forms[index].group:
                break
            if other != index:
                found.append((other, index, sieve))
            cursor = doc[stop - 1].idx + len(doc[stop - 1])
            more = _MORE.match(text, cursor)
            if sieve == "former name" or more is None or "and" in more[0].split():
                break
            cursor = more.end()
    return found


def _listed(doc: Doc, forms: list[NameVariant], group: str, begin: int, spans: list[tuple[int, int, int]]) -> list[int]:
    """The forms that stand as items of the list after a label such as "A.k.a.:", up to the end of its line."""
    text = text_of(doc)
    stop = text.find("\n", begin)
    stop = len(text) if stop < 0 else stop
    marks = ";(" if ";" in text[begin:stop] else ";(,"
    found = []
    for start, _, index in spans:
        at = doc[start].idx
        if at >= stop:
            break
        before = text[max(0, begin - 1) : at].rstrip(" \u00a0\"“‘'")
        if forms[index].group == group and (at == begin or before[-1:] in marks + ":"):
            found.append(index)
    return found
