"""What other modules may import of parties."""

from zhen.kernel.parties.actions.bulk import NewHousehold, NewPerson, record_households
from zhen.kernel.parties.actions.households import (
    add_household,
    add_organisation,
    change_organisation,
    join_household,
    leave_household,
    relate,
)
from zhen.kernel.parties.actions.keys import reencrypt, retire_key, rotate_key
from zhen.kernel.parties.actions.merging import merge_persons
from zhen.kernel.parties.actions.people import add_address, add_contact, add_person, change_person, end_person
from zhen.kernel.parties.actions.reading import link_account, open_disclosure, open_reading, reveal
from zhen.kernel.parties.actions.requests import ask, ask_for, decide, hold, release
from zhen.kernel.parties.actions.retention import erase_person, run_retention
from zhen.kernel.parties.checks import privacy_problems
from zhen.kernel.parties.holding import Dossier, Whose, as_json, dossier
from zhen.kernel.parties.models import Address, ContactPoint, Household, Membership, Organisation, Person, Relation
from zhen.kernel.parties.queries import (
    disclosure,
    households,
    organisation,
    organisations,
    person,
    person_of,
    person_with_number,
    persons,
    prove_deletion,
    search_organisations,
    search_persons,
)
from zhen.kernel.parties.retaining import declared_models
from zhen.kernel.parties.rules import credit_check
from zhen.kernel.parties.screens.mine import about, whose
from zhen.kernel.parties.synthetic import SyntheticHousehold
from zhen.kernel.parties.synthetic import Town as SyntheticTown

__all__ = [
    "Address",
    "ContactPoint",
    "Dossier",
    "Household",
    "Membership",
    "NewHousehold",
    "NewPerson",
    "Organisation",
    "Person",
    "Relation",
    "SyntheticHousehold",
    "SyntheticTown",
    "Whose",
    "about",
    "add_address",
    "add_contact",
    "add_household",
    "add_organisation",
    "add_person",
    "as_json",
    "ask",
    "ask_for",
    "change_organisation",
    "change_person",
    "credit_check",
    "decide",
    "declared_models",
    "disclosure",
    "dossier",
    "end_person",
    "erase_person",
    "hold",
    "households",
    "join_household",
    "leave_household",
    "link_account",
    "merge_persons",
    "open_disclosure",
    "open_reading",
    "organisation",
    "organisations",
    "person",
    "person_of",
    "person_with_number",
    "persons",
    "privacy_problems",
    "prove_deletion",
    "record_households",
    "reencrypt",
    "relate",
    "release",
    "retire_key",
    "reveal",
    "rotate_key",
    "run_retention",
    "search_organisations",
    "search_persons",
    "whose",
]
