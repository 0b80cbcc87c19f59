"""Uploads whose parts all arrive but whose import fails or takes long."""

from __future__ import annotations

import io
from typing import Any

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import FailedImport, SlowImport

from .wire import Wire, picture


async def begin(wire: Wire, name: str = "fox.png") -> dict[str, Any]:
    """Begin an upload and send its only part; return the upload."""
    content = picture()
    fields = {
        "kind": "image",
        "fileName": name,
        "contentType": "image/png",
        "fileSize": len(content),
        "parts": 1,
    }
    upload: dict[str, Any] = (await wire.ask("POST", "/uploads", fields)).body["upload"]
    assert (await wire.fetch("PUT", upload["parts"][0]["url"], data=io.BytesIO(content))).status == 200
    return upload


async def complete(wire: Wire, upload: dict[str, Any]) -> str:
    """Complete an upload; return its status."""
    answer = await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    assert answer.status == 200
    status: str = answer.body["upload"]["status"]
    return status


async def look(wire: Wire, upload: dict[str, Any]) -> dict[str, Any]:
    """Get an upload."""
    answered: dict[str, Any] = (await wire.ask("GET", f"/uploads/{upload['id']}")).body["upload"]
    return answered


async def test_an_import_takes_some_polls(wire: Wire) -> None:
    """An import can need more polls, and then continues like any other."""
    wire.sandbox.faults = Faults(Rule(SlowImport(3)))
    upload = await begin(wire)
    assert await complete(wire, upload) == "validating"
    seen = [(await look(wire, upload))["status"] for _ in range(6)]
    assert seen == ["validating"] * 3 + ["validated", "imported", "imported"]
    assert wire.sandbox.faults.count(SlowImport) == 1


async def test_an_import_never_ends(wire: Wire) -> None:
    """An import can keep its status for ever."""
    wire.sandbox.faults = Faults(Rule(SlowImport()))
    upload = await begin(wire)
    await complete(wire, upload)
    wire.sandbox.advance_clock(1_000_000)
    assert {(await look(wire, upload))["status"] for _ in range(30)} == {"validating"}


async def test_failure(wire: Wire) -> None:
    """An import can fail with a given message; no asset is created."""
    wire.sandbox.faults = Faults(Rule(FailedImport("too many foxes")))
    upload = await begin(wire)
    assert await complete(wire, upload) == "validating"
    failed = await look(wire, upload)
    assert (failed["status"], failed["errorMessage"]) == ("failed", "too many foxes")
    assert "entityId" not in failed
    assert not wire.sandbox.state.assets


async def test_one_file_only(wire: Wire) -> None:
    """A rule follows one file by its name; the others are imported."""
    wire.sandbox.faults = Faults(Rule(FailedImport(), about="bad.png"))
    uploads = {name: await begin(wire, name) for name in ("good.png", "bad.png")}
    for upload in uploads.values():
        await complete(wire, upload)
        await look(wire, upload)
    assert {name: (await look(wire, upload))["status"] for name, upload in uploads.items()} == {
        "good.png": "imported",
        "bad.png": "failed",
    }


async def test_refused_completion(wire: Wire) -> None:
    """A refused completion begins no import, and the fault waits for the next completion."""
    wire.sandbox.faults = Faults(Rule(FailedImport(), times=1))
    content = picture()
    fields = {"kind": "image", "fileName": "a", "contentType": "image/png", "fileSize": len(content)}
    upload = (await wire.ask("POST", "/uploads", {**fields, "parts": 1})).body["upload"]
    path = f"/uploads/{upload['id']}/action"
    assert (await wire.ask("POST", path, {"action": "complete"})).status == 400
    assert wire.sandbox.faults.count() == 0
    await wire.fetch("PUT", upload["parts"][0]["url"], data=io.BytesIO(content))
    await complete(wire, upload)
    assert (await look(wire, upload))["status"] == "failed"


async def test_completed_before(wire: Wire) -> None:
    """A completed upload stays imported if it is completed again."""
    upload = await begin(wire)
    await complete(wire, upload)
    assert [(await look(wire, upload))["status"] for _ in range(2)] == ["validated", "imported"]
    wire.sandbox.faults = Faults(Rule([FailedImport(), SlowImport()]))
    assert await complete(wire, upload) == "imported"
    assert wire.sandbox.faults.count() == 0
    assert len(wire.sandbox.state.assets) == 1
