"""List all operations of a client, for the documentation and for tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from attrs import frozen

from scenario_async._internal.declare.operation import Operation, Request, Resource


@frozen
class CataloguedOperation:
    """One operation.

    Attributes:
        name: Its name below the client, e.g. ``"models.training_images.add"``.
        operation: The operation, with its signature and docstring.
        resource: The resource that it belongs to.
    """

    name: str
    operation: Operation[Any]
    resource: Resource[Any]

    @property
    def request_type(self) -> type[Request[Any]] | None:
        """The request that it sends; None if it calls other operations."""
        return self.operation.request_type


def catalogue(resource: Resource[Any], below: str = "") -> Iterator[CataloguedOperation]:
    """Yield the operations of a resource or a client, and of all resources inside it, each once.

    Args:
        resource: The resource or the client. Nothing is sent.
        below: The prefix of the names, with its dot.
    """
    for name in dir(type(resource)):
        member = getattr(type(resource), name)
        if isinstance(member, Operation):
            if member.__name__ != name:  # a second name of the same operation
                continue
            yield CataloguedOperation(below + name, member, resource)
        elif isinstance(member, cached_property) and name != "awaited":
            within: Any = getattr(resource, name)
            if issubclass(type(within), Resource):
                yield from catalogue(within, f"{below}{name}.")
