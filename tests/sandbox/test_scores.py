"""The score of a training set."""

from __future__ import annotations

from .wire import Wire, picture


async def test_warnings_name_each_problem(wire: Wire) -> None:
    """Small, uncaptioned and repeated pictures and captions have the documented warnings."""
    same, large = picture(), picture(size=(1024, 1024))
    model_id = await wire.model()
    one, two, three, four = [await wire.asset(content) for content in (same, same, large, large)]
    await wire.attach(model_id, one, two, three, four)
    captions = {one: "a red fox", two: "a red fox", three: "a red fox in the snow at night", four: " "}
    for asset_id, caption in captions.items():
        await wire.ask("PUT", f"/assets/{asset_id}", {"description": caption})
    answer = (await wire.ask("GET", f"/models/{model_id}/scores/training-dataset")).body
    small = "Width and height must be larger than 1024"
    assert {one["assetId"]: one["message"] for one in answer["assetsWarnings"]} == {
        one: [small],
        two: [small],
        four: ["Empty caption"],
    }
    assert {tuple(one["couple"]): one["message"] for one in answer["assetCouplesWarnings"]} == {
        (one, two): ["Same asset", "Captions are identical"],
        (three, four): ["Same asset"],
    }


async def test_a_missing_caption_is_named(wire: Wire) -> None:
    """An image without a description has a warning until one is set."""
    model_id, asset_id = await wire.model(), await wire.asset(picture(size=(1024, 1024)))
    await wire.attach(model_id, asset_id)
    path = f"/models/{model_id}/scores/training-dataset"
    assert (await wire.ask("GET", path)).body["assetsWarnings"] == [
        {"assetId": asset_id, "message": ["Missing caption"]}
    ]
    await wire.ask("PUT", f"/assets/{asset_id}", {"description": "a fox"})
    assert (await wire.ask("GET", path)).body["assetsWarnings"] == []
