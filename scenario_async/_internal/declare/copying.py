"""Refuse to pickle and to copy objects that hold a client."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex


class NotCopied:
    """An object that holds a client, and can be neither pickled nor copied."""

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds credentials and connections and can be neither pickled nor copied: "
            "make a client in each process, or call with_options() to get a client with other options"
        )
