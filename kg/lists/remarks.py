"""An OFAC remark -> its parts, each recognised or kept as text.

In: the remark of an entry, with its continuation joined on: parts between semicolons, most of them a label and a
value ("DOB 10 Dec 1948", "Passport 1084010 (Egypt) expires 2019", "Linked To: HIZBALLAH"). Out: a `Remark` with what
each part says. Nothing is dropped: a part that fits no label ends up in `texts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from kg.lists.dates import date_range, listed_date
from kg.lists.identifiers import identifier
from kg.lists.model import Identifier
from kg.reference import country


@dataclass(slots=True)
class Remark:
    """What one remark says; `links` are names of other entries, `aliases` the weak ones written in quotes."""

    attributes: list[tuple[str, str]] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    listing_dates: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


#: The label of an identifier as OFAC writes it -> the scheme. Longest first where one begins like another.
_SCHEMES: Final[dict[str, str]] = {
    "Vessel Registration Identification IMO": "imo",
    "Identification Number IMO": "imo_company",
    "Company Number IMO": "imo_company",
    "MMSI": "mmsi",
    "SWIFT/BIC": "bic",
    "BIK (RU)": "bik",
    "ISIN": "isin",
    "D-U-N-S Number": "duns",
    "Legal Entity Number": "lei",
    "Government Gazette Number": "okpo",
    "Unified Social Credit Code (USCC)": "uscc",
    "United Social Credit Code Certificate (USCCC)": "uscc",
    "Aircraft Tail Number": "tail_number",
    "Previous Aircraft Tail Number": "former_tail_number",
    "Aircraft Manufacturer's Serial Number (MSN)": "serial_number",
    "Aircraft Construction Number (also called L/N or S/N or F/N)": "construction_number",
    "Aircraft Mode S Transponder Code": "transponder_code",
    "Passport": "passport",
    "Diplomatic Passport": "passport",
    "Official Passport": "passport",
    "Stateless Person Passport": "passport",
    "Tax ID No.": "tax_number",
    "NIT #": "tax_number",
    "R.F.C.": "tax_number",
    "RFC": "tax_number",
    "RUC #": "tax_number",
    "RIF #": "tax_number",
    "V.A.T. Number": "tax_number",
    "US FEIN": "tax_number",
    "C.U.I.T.": "tax_number",
    "RTN": "tax_number",
    "Italian Fiscal Code": "tax_number",
    "Fiscal Code": "tax_number",
    "Registration Number": "registration_number",
    "Registration ID": "registration_number",
    "Company Number": "registration_number",
    "UK Company Number": "registration_number",
    "Business Registration Number": "registration_number",
    "Business Registration Document #": "registration_number",
    "Business Number": "registration_number",
    "Enterprise Number": "registration_number",
    "Folio Mercantil No.": "registration_number",
    "Matricula Mercantil No": "registration_number",
    "Commercial Registry Number": "registration_number",
    "C.R. No.": "registration_number",
    "Trade License No.": "registration_number",
    "Certificate of Incorporation Number": "registration_number",
    "Public Registration Number": "registration_number",
    "Chamber of Commerce Number": "registration_number",
    "Registered Charity No.": "registration_number",
    "Branch Unit Number": "registration_number",
    "License": "registration_number",
    "National ID No.": "national_id",
    "Cedula No.": "national_id",
    "Cedula No": "national_id",
    "C.U.R.P.": "national_id",
    "C.U.I.P.": "national_id",
    "D.N.I.": "national_id",
    "I.F.E.": "national_id",
    "SSN": "national_id",
    "LE Number": "national_id",
    "Numero de Identidad": "national_id",
    "Personal ID Card": "national_id",
    "Citizen's Card Number": "national_id",
    "Turkish Identification Number": "national_id",
    "National Foreign ID Number": "national_id",
    "Identification Number": "national_id",
    "Residency Number": "national_id",
    "Electoral Registry No.": "national_id",
    "Credencial electoral": "national_id",
    "Cartilla de Servicio Militar Nacional": "national_id",
    "Driver's License No.": "other_id",
    "Birth Certificate Number": "other_id",
    "Phone Number": "phone",
    "Telephone Number": "phone",
    "Telephone": "phone",
    "Tel.": "phone",
    "Fax": "phone",
    "Fax Number": "phone",
}

#: A label -> the attribute that takes the rest of the part.
_ATTRIBUTES: Final[dict[str, str]] = {
    "Gender": "gender",
    "Website": "website",
    "Email Address": "email",
    "Aircraft Model": "aircraft_model",
    "Aircraft Manufacture Date": "manufacture_date",
    "Organization Established Date": "established_date",
    "Organization Type:": "organization_type",
    "Target Type": "organization_type",
    "Vessel Type": "vessel_type",
    "Former Vessel Flag": "former_flag",
    "Vessel Flag": "vessel_flag",
    "Vessel Year of Build": "year_of_build",
    "Nationality of Registration": "registered_in",
    "Vessel Call Sign": "call_sign",
    "Equity Ticker": "ticker",
    "Issuer Name": "issuer_name",
    "Secondary sanctions risk:": "secondary_sanctions",
    "Secondary sanctions risk": "secondary_sanctions",
    "Additional Sanctions Information -": "secondary_sanctions",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:": "secondary_sanctions",
    "Executive Order 13662 Directive Determination -": "directive",
    "Subject to Directive": "directive",
}

_LABELS: Final = re.compile(
    "|".join(re.escape(label) for label in sorted({*_SCHEMES, *_ATTRIBUTES}, key=lambda label: (-len(label), label)))
)
_OTHER_ID: Final = re.compile(
    r"(?P<label>[A-Z][\w.'/& -]*?"
    r"(?:\bNo\.?|\bNumber|\bID|\bCode|\bCard|\bLicen[cs]e|\bCertificate|\bRegistration|#)(?: ?#)?)"
    r"\s+(?P<rest>\S*\d.*)"
)
_VALUE: Final = re.compile(
    r"(?P<value>.*?)(?:\s+\((?P<issuer>[^()]+)\))?(?:\s+issued\s+(?P<issued>.*?))?(?:\s+expires\s+(?P<expires>.*?))?"
)
_ALIAS: Final = re.compile(r"(?P<kind>[afn])\.k\.a\.:?\s+['\"](?P<name>.+)['\"]")
_CRYPTO: Final = re.compile(r"Digital Currency Address\s*-\s*(?P<coin>\w+)\s+(?P<value>\S+)")
_DATED: Final = re.compile(r"(?P<kind>Listing|Effective) Date(?: \((?P<for>[^()]*)\))?:?\s+(?P<date>.+)")


def parse_remark(text: str) -> Remark:
    """What the remark says, part by part, in its own order.

    >>> found = parse_remark("DOB circa 1951; alt. Passport A1 (Iran) expires 19 Apr 2020; Linked To: MAHAN AIR.")
    >>> found.attributes, found.identifiers[0].issuer, found.links
    ([('birth_date', '1951')], 'Iran', ['MAHAN AIR'])
    """
    remark = Remark()
    for part in _parts(text):
        _read_part(part.removeprefix("alt. ").strip(), remark)
    return remark


def _parts(text: str) -> list[str]:
    """The parts between semicolons; one inside an alias's quotes or a bracket is no end."""
    whole = text.strip()
    whole = whole[:-1] if whole.endswith(".") and not whole.endswith(("S.A.", "C.V.", "Ltd.", "Inc.")) else whole
    parts: list[str] = []
    for piece in whole.split(";"):
        if parts and re.fullmatch(r"[afn]\.k\.a\.:? '[^']*", parts[-1].strip()) and piece.strip().endswith("'"):
            parts[-1] += ";" + piece
        else:
            parts.append(piece)
    return [
        part.strip().strip("()") if part.strip().startswith("(Linked To") else part.strip()
        for part in parts
        if part.strip()
    ]


