"""A procurement as OCDS 1.1 releases and as a record (https://standard.open-contracting.org/1.1/en/schema/).

Only what is published: a release for each step that everybody may know of. Amounts are yuan with two decimals. Who
bids, and for how much, stands in no release before the award. Pure: rows are given with what belongs to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import msgspec

from zhen.kernel.lib import clock
from zhen.packs.finance.models import Payment
from zhen.packs.finance.procurement.models import Bid, Contract, Procurement, Supplier

METHODS = {
    "open": "open",
    "invited": "selective",
    "negotiation": "limited",
    "consultation": "limited",
    "enquiry": "limited",
    "single": "direct",
    "small": "direct",
}
"""Ours → theirs, a closed list of four; ours stands in `procurementMethodDetails`."""
CRITERIA = {"lowest": "priceOnly", "scored": "ratedCriteria"}
STATUS = {
    "tendering": "active",
    "opened": "active",
    "ranked": "active",
    "awarded": "complete",
    "contracted": "complete",
    "accepted": "complete",
    "failed": "unsuccessful",
}
KNOWN = ("awarded", "contracted", "accepted")
CREDIT_CODES = "CN-SAIC"
"""The list of organisation identifiers (org-id.guide) that the unified social credit codes belong to."""
Release = dict[str, Any]


def ocid(prefix: str, procurement: Procurement) -> str:
    return f"{prefix}-{procurement}".lower()


def releases(prefix: str, page: str, procurement: Procurement) -> Iterator[Release]:
    """The releases of one procurement, from the oldest. `page` is the address of its notice."""
    assert procurement.published_at is not None  # only what is published is given here
    tender = _tender(page, procurement)
    yield _release(prefix, procurement, "tender", procurement.published_at, tender=tender(known=False))
    if procurement.failed_at is not None:
        yield _release(prefix, procurement, "tenderCancellation", procurement.failed_at, tender=tender(known=True))
    if procurement.state not in KNOWN or procurement.awarded_at is None:
        return
    yield _release(
        prefix, procurement, "award", procurement.awarded_at, tender=tender(known=True), awards=[_award(procurement)]
    )
    contract = _signed(procurement)
    if contract is None or contract.signed_on is None:
        return
    yield _release(
        prefix, procurement, "contract", _moment(contract.signed_on), contracts=[_contract(contract, paid=False)]
    )
    paid = _paid(contract)
    if paid:
        last = max(payment.paid_on for payment in paid if payment.paid_on is not None)
        yield _release(prefix, procurement, "implementation", _moment(last), contracts=[_contract(contract, paid=True)])


def record(prefix: str, page: str, address: str, procurement: Procurement) -> dict[str, Any]:
    """All releases of one procurement by their addresses, and what they come to. `address` is their package's."""
    found = list(releases(prefix, page, procurement))
    compiled: Release = {}
    for one in found:
        compiled |= one
    compiled |= {"id": f"{ocid(prefix, procurement)}-compiled", "tag": ["compiled"]}
    parties: dict[str, Any] = {}
    for one in found:
        for party in one["parties"]:
            known = parties.setdefault(party["id"], party)
            known["roles"] = sorted({*known["roles"], *party["roles"]})
    compiled["parties"] = list(parties.values())
    return {
        "ocid": ocid(prefix, procurement),
        "releases": [{"url": f"{address}#{one['id']}", "date": one["date"], "tag": one["tag"]} for one in found],
        "compiledRelease": compiled,
    }


def _release(prefix: str, procurement: Procurement, tag: str, at: datetime, **parts: Any) -> Release:
    id = ocid(prefix, procurement)
    return {
        "ocid": id,
        "id": f"{id}-{tag}",
        "date": _written(at),
        "tag": [tag],
        "initiationType": "tender",
        "language": "zh",
        "parties": _parties(procurement, with_bidders=tag != "tender"),
        "buyer": _buyer(procurement),
        **parts,
    }


def _parties(procurement: Procurement, *, with_bidders: bool) -> list[dict[str, Any]]:
    found = [{**_buyer(procurement), "roles": ["buyer", "procuringEntity", "payer"]}]
    if not with_bidders or procurement.state not in KNOWN:
        return found
    for bid in _bids(procurement):
        roles = ["tenderer"]
        if bid.pk == procurement.winner_id:
            roles += ["supplier", "payee"]
        found.append(
            {
                **_firm(bid.supplier),
                "identifier": {
                    "scheme": CREDIT_CODES,
                    "id": bid.supplier.organisation.code or "",
                    "legalName": str(bid.supplier),
                },
                "roles": roles,
            }
        )
    return found


