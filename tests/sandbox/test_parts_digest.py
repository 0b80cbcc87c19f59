"""The digest of an upload whose parts arrive in any order, and some of them again."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from scenario_async.sandbox._internal.parts_digest import PartsDigest

PARTS = 4


@given(
    first=st.permutations(range(1, PARTS + 1)),
    again=st.lists(st.tuples(st.integers(1, PARTS), st.binary(max_size=3)), max_size=6),
    at=st.integers(0, PARTS),
)
def test_the_digest_is_that_of_the_joined_parts(
    first: list[int], again: list[tuple[int, bytes]], at: int
) -> None:
    arrivals = [(number, bytes([number])) for number in first]
    arrivals[at:at] = again
    parts, digest = dict[int, bytes](), PartsDigest()
    for number, content in arrivals:
        parts[number] = content
        digest.add(parts, number)
    joined = b"".join(parts[number] for number in sorted(parts))
    assert digest.hexadecimal() == hashlib.sha256(joined).hexdigest()
