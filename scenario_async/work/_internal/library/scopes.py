"""Which entries of a ledger are about a client's library.

Each entry has a scope: the service's base URL, a space, and the project that the client named. Entries of
two different named projects are separate; see `may_be_one_project`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.ledgers import may_be_one_project, origin_of
from scenario_async.work._internal.library.tables import Cursor, Database

_SCOPES: Final = """
WITH RECURSIVE known (scope) AS (
    SELECT min(scope) FROM library_contents
    UNION ALL
    SELECT (SELECT min(c.scope) FROM library_contents c WHERE c.scope > known.scope)
    FROM known WHERE known.scope IS NOT NULL
)
SELECT scope FROM known WHERE scope IS NOT NULL
"""
"""One step in the index for each scope; ``DISTINCT`` would read every row."""


def scope_of(sender: Sender) -> str:
    """Return the scope of a client, which is the same for every spelling of the service's URL."""
    base_url, project = sender.target
    return f"{origin_of(base_url)} {project}"


def scopes(database: Database) -> list[str]:
    """Return all scopes in a database."""
    return database.run(_scopes_in)


def shared_scopes(cursor: Cursor, scope: str) -> Sequence[str]:
    """Return a scope, and then all other scopes in the database that may be about the same library."""
    service, project = _parts(scope)
    shared = [scope]
    for other in _scopes_in(cursor):
        its_service, its_project = _parts(other)
        if other != scope and its_service == service and may_be_one_project(its_project, project):
            shared.append(other)
    return shared


def _scopes_in(cursor: Cursor) -> list[str]:
    cursor.execute(_SCOPES)
    return [scope for (scope,) in cursor.fetchall() if isinstance(scope, str)]


def _parts(scope: str) -> tuple[str, str]:
    # Earlier versions wrote the URL as it was spelled.
    base_url, _, project = scope.partition(" ")
    return origin_of(base_url), project
