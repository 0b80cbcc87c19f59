"""Search the sandbox's objects by words, without ranking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields, fields_of
from scenario_async.sandbox._internal.routes.answers import TEAM_ID, asset_answer, json_answer, model_answer
from scenario_async.sandbox._internal.routes.workflow_answers import workflow_answer

DEFAULT_LIMIT: Final = 20
LARGEST_LIMIT: Final = 1000

_NOT_IMITATED: Final = ("filter", "image", "imageSemanticRatio", "images", "sortBy")


async def assets(request: web.Request) -> web.Response:
    """Find assets whose name, description, caption, prompt or tags have all the words."""
    context = context_of(request)
    hits: list[tuple[str, dict[str, Any]]] = []
    for asset in reversed(context.state.assets.values()):
        shown = asset_answer(context, asset)
        prompt = shown["metadata"].get("prompt", "")
        text = (asset.name, asset.description or "", asset.automatic_captioning, prompt, *asset.tags)
        hit: dict[str, Any] = {**_only(shown, _ASSET_FIELDS), "nsfw": [], "teamId": TEAM_ID}
        hits.append((" ".join(text), hit))
    return _answer(request, hits)


async def models(request: web.Request) -> web.Response:
    """Find models whose name, descriptions, type or tags have all the words."""
    context = context_of(request)
    hits: list[tuple[str, dict[str, Any]]] = []
    for model in reversed(context.state.models.values()):
        short = model.short_description or ""
        text = (model.name, short, model.description, model.type, *model.tags)
        hit = _only(model_answer(context, model, most=0), _MODEL_FIELDS)
        hit["concepts"] = [{"modelId": concept["modelId"]} for concept in model.concepts]
        hits.append((" ".join(text), hit | {"shortDescription": short, "teamId": TEAM_ID}))
    return _answer(request, hits)


async def workflows(request: web.Request) -> web.Response:
    """Find workflows whose name, descriptions or tags have all the words."""
    context = context_of(request)
    hits: list[tuple[str, dict[str, Any]]] = []
    for workflow in reversed(context.state.workflows.values()):
        shown = workflow_answer(context, workflow)
        text = (shown["name"], shown["description"], shown["shortDescription"], *shown["tagSet"])
        hit = _only(shown, _WORKFLOW_FIELDS)
        hits.append((" ".join(text), hit | {"collectionIds": [], "tags": shown["tagSet"], "teamId": TEAM_ID}))
    return _answer(request, hits)


def _answer(request: web.Request, hits: list[tuple[str, dict[str, Any]]]) -> web.Response:
    """Return one page of results. The sandbox has no public objects, so a public search finds nothing."""
    fields = fields_of(request)
    fields.refuse(*_NOT_IMITATED)
    words = (fields.text("query") or "").casefold().split()
    public = fields.flag("public")
    found = [hit for text, hit in hits if not public and all(word in text.casefold() for word in words)]
    offset, limit = _window(fields)
    return json_answer(
        {
            "hits": found[offset : offset + limit],
            "offset": offset,
            "limit": limit,
            "estimatedTotalHits": len(found),
        }
    )


def _window(fields: Fields) -> tuple[int, int]:
    """The range of results: by `offset` and `limit`, or by `page` (from 1) and `hitsPerPage`."""
    offset = fields.whole_number("offset", lowest=0)
    limit = fields.whole_number("limit", lowest=1, highest=LARGEST_LIMIT)
    number = fields.whole_number("page", lowest=1)
    size = fields.whole_number("hitsPerPage", lowest=1, highest=LARGEST_LIMIT)
    if number is None and size is None:
        return offset or 0, limit or DEFAULT_LIMIT
    if offset is not None or limit is not None:
        # [documented] official package, search_model_search_params: they exclude each other
        raise bad_request("page and hitsPerPage cannot be used with offset and limit", field="page")
    size = size or DEFAULT_LIMIT
    return ((number or 1) - 1) * size, size


def _only(shown: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: shown[name] for name in names if name in shown}


_COMMON: Final = ("authorId", "createdAt", "id", "ownerId", "privacy", "thumbnail", "updatedAt")
_ASSET_FIELDS: Final = (*_COMMON, "collectionIds", "description", "metadata", "mimeType", "tags", "url")
_MODEL_FIELDS: Final = (
    *(*_COMMON, "capabilities", "collectionIds", "exampleAssetIds", "name", "parentModelId"),
    *("source", "tags", "trainingImagesNumber", "type"),
)
_WORKFLOW_FIELDS: Final = (*_COMMON, "after", "before", "description", "name", "shortDescription", "status")

ROUTES: Final = (
    web.post("/search/assets", assets),
    web.post("/search/models", models),
    web.post("/search/workflows", workflows),
)
