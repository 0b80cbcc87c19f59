"""Record which pictures of a library are uploaded, in a ledger that several processes can share.

A worker *claims* a content (by its SHA-256) before it sends it. The claim is valid for the time of a lease.
Afterwards the worker *records* the id of the asset. If a worker dies, the lease of its claim expires, and the
next worker takes the claim over. This worker first checks whether the request of the dead worker was carried
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from attrs import frozen

from scenario_async._internal.ledgers import usable_time
from scenario_async._internal.pictures.names import encodable_text
from scenario_async.errors import is_encodable
from scenario_async.upload._internal.response_fields import is_id
from scenario_async.work._internal.library.claims import (
    LONGEST_LEASE,
    Claim,
    Claimed,
    Held,
    Known,
    claim_of,
    with_earlier_time,
)
from scenario_async.work._internal.library.scopes import shared_scopes
from scenario_async.work._internal.library.tables import Cursor, Database

_ROWS_AT_A_TIME: Final = 200
"""The most values in one ``IN (…)``; old SQLite takes at most 999 parameters."""

_MOST_WORKERS: Final = 1000
"""If the rate is reserved for more workers than this, the clock was wrong, and the reservations are void."""


@frozen
class SourceState:
    """The ledger's information about a source.

    Attributes:
        status: ``known`` if the same version was uploaded before, ``changed`` if another version was.
        asset_id: The asset of its content.
        digest: The SHA-256 of its content.
        places: The collections and tags that the asset already has.
    """

    status: Literal["known", "changed"]
    asset_id: str
    digest: str
    places: frozenset[str]


class LibraryLedger:
    """The ledger of one library: one service and one project.

    Every method runs one transaction, blocks until it ends, and is safe to repeat. The object is not
    thread-safe.

    Args:
        database: The database of the ledger.
        scope: The service and the project, which separate the libraries in one database; see `scopes`.
            Entries of other scopes that may be about the same library are read too.
        worker: The name of this worker, which is unique in the cluster.
    """

    def __init__(self, database: Database, scope: str, worker: str) -> None:
        self._database = database
        self._scope = scope
        self._worker = worker
        self._left_out = set[str]()

    def __repr__(self) -> str:
        return f"<LibraryLedger of {self._scope} in {self._database!r}>"

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def samples(self, most: int) -> dict[str, list[str]]:
        """Return some assets of each scope that is read, without scopes that have none.

        Args:
            most: The most assets of one scope.
        """

        def transaction(cursor: Cursor) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            for scope in self._shared(cursor):
                # By digest: the index has this order, and the assets are of all ages.
                cursor.execute(
                    "SELECT asset_id FROM library_contents WHERE scope = ? AND asset_id IS NOT NULL "
                    "ORDER BY digest LIMIT ?",
                    (scope, most),
                )
                found[scope] = [asset_id for (asset_id,) in cursor.fetchall() if is_id(asset_id)]
            return {scope: asset_ids for scope, asset_ids in found.items() if asset_ids}

        return self._database.run(transaction)

    def leave_out(self, scope: str) -> None:
        """Read no entries of another scope any more."""
        self._left_out.add(scope)

    def _shared(self, cursor: Cursor) -> Sequence[str]:
        return [one for one in shared_scopes(cursor, self._scope) if one not in self._left_out]

    def look_up(self, versions: Mapping[str, str]) -> dict[str, SourceState]:
        """Look up sources by their names and versions; unknown sources are left out.

        Args:
            versions: The version of each source.
        """

        def transaction(cursor: Cursor) -> dict[str, SourceState]:
            found: dict[str, SourceState] = {}
            names = {_stored(name): name for name in versions}
            shared = self._shared(cursor)
            for some in _groups(list(names)):
                cursor.execute(
                    "SELECT s.source, s.version, c.asset_id, c.digest FROM library_sources s "  # noqa: S608 - only `?`
                    f"JOIN library_contents c ON c.scope IN ({_marks(shared)}) AND c.digest = s.digest "
                    f"WHERE s.scope IN ({_marks(shared)}) AND c.asset_id IS NOT NULL "
                    f"AND s.source IN ({_marks(some)})",
                    (*shared, *shared, *some),
                )
                rows = [row for row in cursor.fetchall() if is_id(row[2])]
                places = _places(cursor, shared, [row[2] for row in rows])
                # The version of this file comes last, so that it replaces the versions of other scopes.
                for source, version, asset_id, digest in sorted(
                    rows, key=lambda row: row[1] == versions[names[row[0]]]
                ):
                    name = names[source]
                    status: Literal["known", "changed"] = "known" if version == versions[name] else "changed"
                    placed = frozenset(places.get(asset_id, ()))
                    found[name] = SourceState(status, asset_id, digest, placed)
            return found

        return self._database.run(transaction)

    def places(self, asset_ids: Sequence[str]) -> dict[str, set[str]]:
        """Return the collections and tags of assets, according to the ledger."""
        return self._database.run(lambda cursor: _places(cursor, self._shared(cursor), asset_ids))

    def claim(self, digests: Iterable[str], lease: float) -> dict[str, Claim]:
        """Claim contents, so that no other worker sends them.

        Args:
            digests: SHA-256 digests in hexadecimal.
            lease: Seconds for which a claim is valid unless it is renewed.
        """

        def transaction(cursor: Cursor) -> dict[str, Claim]:
            now = self._database.now(cursor)
            # In the same order for all workers, or two workers would wait for each other's rows.
            wanted = sorted(set(digests))
            # A worker of another scope inserts other rows, which would not keep it from claiming the same.
            self._database.lock(cursor, wanted)
            elsewhere = self._claims_of_other_scopes(cursor, wanted, now)
            own = [digest for digest in wanted if isinstance(elsewhere.get(digest, Claimed(None)), Claimed)]
            inserted = self._database.insert_each(
                cursor,
                "INSERT INTO library_contents (scope, digest, worker, lease_until, claimed_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope, digest) DO NOTHING",
                [(self._scope, digest, self._worker, now + lease, now) for digest in own],
            )
            for digest, is_new in zip(own, inserted, strict=True):
                claim = Claimed(None) if is_new else self._take_over(cursor, digest, now, lease)
                elsewhere[digest] = with_earlier_time(claim, elsewhere.get(digest))
            return elsewhere

        return self._database.run(transaction)

    def _claims_of_other_scopes(self, cursor: Cursor, digests: Sequence[str], now: float) -> dict[str, Claim]:
        """Return what other scopes of the same library have of contents; an expired claim is a `Claimed`."""
        others = self._shared(cursor)[1:]
        found: dict[str, Claim] = {}
        for some in _groups(digests) if others else ():
            cursor.execute(
                "SELECT digest, asset_id, lease_until, claimed_at FROM library_contents "  # noqa: S608 - `?`
                f"WHERE scope IN ({_marks(others)}) AND digest IN ({_marks(some)})",
                (*others, *some),
            )
            for digest, asset_id, lease_until, claimed_at in cursor.fetchall():
                claim, before = claim_of(asset_id, lease_until, claimed_at, now), found.get(digest)
                if before is None or isinstance(claim, Known) or isinstance(before, Claimed):
                    found[digest] = with_earlier_time(claim, before)
        return found

    def _take_over(self, cursor: Cursor, digest: str, now: float, lease: float) -> Claim:
        """Claim a content that was claimed before, if its lease has expired."""
        key = (self._scope, digest)
        # The update comes first: it locks the row for other workers until the commit.
        cursor.execute(
            "UPDATE library_contents SET worker = ?, lease_until = ? WHERE scope = ? AND digest = ? "
            "AND asset_id IS NULL AND (worker = ? OR lease_until <= ? OR lease_until > ?)",
            (self._worker, now + lease, *key, self._worker, now, now + LONGEST_LEASE),
        )
        taken = cursor.rowcount == 1
        cursor.execute(
            "SELECT asset_id, lease_until, claimed_at FROM library_contents WHERE scope = ? AND digest = ?",
            key,
        )
        ((asset_id, lease_until, claimed_at),) = cursor.fetchall()
        if is_id(asset_id):
            return Known(asset_id)
        if asset_id is not None:
            cursor.execute(
                "UPDATE library_contents SET asset_id = NULL, lease_until = 0 "
                "WHERE scope = ? AND digest = ? AND asset_id = ?",
                (*key, asset_id),
            )
            return self._take_over(cursor, digest, now, lease)
        since = usable_time(claimed_at, now)
        return Claimed(since) if taken else Held(max(lease_until - now, 0.0), since == 0)

    def end_wrong_claim(self, digest: str, lease: float) -> None:
        """End a claim that was made in the future, unless its worker has renewed it since the clock is right.

        Args:
            digest: The digest of the content.
            lease: Seconds for which a claim is valid unless it is renewed.
        """

        def transaction(cursor: Cursor) -> None:
            now, shared = self._database.now(cursor), self._shared(cursor)
            cursor.execute(
                "UPDATE library_contents SET lease_until = 0 "  # noqa: S608 - only placeholders
                f"WHERE scope IN ({_marks(shared)}) AND digest = ? AND asset_id IS NULL "
                "AND claimed_at > ? AND lease_until > ?",
                (*shared, digest, now, now + lease),
            )

        self._database.run(transaction)

    def renew(self, lease: float) -> None:
        """Renew all claims of this worker for `lease` seconds from now."""

        def transaction(cursor: Cursor) -> None:
            now = self._database.now(cursor)
            cursor.execute(
                "UPDATE library_contents SET lease_until = ? "
                "WHERE scope = ? AND worker = ? AND asset_id IS NULL",
                (now + lease, self._scope, self._worker),
            )

        self._database.run(transaction)

    def release(self, digests: Iterable[str]) -> None:
        """Release claims at once; the next worker first checks whether they were carried out."""
        self._end_claims("UPDATE library_contents SET lease_until = 0, worker = NULL", digests)

    def forget(self, digests: Iterable[str]) -> None:
        """Remove claims of this worker for which nothing was sent."""
        self._end_claims("DELETE FROM library_contents", digests)

    def _end_claims(self, statement: str, digests: Iterable[str]) -> None:
        def transaction(cursor: Cursor) -> None:
            for digest in sorted(set(digests)):
                cursor.execute(
                    f"{statement} WHERE scope = ? AND digest = ? AND worker = ? AND asset_id IS NULL",
                    (self._scope, digest, self._worker),
                )

        self._database.run(transaction)

    def record(self, assets: Mapping[str, str], sources: Iterable[tuple[str, str, str]] = ()) -> None:
        """Record the asset and the sources of each content; they are on disk when this returns.

        Args:
            assets: The asset's id for each digest.
            sources: Name, version and digest of each file whose content is known now.
        """

        def transaction(cursor: Cursor) -> None:
            cursor.executemany(
                "UPDATE library_contents SET asset_id = ?, worker = NULL "
                "WHERE scope = ? AND digest = ? AND asset_id IS NULL",
                [(asset_id, self._scope, digest) for digest, asset_id in sorted(assets.items())],
            )
            cursor.executemany(
                "INSERT INTO library_sources (scope, source, version, digest) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (scope, source) DO UPDATE SET version = excluded.version, "
                "digest = excluded.digest",
                [(self._scope, _stored(name), *rest) for name, *rest in sorted(set(sources))],
            )

        self._database.run(transaction)

    def forget_asset(self, digest: str, asset_id: str) -> None:
        """Remove the asset of a content, because the asset was deleted in the library."""

        def transaction(cursor: Cursor) -> None:
            shared = self._shared(cursor)
            cursor.execute(
                "DELETE FROM library_contents "  # noqa: S608 - only placeholders
                f"WHERE scope IN ({_marks(shared)}) AND digest = ? AND asset_id = ?",
                (*shared, digest, asset_id),
            )

        self._database.run(transaction)

    def record_places(self, place: str, asset_ids: Iterable[str]) -> None:
        """Record that assets are in a collection or have a tag."""

        def transaction(cursor: Cursor) -> None:
            cursor.executemany(
                "INSERT INTO library_places (scope, asset_id, place) VALUES (?, ?, ?) "
                "ON CONFLICT (scope, asset_id, place) DO NOTHING",
                [(self._scope, asset_id, place) for asset_id in sorted(set(asset_ids))],
            )

        self._database.run(transaction)

    def reserve(self, requests: int, rate: float) -> float:
        """Reserve a number of requests of the account's rate, which all workers share.

        Args:
            requests: The number of requests.
            rate: Requests per second of all workers together.

        Returns:
            Seconds to wait before the first request. The others follow at intervals of ``1 / rate`` seconds.
        """

        def transaction(cursor: Cursor) -> float:
            now = self._database.now(cursor)
            cursor.execute(
                "INSERT INTO library_pace (scope, next_at) VALUES (?, ?) ON CONFLICT (scope) DO NOTHING",
                (self._scope, now),
            )
            taken = requests / rate
            cursor.execute(
                "UPDATE library_pace SET next_at = CASE WHEN next_at BETWEEN ? AND ? THEN next_at ELSE ? END "
                "+ ? WHERE scope = ?",
                (now, now + _MOST_WORKERS * taken, now, taken, self._scope),
            )
            cursor.execute("SELECT next_at FROM library_pace WHERE scope = ?", (self._scope,))
            ((next_at,),) = cursor.fetchall()
            return max(float(next_at) - taken - now, 0.0)

        return self._database.run(transaction)

    def counts(self) -> dict[str, int]:
        """Count the ``uploaded``, ``claimed`` and ``abandoned`` contents, and the ``sources``."""

        def transaction(cursor: Cursor) -> dict[str, int]:
            now = self._database.now(cursor)
            cursor.execute(
                "SELECT count(asset_id), coalesce(sum(CASE WHEN asset_id IS NULL AND lease_until > ? "
                "THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN asset_id IS NULL AND lease_until <= ? "
                "THEN 1 ELSE 0 END), 0) FROM library_contents WHERE scope = ?",
                (now, now, self._scope),
            )
            ((uploaded, claimed, abandoned),) = cursor.fetchall()
            cursor.execute("SELECT count(*) FROM library_sources WHERE scope = ?", (self._scope,))
            ((sources,),) = cursor.fetchall()
            return {
                "uploaded": int(uploaded),
                "claimed": int(claimed),
                "abandoned": int(abandoned),
                "sources": int(sources),
            }

        return self._database.run(transaction)


def _places(cursor: Cursor, scopes: Sequence[str], asset_ids: Sequence[str]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = {}
    for some in _groups(asset_ids):
        cursor.execute(
            "SELECT asset_id, place FROM library_places "  # noqa: S608 - only placeholders
            f"WHERE scope IN ({_marks(scopes)}) AND asset_id IN ({_marks(some)})",
            (*scopes, *some),
        )
        for asset_id, place in cursor.fetchall():
            places.setdefault(asset_id, set()).add(place)
    return places


def _stored(name: str) -> str:
    """Return the text for a file's name; databases take none that is not UTF-8 or has a null byte."""
    if is_encodable(name) and "\0" not in name:
        return name
    # A name begins with a slash, a drive or a scheme, so the prefix keeps it apart from all others.
    return "escaped:" + encodable_text(name).replace("\0", r"\x00")


def _groups(names: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(names), _ROWS_AT_A_TIME):
        yield names[start : start + _ROWS_AT_A_TIME]


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" * len(names))
