"""`zhen parties`: keys, active deletion, and proofs of deletions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.crypto import UnknownKey, Use, keeper
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties.actions import keys, retention
from zhen.kernel.parties.describing import document
from zhen.kernel.parties.queries import prove_deletion

LARGEST = 50_000_000


class Command(BaseCommand):
    help = "Keys that seal personal data, active deletion, proofs of deletions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("keys", help="list the keys of the ring and how many values each has made")
        rotate = steps.add_parser("rotate", help="make a new key, which is current from now on")
        rotate.add_argument("--use", choices=[Use.FIELD.value, Use.LOOKUP.value], default=Use.FIELD.value)
        again = steps.add_parser("reencrypt", help="seal with the current keys what was made with older ones")
        again.add_argument("--batch", type=int, default=keys.BATCH, help="rows in one transaction")
        retire = steps.add_parser("retire", help="take an old key out of the ring for good")
        retire.add_argument("id", help="the key's id, as `zhen parties keys` shows it")
        steps.add_parser("retain", help="delete now what has run out, as the worker does every night")
        steps.add_parser("document", help="write docs/reference/personal-data.md to the standard output")
        prove = steps.add_parser("prove-deletion", help="say when the records of an export were deleted")
        prove.add_argument("file", type=Path, help="the JSON that a person took along from “My data”")

    def handle(self, *_args: Any, step: str, **options: Any) -> None:
        actor = Actor.system(f"zhen parties {step}")
        try:
            getattr(self, step.replace("-", "_"))(actor, **options)
        except (Refused, UnknownKey) as fault:
            raise CommandError(str(fault)) from fault

    def keys(self, _actor: Actor, **_options: Any) -> None:
        ring, used = keeper().ring(), keys.uses_of_keys()
        for key in ring.keys:
            state = _("current") if key is ring.current(key.use) else _("opens only")
            count = used[key.id.hex()].total() if key.id.hex() in used else 0
            self.stdout.write(f"{key.id.hex()}  {key.use.value:<7} {key.made_at:%Y-%m-%d}  {state}  {count}")

    def rotate(self, actor: Actor, *, use: str, **_options: Any) -> None:
        self.stdout.write(keys.rotate_key(actor, Use(use)).hex())

    def reencrypt(self, actor: Actor, *, batch: int, **_options: Any) -> None:
        progress = keys.reencrypt(actor, clock.now(), batch=max(1, min(batch, 10_000)))
        for label, count in sorted(progress.done.items()):
            self.stdout.write(f"{label}: {count}")
        for label, damaged in sorted(progress.damaged.items()):
            self.stderr.write(
                _("%(label)s: does not open, restore from a backup: %(keys)s")
                % {
                    "label": label,
                    "keys": ", ".join(damaged),
                }
            )

    def retire(self, actor: Actor, *, id: str, **_options: Any) -> None:
        try:
            wanted = bytes.fromhex(id)
        except ValueError:
            raise CommandError(_("“%(id)s” is no id of a key: see “zhen parties keys”") % {"id": id}) from None
        found = next((key for key in keeper().ring().keys if key.id == wanted), None)
        if found is None:
            raise CommandError(_("“%(id)s” is no id of a key: see “zhen parties keys”") % {"id": id})
        keys.retire_key(actor, found.use, found.id)

    def retain(self, actor: Actor, **_options: Any) -> None:
        outcome = retention.run_retention(actor, clock.now())
        for word, counts in ((_("deleted"), outcome.deleted), (_("made anonymous"), outcome.anonymised)):
            for label, count in sorted(counts.items()):
                self.stdout.write(f"{word}: {label} {count}")

    def document(self, _actor: Actor, **_options: Any) -> None:
        self.stdout.write(document(), ending="")

    def prove_deletion(self, _actor: Actor, *, file: Path, **_options: Any) -> None:
        for record, deletion in prove_deletion(_records_in(file)):
            if deletion is None:
                verdict = _("no deletion of exactly this content is known")
            else:
                day = deletion.deleted_at.astimezone(clock.TOWN_ZONE)
                verdict = (
                    _("made anonymous at %s") if deletion.anonymised else _("deleted at %s")
                ) % f"{day:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{record['model']}: {verdict}")


def _records_in(file: Path) -> list[dict[str, Any]]:
    fault = _("%(file)s is no export of personal data: save it from the page “My data”") % {"file": file}
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(fault)
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(fault) from error
    records = data.get("records") if isinstance(data, dict) else None
    if not isinstance(records, list) or not all(
        isinstance(record, dict) and isinstance(record.get("model"), str) and isinstance(record.get("fields"), dict)
        for record in records
    ):
        raise CommandError(fault)
    return records
