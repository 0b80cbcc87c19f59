"""The common routes of teams and projects, which differ only in their paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from scenario_async.sandbox._internal.accounts import Account, Project, Team
from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import not_found
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, asset_link, json_answer
from scenario_async.sandbox._internal.routes.lookup import find, find_asset
from scenario_async.sandbox._internal.state import new_id

PROJECT: Final = "/projects/{projectId}"
TEAM: Final = "/teams/{teamId}"

SENSITIVITIES: Final = ("high", "low", "medium")
"""How strict a brief or a check of the quality is."""


def project_of(request: web.Request) -> Project:
    """The project that the path names."""
    return find(context_of(request).state.projects, "Project", request.match_info["projectId"])


def team_of(request: web.Request) -> Team:
    """The team that the path names."""
    return find(context_of(request).state.teams, "Team", request.match_info["teamId"])


def account_of(request: web.Request) -> Account:
    """The team or project that the path names."""
    return team_of(request) if "teamId" in request.match_info else project_of(request)


def document_of(account: Account, what: str) -> dict[str, Any]:
    """Return the document of a team or project with this name.

    Raises:
        Refusal: 404, if there is none. How the service responds then is unknown.
    """
    document = account.documents.get(what)
    if document is None:
        # [documented] official package, projects' instructions and memory: 404 if none is set; for others it
        # is a guess
        raise not_found(f"The {what} of", account.id)
    return document


def store_document(
    request: web.Request, account: Account, what: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Create or change a document, and return it."""
    now = context_of(request).state.now()
    old = account.documents.get(what, {"id": new_id(what), "createdAt": now})
    account.documents[what] = {**old, **fields, "updatedAt": now}
    return account.documents[what]


def deleting(what: str) -> Handler:
    """Make a route that deletes a document and returns whether there was one."""

    async def delete(request: web.Request) -> web.Response:
        deleted = account_of(request).documents.pop(what, None) is not None
        return json_answer({"deleted": deleted})

    return delete


async def retrieve_brief(request: web.Request) -> web.Response:
    """Return a brief."""
    return json_answer({"brief": document_of(account_of(request), "brief")})


async def update_brief(request: web.Request) -> web.Response:
    """Create or change a brief. A new brief is enabled unless the request says otherwise."""
    account, fields = account_of(request), fields_of(request)
    required(fields.text("body"), "body")
    fields.flag("enabled")
    fields.choice("sensitivity", SENSITIVITIES)
    for asset_id in fields.texts("referenceAssetIds") or ():
        find_asset(request, asset_id)
    given = fields.given("body", "enabled", "referenceAssetIds", "sensitivity")
    defaults: dict[str, Any] = {"enabled": True, "referenceAssetIds": [], **owner_and_author(account)}
    brief = store_document(
        request, account, "brief", {**defaults, **account.documents.get("brief", {}), **given}
    )
    return json_answer({"brief": brief})


def avatar(context: Context, account: Account) -> dict[str, Any]:
    """The avatar of a team or project, if it has one."""
    return asset_link(context, avatar=account.avatar_id)


def update_account(request: web.Request, account: Account, fields: Fields, *others: str) -> None:
    """Change the common fields of teams and projects; fields with other names are stored unchanged."""
    avatar_id, name = fields.text("avatarAssetId"), fields.text("name")
    fields.flag("qualityGateAutoDetect")
    fields.mapping("settings")
    if avatar_id is not None:
        account.avatar_id = find_asset(request, avatar_id).id
    account.name = account.name if name is None else name
    account.fields |= fields.given("qualityGateAutoDetect", "settings", *others)
    account.updated_at = context_of(request).state.now()


def owner_and_author(account: Account) -> dict[str, Any]:
    """The owner and the author of a document."""
    return {"level": account.level, "scopeId": account.id, "createdBy": AUTHOR_ID}


ROUTES: Final = tuple(
    route
    for prefix in (PROJECT, TEAM)
    for route in (
        web.get(f"{prefix}/brief", retrieve_brief),
        web.put(f"{prefix}/brief", update_brief),
        web.delete(f"{prefix}/brief", deleting("brief")),
    )
)
