"""The routes of teams that projects do not have."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.accounts import Invitation, Member, Team
from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request, not_found
from scenario_async.sandbox._internal.parameters import fields_of, not_empty, required
from scenario_async.sandbox._internal.routes.accounts import TEAM, avatar, team_of, update_account
from scenario_async.sandbox._internal.routes.answers import json_answer
from scenario_async.sandbox._internal.routes.lookup import find, find_asset
from scenario_async.sandbox._internal.routes.projects import key_answer, member_answer
from scenario_async.sandbox._internal.state import new_id

_ROLES: Final = ("admin", "member")
_OTHERS: Final = ("defaultUserMaxConsumption", "ipDetectionEnforcement")
_ENFORCEMENTS: Final = ("active-fail-closed", "active-fail-open", "disabled")
_CATEGORIES: Final = (
    "artist-style",
    "brand-trademark",
    "celebrity-likeness",
    "custom",
    "fictional-character",
)
_PLAN: Final = "free"
_LIMIT: Final = 100
"""The limits of the sandbox's plan; it enforces only the one of training images."""

_LIMITS: Final = (
    *("OTPSessions", "apiKeys", "canvasAssetLayers", "canvasAssets", "collections", "creativeUnits"),
    *("defaultSeats", "downloadAssets", "downloadModel", "inferenceBatchSize", "maxCooldown"),
    *("maxTrainingDatasets", "minCooldown", "models", "parallelCustomJobs", "parallelInferences"),
    *("parallelTraining", "parallelWorkflowRuns", "premiumGenerationSamples", "projects", "scalingFactor"),
    *("seats", "snapshotsRetention", "upload"),
)


async def list_all(request: web.Request) -> web.Response:
    """List teams."""
    context = context_of(request)
    return json_answer({"teams": [_team(context, team) for team in context.state.teams.values()]})


async def retrieve(request: web.Request) -> web.Response:
    """Return a team with its members, invitations and keys."""
    team, context = team_of(request), context_of(request)
    indexes = {"private": f"{team.id}-private", "public": "public"}
    keys = [
        key_answer(project, key)
        for project in context.state.projects.values()
        for key in project.keys.values()
        if project.team_id == team.id
    ]
    details = {
        **_common(context, team),
        "invitations": [_invitation(invitation) for invitation in team.invitations.values()],
        "keys": keys,
        "users": [member_answer(member) for member in team.members.values()],
        "paymentStatus": "succeeded",
        "searchHost": "search.sandbox.invalid",
        "searchIndexes": {"assets": indexes, "models": indexes, "workflows": indexes},
    }
    return json_answer({"team": details})


async def update(request: web.Request) -> web.Response:
    """Change a team."""
    team, fields = team_of(request), fields_of(request)
    fields.number("defaultUserMaxConsumption")
    fields.choice("ipDetectionEnforcement", _ENFORCEMENTS)
    update_account(request, team, fields, *_OTHERS)
    return json_answer({"team": _team(context_of(request), team)})


async def retrieve_limits(request: web.Request) -> web.Response:
    """Return the limits of the plan and how much is used. All numbers except the counts are invented."""
    team_of(request)
    context = context_of(request)
    state, now = context.state, context.state.now()
    values = {
        "apiKeys": sum(len(project.keys) for project in state.projects.values()),
        "canvasAssets": 0,
        "collections": len(state.collections),
        "creativeUnits": sum(job.cost for job in state.jobs.values()),
        "projects": len(state.projects),
        "seats": 1,
    }
    answer: dict[str, Any] = {
        "limits": dict.fromkeys(_LIMITS, _LIMIT),
        "oneShotCreativeUnits": [],
        "period": {"start": now[:8] + "01T00:00:00.000Z", "end": now},
        "plan": _PLAN,
        "values": values,
    }
    return json_answer(answer)


async def create_member(request: web.Request) -> web.Response:
    """Invite a user to a team. In the sandbox, the user accepts at once, or does not respond.

    Addresses at ``sandbox.invalid`` accept and become members. All others stay invited.
    """
    team, fields, context = team_of(request), fields_of(request), context_of(request)
    email = required(fields.text("email"), "email")
    role = fields.choice("role", _ROLES) or "member"
    project_ids = fields.texts("projectIds") or []
    for project_id in project_ids:
        find(context.state.projects, "Project", project_id)
    if email in {*team.invitations, *(member.email for member in team.members.values())}:
        # [guess] a second invitation is refused
        raise bad_request(f"{email} was invited already", field="email")
    now = context.state.now()
    if email.endswith("@sandbox.invalid"):
        member = Member(id=new_id("user"), email=email, role=role, created_at=now, updated_at=now)
        team.members[member.id] = member
    else:
        invitation = Invitation(email=email, role=role, project_ids=project_ids, created_at=now)
        team.invitations[email] = invitation
    return json_answer({"team": _team(context, team)})


