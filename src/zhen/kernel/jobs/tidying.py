"""Jobs that failed for good stay to be looked at, but not for ever."""

from __future__ import annotations

from procrastinate import sql
from procrastinate.contrib.django import app

KEPT_DAYS = 90


def tidy() -> None:
    """Forget jobs that ended without success more than 90 days ago. Successful ones leave at once."""
    app.connector.get_sync_connector().execute_query(
        sql.queries["delete_old_jobs"],
        nb_hours=KEPT_DAYS * 24,
        queue=None,
        statuses=["succeeded", "failed", "cancelled", "aborted"],
    )
