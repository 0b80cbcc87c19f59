"""Usage statistics, prices and recommendations."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request, not_imitated
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.pagination import moment
from scenario_async.sandbox._internal.routes.answers import (
    AUTHOR_ID,
    OWNER_ID,
    TEAM_ID,
    json_answer,
    model_answer,
    present,
)
from scenario_async.sandbox._internal.routes.models import SHOWN_IN_LISTS
from scenario_async.sandbox._internal.state import timestamp

_NAMES: Final = {
    "caption": ("captioning", "captioning"),
    "custom": ("custom", "custom"),
    "describe-style": ("captioning", "describe-style"),
    "detection": ("detection", "detection"),
    "flux-model-training": ("models-training", "start-train"),
    "model-training": ("models-training", "start-train"),
    "patch-image": ("patch", "patch"),
    "workflow": ("images-generation", "images-generation"),
}
"""The names of job types in usages and activities. Types that are missing here are left out."""

_RANGES: Final = {
    "last-hour": 3600,
    "last-day": 86_400,
    "last-three-days": 3 * 86_400,
    "last-seven-days": 7 * 86_400,
    "last-thirty-one-days": 31 * 86_400,
}
_KINDS: Final = frozenset({"activity", "consumption", "model-usages", "usages"})
_EMPTY_KINDS: Final = {
    "asset-usages": "assetUsages",
    "nsfw-usages": "nsfwUsages",
    "quality-gate-usages": "qualityGateUsages",
}
_PACKS: Final = ((500, 1000), (2500, 4500), (10_000, 15_000))
"""Creative units and their prices in cents. They are invented; the service's prices change."""

_LARGEST_LIMIT: Final = 30


async def list_all(request: web.Request) -> web.Response:
    """Return the number and the cost of jobs by name, with one data point per day."""
    query, context = request.query, context_of(request)
    if query.get("teamId", TEAM_ID) != TEAM_ID:
        # [guess] another team is refused
        raise bad_request("The API key is bound to another team", field="teamId")
    # [documented] official package, usage_list_params: several with commas, and all for a wrong one or none
    every = {*_KINDS, *_EMPTY_KINDS}
    kinds = {kind for text in query.getall("type", []) for kind in text.split(",")}
    if not kinds or not kinds <= every:
        kinds = every
    start, end = _period(request, context)
    jobs = [job for job in context.state.jobs.values() if start <= job.created <= end]
    named = [job for job in jobs if job.type in _NAMES]
    answer: dict[str, Any] = {_EMPTY_KINDS[kind]: [] for kind in kinds & _EMPTY_KINDS.keys()}
    if "usages" in kinds:
        answer["usages"] = _usages(named)
    if "activity" in kinds:
        answer["activity"] = [_activity(job) for job in reversed(named)]
    if "consumption" in kinds:
        total = sum(job.charge(context.clock.now()) for job in jobs)
        answer["consumption"] = [{"userId": AUTHOR_ID, "value": total, "discount": 0, "total": total}]
    if "model-usages" in kinds:
        answer["modelUsages"] = _model_usages(jobs)
    return json_answer(answer)


def _usages(jobs: list[Job]) -> list[dict[str, Any]]:
    by_name: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        by_name[_NAMES[job.type][0]].append(job)
    return [
        {
            "usageName": name,
            "granularity": "1d",
            "points": [
                {
                    "time": day,
                    "value": str(len(of_day)),
                    "apiKey": str(len(of_day)),
                    "cost": sum(job.cost for job in of_day),
                }
                for day, of_day in _by_day(of_name).items()
            ],
        }
        for name, of_name in by_name.items()
    ]


def _activity(job: Job) -> dict[str, Any]:
    return {
        "action": _NAMES[job.type][1],
        "creativeUnitsCost": job.cost,
        "data": {"jobId": job.id, "isApiKey": True, **present(modelId=job.model_id)},
        "projectId": OWNER_ID,
        "time": timestamp(job.created),
        "userId": AUTHOR_ID,
    }


def _model_usages(jobs: list[Job]) -> list[dict[str, Any]]:
    by_model: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        if job.model_id is not None:
            by_model[job.model_id].append(job)
    return [
        {"modelId": model_id, "points": [_model_point(day, each) for day, each in _by_day(of_model).items()]}
        for model_id, of_model in by_model.items()
    ]


def _model_point(day: str, jobs: list[Job]) -> dict[str, Any]:
    cost = sum(job.cost for job in jobs)
    return {
        "time": day,
        "jobs": len(jobs),
        "cost": cost,
        "discount": 0,
        "apiKeyCost": cost,
        "apiKeyDiscount": 0,
    }


def _by_day(jobs: list[Job]) -> dict[str, list[Job]]:
    days: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        days[timestamp(job.created)[:10] + "T00:00:00.000Z"].append(job)
    return days


def _period(request: web.Request, context: Context) -> tuple[float, float]:
    """The period in seconds since the epoch; all time if none is given."""
    query, now = request.query, context.clock.now()
    if "timeRange" in query:
        if query["timeRange"] not in _RANGES:
            # [guess] others are refused; the ranges are documented (official package, usage_list_params)
            raise bad_request(f"timeRange must be one of {', '.join(_RANGES)}", field="timeRange")
        return now - _RANGES[query["timeRange"]], now
    start, end = moment(request, "startDate"), moment(request, "endDate")
    return start or 0, now if end is None else end


async def retrieve_prices(_: web.Request) -> web.Response:
    """Return the prices of creative units. They are invented."""
    prices = [{"creativeUnits": units, "currency": "usd", "unitAmount": cents} for units, cents in _PACKS]
    return json_answer({"prices": prices})


async def recommend_models(request: web.Request) -> web.Response:
    """Recommend the sandbox's own models, the newest first."""
    context, query = context_of(request), request.query
    for name in query:
        if name not in {"limit", "nextToken", "originalAssets", "projectId", "privacy", "type"}:
            # [sandbox] the filter is documented; the sandbox does not imitate it
            raise not_imitated(f"the query parameter {name} in recommendations")
    models = [
        model
        for model in reversed(context.state.models.values())
        if query.get("type") in {None, model.type} and query.get("privacy") != "public"
    ]
    limit, start = query.get("limit", "10"), query.get("nextToken", "0")
    if not limit.isdecimal() or not 1 <= int(limit) <= _LARGEST_LIMIT:
        # [documented] official package, recommendation_list_models_params: at most 30
        raise bad_request(f"limit must be from 1 to {_LARGEST_LIMIT}", field="limit")
    if not start.isdecimal():
        # [guess] a wrong token is refused
        raise bad_request("nextToken is not a token of this list", field="nextToken")
    end = int(start) + int(limit)
    more = {"nextToken": str(end)} if end < len(models) else {}
    shown = [model_answer(context, model, most=SHOWN_IN_LISTS) for model in models[int(start) : end]]
    return json_answer({"models": shown, **more})


ROUTES: Final = (
    web.get("/usages", list_all),
    web.get("/oscu/prices", retrieve_prices),
    web.get("/recommendations/models", recommend_models),
)