async def update_member(request: web.Request) -> web.Response:
    """Change a member's role or limit of creative units."""
    member, fields = _member_of(request), fields_of(request)
    role, most = fields.choice("role", _ROLES), fields.number("maxConsumption")
    member.role = member.role if role is None else role
    member.max_consumption = member.max_consumption if most is None else most
    member.updated_at = context_of(request).state.now()
    return json_answer({})


async def delete_member(request: web.Request) -> web.Response:
    """Remove a member."""
    del team_of(request).members[_member_of(request).id]
    return json_answer({})


async def delete_invitations(request: web.Request) -> web.Response:
    """Delete an invitation."""
    team = team_of(request)
    email = required(request.query.get("email"), "email")
    if team.invitations.pop(email, None) is None:
        # [guess] an unknown invitation is refused
        raise not_found("Invitation of", email)
    return json_answer({})


async def create_ip_filter(request: web.Request) -> web.Response:
    """Create a filter. The form of the response is not documented; the sandbox returns the given fields."""
    team, fields = team_of(request), fields_of(request)
    required(fields.text("name"), "name")
    required(fields.choice("category", _CATEGORIES), "category")
    fields.text("instruction")
    fields.flag("enabled")
    for asset_id in fields.texts("sourceAssetIds") or ():
        find_asset(request, asset_id)
    now = context_of(request).state.now()
    filter_id = new_id("filter")
    given = fields.given("category", "enabled", "instruction", "name", "sourceAssetIds")
    team.ip_filters[filter_id] = {
        "id": filter_id,
        "teamId": team.id,
        "enabled": True,
        "createdAt": now,
        "updatedAt": now,
        **given,
    }
    return json_answer({"filter": team.ip_filters[filter_id]})


async def list_ip_filters(request: web.Request) -> web.Response:
    """List filters."""
    return json_answer({"filters": list(team_of(request).ip_filters.values())})


async def draft_instruction(request: web.Request) -> web.Response:
    """Draft the instruction of a filter from assets."""
    team_of(request)
    asset_ids = not_empty(fields_of(request).texts("assetIds"), "assetIds")
    names = [find_asset(request, asset_id).name for asset_id in asset_ids]
    return json_answer({"instruction": f"Look for what is in {', '.join(names)}"})


async def update_ip_filter(request: web.Request) -> web.Response:
    """Change a filter."""
    found, fields = _filter_of(request), fields_of(request)
    fields.flag("enabled")
    for name in ("instruction", "name"):
        fields.text(name)
    found |= {**fields.given("enabled", "instruction", "name"), "updatedAt": context_of(request).state.now()}
    return json_answer({"filter": found})


async def delete_ip_filter(request: web.Request) -> web.Response:
    """Delete a filter."""
    del team_of(request).ip_filters[_filter_of(request)["id"]]
    return json_answer({"deleted": True})


def _filter_of(request: web.Request) -> dict[str, Any]:
    return find(team_of(request).ip_filters, "Filter", request.match_info["filterId"])


def _member_of(request: web.Request) -> Member:
    return find(team_of(request).members, "Member", request.match_info["memberId"])


def _common(context: Context, team: Team) -> dict[str, Any]:
    projects = [
        {
            "id": project.id,
            "name": project.name,
            "createdAt": project.created_at,
            "updatedAt": project.updated_at,
            **avatar(context, project),
        }
        for project in context.state.projects.values()
        if project.team_id == team.id
    ]
    return {
        **team.fields,
        "id": team.id,
        "name": team.name,
        "plan": _PLAN,
        "type": "shared",
        "projects": projects,
        "createdAt": team.created_at,
        "updatedAt": team.updated_at,
        **avatar(context, team),
    }


def _team(context: Context, team: Team) -> dict[str, Any]:
    keys = [len(project.keys) for project in context.state.projects.values() if project.team_id == team.id]
    counts = {
        "invitationsCount": len(team.invitations),
        "keysCount": sum(keys),
        "userRole": "key",
        "usersCount": len(team.members),
    }
    return {**_common(context, team), "context": counts}


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "email": invitation.email,
        "role": invitation.role,
        "projectIds": invitation.project_ids,
        "status": "pending",
        "createdAt": invitation.created_at,
        "url": f"https://sandbox.invalid/invitations/{invitation.email}",
    }


ROUTES: Final = (
    web.get("/teams", list_all),
    web.get(TEAM, retrieve),
    web.put(TEAM, update),
    web.get(TEAM + "/limits", retrieve_limits),
    web.post(TEAM + "/members", create_member),
    web.put(TEAM + "/members/{memberId}", update_member),
    web.delete(TEAM + "/members/{memberId}", delete_member),
    web.delete(TEAM + "/invitations", delete_invitations),
    web.post(TEAM + "/ip-filters", create_ip_filter),
    web.get(TEAM + "/ip-filters", list_ip_filters),
    web.post(TEAM + "/ip-filters/draft-instruction", draft_instruction),
    web.put(TEAM + "/ip-filters/{filterId}", update_ip_filter),
    web.delete(TEAM + "/ip-filters/{filterId}", delete_ip_filter),
)