def _tender(page: str, procurement: Procurement) -> Any:
    def made(*, known: bool) -> dict[str, Any]:
        bids = _bids(procurement)
        told = {"numberOfTenderers": len(bids), "tenderers": [_firm(bid.supplier) for bid in bids]} if known else {}
        if procurement.state not in KNOWN:
            told.pop("tenderers", None)
        return {
            "id": str(procurement),
            "title": procurement.title,
            "description": procurement.purpose,
            "status": STATUS[procurement.state] if known else "active",
            "procuringEntity": _buyer(procurement),
            "items": [
                {
                    "id": str(item.pk),
                    "description": item.name,
                    "quantity": item.quantity,
                    "unit": {"name": item.measure},
                    "classification": {"scheme": "x_CN-GPCL", "id": procurement.catalogue},
                }
                for item in procurement.items.all()
            ],
            "value": _yuan(procurement.amount),
            "procurementMethod": METHODS[procurement.method],
            "procurementMethodDetails": str(Procurement.Method(procurement.method).label),
            "procurementMethodRationale": procurement.method_reason or procurement.method_why,
            "mainProcurementCategory": procurement.category,
            "awardCriteria": CRITERIA[procurement.way],
            "submissionMethod": ["electronicSubmission"],
            "tenderPeriod": {
                "startDate": _written(procurement.published_at),
                "endDate": _written(procurement.opens_at),
            },
            "documents": [
                {
                    "id": "notice",
                    "documentType": "tenderNotice",
                    "title": procurement.title,
                    "url": page,
                    "language": "zh",
                }
            ],
            **told,
        }

    return made


def _award(procurement: Procurement) -> dict[str, Any]:
    assert procurement.winner is not None  # held by the constraint finance_procurement_award
    return {
        "id": f"{procurement}-award",
        "title": procurement.title,
        "status": "active",
        "date": _written(procurement.awarded_at),
        "value": _yuan(procurement.award_amount or 0),
        "suppliers": [_firm(procurement.winner.supplier)],
    }


def _contract(contract: Contract, *, paid: bool) -> dict[str, Any]:
    assert contract.signed_on is not None  # only signed ones are given here
    payments = _paid(contract) if paid else []
    done = paid and all(part.payment and part.payment.state == "paid" for part in contract.instalments.all())
    made: dict[str, Any] = {
        "id": str(contract),
        "awardID": f"{contract.procurement}-award",
        "title": contract.title,
        "status": "terminated" if done else "active",
        "period": {"startDate": _written(_moment(contract.starts_on)), "endDate": _written(_moment(contract.ends_on))},
        "value": _yuan(contract.amount),
        "dateSigned": _written(_moment(contract.signed_on)),
    }
    if payments:
        made["implementation"] = {
            "transactions": [
                {
                    "id": str(payment),
                    "date": _written(_moment(payment.paid_on)),
                    "value": _yuan(payment.amount),
                    "payer": _buyer(contract.procurement),
                    "payee": _firm(contract.supplier),
                }
                for payment in payments
                if payment.paid_on is not None
            ]
        }
    return made


def _signed(procurement: Procurement) -> Contract | None:
    contract: Contract | None = getattr(procurement, "contract", None)
    return contract if contract is not None and contract.signed_on is not None else None


def _paid(contract: Contract) -> list[Payment]:
    parts = contract.instalments.all()
    return [part.payment for part in parts if part.payment is not None and part.payment.state == Payment.State.PAID]


def _bids(procurement: Procurement) -> list[Bid]:
    return [bid for bid in procurement.bids.all() if bid.in_force]


def _buyer(procurement: Procurement) -> dict[str, Any]:
    return {"id": f"CN-UNIT-{procurement.unit_id}", "name": procurement.unit.name}


def _firm(supplier: Supplier) -> dict[str, Any]:
    return {"id": f"{CREDIT_CODES}-{supplier.organisation.code}", "name": str(supplier)}


def _yuan(fen: int) -> dict[str, Any]:
    """Exactly two decimals, and never through a float."""
    return {"amount": msgspec.Raw(f"{fen // 100}.{fen % 100:02d}".encode()), "currency": "CNY"}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), clock.TOWN_ZONE)


def _written(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(clock.TOWN_ZONE).isoformat(timespec="seconds")
