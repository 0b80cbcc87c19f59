"""The routes of projects that teams do not have."""

from __future__ import annotations

import secrets
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from scenario_async.sandbox._internal.accounts import FIRST_PROJECT_ID, ApiKey, Member, Project
from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.pagination import page
from scenario_async.sandbox._internal.parameters import fields_of, required
from scenario_async.sandbox._internal.routes.accounts import (
    PROJECT,
    avatar,
    document_of,
    project_of,
    store_document,
    update_account,
)
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, TEAM_ID, json_answer, present
from scenario_async.sandbox._internal.routes.lookup import find
from scenario_async.sandbox._internal.state import new_id

_OTHERS: Final = ("description", "disableIpDetection", "maxConsumption", "privacyMode")


async def create(request: web.Request) -> web.Response:
    """Create a project of a team."""
    context, fields = context_of(request), fields_of(request)
    team = find(context.state.teams, "Team", request.query.get("teamId", TEAM_ID))
    name, private = required(fields.text("name"), "name"), fields.flag("privacyMode") or False
    fields.flag("autoJoin")
    now = context.state.now()
    project = Project(
        id=new_id("proj"),
        sequence=context.state.next_sequence(),
        name=name,
        created_at=now,
        updated_at=now,
        team_id=team.id,
        fields={"privacyMode": private},
    )
    context.state.projects[project.id] = project
    return _answer(context, project)


async def list_all(request: web.Request) -> web.Response:
    """List projects, all or those of a team."""
    context, team_id = context_of(request), request.query.get("teamId")
    chosen = [project for project in context.state.projects.values() if team_id in {None, project.team_id}]
    projects, more = page(request, chosen, filters=("teamId",))
    return json_answer({"projects": [_project(context, project) for project in projects], **more})


async def retrieve(request: web.Request) -> web.Response:
    """Return a project."""
    return _answer(context_of(request), project_of(request))


async def update(request: web.Request) -> web.Response:
    """Change a project."""
    project, fields = project_of(request), fields_of(request)
    fields.text("description")
    for flag in ("disableIpDetection", "privacyMode"):
        fields.flag(flag)
    fields.number("maxConsumption")
    update_account(request, project, fields, *_OTHERS)
    return _answer(context_of(request), project)


async def delete(request: web.Request) -> web.Response:
    """Delete a project. The project of the sandbox's objects is refused."""
    project = project_of(request)
    if project.id == FIRST_PROJECT_ID:
        # [sandbox] the objects of the sandbox belong to this project
        raise bad_request(f"{project.id} is in use")
    del context_of(request).state.projects[project.id]
    return json_answer({})


async def create_key(request: web.Request) -> web.Response:
    """Create a key. Its secret is shown once. The sandbox itself accepts only its own key."""
    project, fields, context = project_of(request), fields_of(request), context_of(request)
    key = ApiKey(
        id=new_id("api"),
        name=fields.text("name") or "Untitled key",
        role=fields.text("role") or "editor",
        created_at=context.state.now(),
        max_consumption=fields.number("maxConsumption"),
    )
    project.keys[key.id] = key
    answer = {
        "id": key.id,
        "authorId": AUTHOR_ID,
        "createdAt": key.created_at,
        "ownerId": project.id,
        "ownerType": "project",
        "teamId": project.team_id,
        "secret": secrets.token_urlsafe(24),
        "userId": key.id,
    }
    return json_answer(answer)


async def delete_key(request: web.Request) -> web.Response:
    """Delete a key."""
    keys = project_of(request).keys
    del keys[find(keys, "Key", request.match_info["keyId"]).id]
    return json_answer({})


async def create_member(request: web.Request) -> web.Response:
    """Add a member to a project. Any user id is accepted, because the sandbox has no users."""
    project, fields, context = project_of(request), fields_of(request), context_of(request)
    user_id, role = required(fields.text("userId"), "userId"), required(fields.text("role"), "role")
    if user_id in project.members:
        # [guess] a user cannot become a member twice
        raise bad_request(f"{user_id} is a member already", field="userId")
    now = context.state.now()
    email = f"{user_id}@sandbox.invalid"
    project.members[user_id] = Member(id=user_id, email=email, role=role, created_at=now, updated_at=now)
    return _answer(context, project)


async def update_member(request: web.Request) -> web.Response:
    """Change the role of a member."""
    project, context = project_of(request), context_of(request)
    member = find(project.members, "Member", request.match_info["memberId"])
    member.role, member.updated_at = fields_of(request).text("role") or member.role, context.state.now()
    return _answer(context, project)


async def delete_member(request: web.Request) -> web.Response:
    """Remove a member."""
    project = project_of(request)
    del project.members[find(project.members, "Member", request.match_info["memberId"]).id]
    return _answer(context_of(request), project)


def _retrieving(what: str) -> Handler:
    """Make a route that returns the memory or the instructions of a project, both as ``memory``."""

    async def retrieve(request: web.Request) -> web.Response:
        return json_answer({"memory": document_of(project_of(request), what)})

    return retrieve


def _updating(what: str) -> Handler:
    """Make a route that sets the memory or the instructions of a project. An empty text removes them."""

    async def update(request: web.Request) -> web.Response:
        project, content = project_of(request), fields_of(request).text("content")
        if not content:
            project.documents.pop(what, None)
            return json_answer({})
        fields = {"content": content, "sizeBytes": len(content.encode()), "updatedBy": AUTHOR_ID}
        return json_answer({"memory": store_document(request, project, what, fields)})

    return update


def _answer(context: Context, project: Project) -> web.Response:
    return json_answer({"project": _project(context, project)})


def _project(context: Context, project: Project) -> dict[str, Any]:
    return {
        "privacyMode": False,
        **project.fields,
        "id": project.id,
        "name": project.name,
        "teamId": project.team_id,
        "createdAt": project.created_at,
        "updatedAt": project.updated_at,
        "keys": [key_answer(project, key) for key in project.keys.values()],
        "users": [member_answer(member) for member in project.members.values()],
        **avatar(context, project),
    }


def key_answer(project: Project, key: ApiKey) -> dict[str, Any]:
    """A project's key, without its secret."""
    return {
        "id": key.id,
        "apiKeyId": key.id,
        "apiKeyStatus": "active",
        "name": key.name,
        "role": key.role,
        "scope": "project",
        "ownerId": project.id,
        "createdAt": key.created_at,
        "updatedAt": key.created_at,
        **present(maxConsumption=key.max_consumption),
    }


def member_answer(member: Member) -> dict[str, Any]:
    """A member of a team or project."""
    return {
        "id": member.id,
        "email": member.email,
        "role": member.role,
        "createdAt": member.created_at,
        "updatedAt": member.updated_at,
        **present(maxConsumption=member.max_consumption),
    }


ROUTES: Final = (
    web.post("/projects", create),
    web.get("/projects", list_all),
    web.get(PROJECT, retrieve),
    web.put(PROJECT, update),
    web.delete(PROJECT, delete),
    web.post(PROJECT + "/api-keys", create_key),
    web.delete(PROJECT + "/api-keys/{keyId}", delete_key),
    web.post(PROJECT + "/members", create_member),
    web.put(PROJECT + "/members/{memberId}", update_member),
    web.delete(PROJECT + "/members/{memberId}", delete_member),
    web.get(PROJECT + "/memory", _retrieving("memory")),
    web.put(PROJECT + "/memory", _updating("memory")),
    web.get(PROJECT + "/instructions", _retrieving("instructions")),
    web.put(PROJECT + "/instructions", _updating("instructions")),
)