def _read_part(part: str, remark: Remark) -> None:
    for label, read in _PREFIXES:
        if part.startswith(label):
            read(part[len(label) :].strip(), part, remark)
            return
    if match := _ALIAS.fullmatch(part):
        remark.aliases.append((match.group("kind") + "ka", match.group("name")))
    elif match := _CRYPTO.fullmatch(part):
        remark.identifiers.append(identifier("crypto_address", match.group("value"), label=match.group("coin")))
    elif match := _DATED.fullmatch(part):
        _read_listing_date(match, part, remark)
    elif (match := _LABELS.match(part)) and _ends_word(part, match.end()):
        _read_labelled(match.group(), part[match.end() :].strip(), part, remark)
    elif match := _OTHER_ID.fullmatch(part):
        remark.identifiers.append(_identifier("other_id", match.group("label"), match.group("rest")))
    else:
        remark.texts.append(part)


def _ends_word(part: str, end: int) -> bool:
    return end == len(part) or not part[end - 1].isalnum() or not part[end].isalnum()


def _read_labelled(label: str, rest: str, part: str, remark: Remark) -> None:
    scheme = _SCHEMES.get(label)
    if scheme and rest and any(char.isalnum() for char in rest):
        remark.identifiers.append(_identifier(scheme, label, rest))
    elif label in _ATTRIBUTES and rest:
        attribute = _ATTRIBUTES[label]
        value = (listed_date(rest) or rest) if attribute.endswith("_date") else rest
        remark.attributes.append((attribute, value))
    else:
        remark.texts.append(part)


