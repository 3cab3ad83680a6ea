"""`/healthz` says whether people can be sent here."""

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_it_is_healthy_while_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db(transaction=True)
def test_it_is_not_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        elsewhere.setitem(connection.settings_dict, "PORT", "1")  # nothing of ours listens there
        answer = client.get("/healthz")
        connection.close()
    assert (answer.status_code, answer.content) == (503, b"no database")
