"""Responses in a notebook."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.declare.operation import Blocking
from scenario_async.sandbox import Sandbox
from scenario_async.values.asset import AssetListResponse
from tests.display.pages import DATASET


def html_of(value: Any) -> str | None:
    """The HTML that a notebook shows."""
    shown: str | None = value._repr_html_()
    return shown


@contextmanager
def page_of_an_asset() -> Generator[AssetListResponse[Blocking]]:
    """The list of one asset, from a blocking client that is open in the block."""
    with (
        Sandbox() as sandbox,
        Scenario(api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url) as client,
    ):
        client.assets.upload(image=DATASET / "02-pines-in-mist.jpg")
        yield client.assets.list()


def test_a_page_of_assets_shows_thumbnails_and_no_signed_url() -> None:
    """A blocking client downloads the pictures; the signatures of their URLs are not shown."""
    with page_of_an_asset() as page:
        shown = html_of(page)
        single = html_of(page.items[0])
    assert shown is not None
    assert single is not None
    assert "1 on this page" in shown
    for text in (shown, single):
        assert "ignature" not in text
        assert "Expires" not in text
        assert "?" not in text.replace("?>", "")
    assert ("data:image/webp" in shown) == (page.items[0].thumbnail is not None)


async def test_a_page_of_the_asynchronous_client_is_shown_without_downloads(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    await client.models.create(name="paper <b>", type="flux.1-lora")
    page = await client.models.list()
    before = len(sandbox.requests)
    shown = html_of(page)
    assert len(sandbox.requests) == before
    assert shown is not None
    assert "paper &lt;b&gt;" in shown
    assert "flux.1-lora" in shown


def test_a_page_of_a_closed_client_is_shown_without_thumbnails() -> None:
    with page_of_an_asset() as page:
        pass
    shown = html_of(page)
    assert shown is not None
    assert "1 on this page" in shown
    assert "<img" not in shown
