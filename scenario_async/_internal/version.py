"""The version of the installed package."""

from __future__ import annotations


def installed_version() -> str | None:
    """Return the version of this package; None in a zipped or frozen application without its metadata."""
    from importlib import metadata  # reads a file, so it is done when the version is needed

    try:
        return metadata.version("scenario-async")
    except metadata.PackageNotFoundError:
        return None