def _identifier(scheme: str, label: str, rest: str) -> Identifier:
    match = _VALUE.fullmatch(rest)
    if match is None:
        return identifier(scheme, rest, label=label)
    value, issuer = match.group("value"), match.group("issuer") or ""
    if issuer and country(issuer) is None and not issuer[0].isupper():
        value, issuer = f"{value} ({issuer})", ""
    if scheme == "lei" and not re.fullmatch(r"[A-Z0-9]{20}", value):
        scheme = "registration_number"  # OFAC also writes national company numbers under "Legal Entity Number"
    if scheme == "uscc" and len(value) != 18:
        scheme = "registration_number"
    return identifier(
        scheme,
        value,
        label=label,
        issuer=country(issuer) or issuer,
        issued=listed_date(match.group("issued") or ""),
        expires=listed_date(match.group("expires") or ""),
    )


def _read_birth_date(rest: str, part: str, remark: Remark) -> None:
    date = date_range(rest)
    if date:
        remark.attributes.append(("birth_date", date))
    else:
        remark.texts.append(part)


def _read_birth_place(rest: str, part: str, remark: Remark) -> None:
    remark.birth_places.append(rest)


def _read_nationality(rest: str, part: str, remark: Remark) -> None:
    remark.nationalities.append(rest)


def _read_link(rest: str, part: str, remark: Remark) -> None:
    remark.links.append(rest.rstrip(")"))


def _read_operator(rest: str, part: str, remark: Remark) -> None:
    remark.operators.append(rest)


def _read_listing_date(match: re.Match[str], part: str, remark: Remark) -> None:
    date = listed_date(match.group("date"))
    if match.group("kind") == "Listing" and date:
        remark.listing_dates.append((match.group("for") or "", date))
    else:
        remark.texts.append(part)


_PREFIXES: Final = (
    ("DOB ", _read_birth_date),
    ("POB ", _read_birth_place),
    ("nationality ", _read_nationality),
    ("citizen ", _read_nationality),
    ("Linked To:", _read_link),
    ("Linked to:", _read_link),
    ("Aircraft Operator ", _read_operator),
)
