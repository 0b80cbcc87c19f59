"""The example call of each operation in the reference, made from its declaration.

An example has the required arguments. Where those alone would show nothing, `MORE` adds optional ones.
`tests/documentation/test_operation_examples.py` runs all of them against the sandbox.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

import attrs

from scenario_async._internal.declare.catalogue import CataloguedOperation
from scenario_async._internal.declare.operation import answer_type_of
from scenario_async.pagination import Page

WIDTH: Final = 100
"""The longest line of an example."""

VALUES: Final = {
    "body": '"Flat paper shapes, warm light."',
    "category": '"artist-style"',
    "description": '"Cut paper in warm colours."',
    "destination_project_id": '"project_2"',
    "email": '"ada@example.com"',
    "enabled": "True",
    "enabled_events": '["model.training.completed"]',
    "folder": '"captions"',
    "ids": '["asset_1", "asset_2"]',
    "image": '"asset_1"',
    "images": '"pictures"',
    "is_default": "True",
    "key_id": '"key_1"',
    "lock_expires_at": '"2030-01-01T12:00:00.000Z"',
    "logo": '"logo.png"',
    "max_cost": "500",
    "modality": '"depth"',
    "mode": '"completion"',
    "name": '"paper"',
    "options": '{"file_name_template": "{name}"}',
    "prompt": '"a fox in the snow"',
    "prompt_guide": '"Name the animal first."',
    "query": '{"asset_ids": ["asset_1"], "inference_ids": [], "model_ids": []}',
    "role": '"member"',
    "source": '"pictures"',
    "text": '"a fox in the snow"',
    "to": '"results"',
    "type": '"flux.1-lora"',
    "url": '"https://example.com/hook"',
}
"""Values of required arguments; ids and literals need none."""

MORE: Final = {
    "assets.get_bulk": {"asset_ids": '["asset_1", "asset_2"]'},
    "assets.list": {"page_size": "50"},
    "assets.update": {"name": '"fox"'},
    "assets.update_tags": {"add": '["winter"]'},
    "assets.upload": {"image": '"fox.png"'},
    "collections.update": {"name": '"paper"'},
    "generate.caption": {"images": '["fox.png"]'},
    "generate.describe_style": {"images": '["fox.png"]'},
    "generate.estimate": {"prompt": '"a fox in the snow"'},
    "generate.ip_detection": {"prompts": '["a fox in the snow"]'},
    "generate.prompt": {"prompt": '"a fox"'},
    "generate.run": {"prompt": '"a fox in the snow"', "to": '"results"'},
    "generate.run_model": {"body": '{"prompt": "a fox in the snow"}'},
    "jobs.list": {"status": '"success"'},
    "jobs.trigger_action": {"action": '"cancel"'},
    "models.create": {"name": '"paper"', "type": '"flux.1-lora"'},
    "models.get_bulk": {"model_ids": '["model_1", "model_2"]'},
    "models.list": {"status": '"trained"'},
    "models.scores.retrieve_prompt": {"prompt": '"a fox in the snow"'},
    "models.train.trigger": {"parameters": '{"nb_epochs": 10}'},
    "models.training_images.add": {"asset_ids": '["asset_1", "asset_2"]'},
    "models.training_images.replace": {"data": '"fox.png"', "name": '"fox.png"'},
    "models.training_images.replace_pairs": {
        "body": '[{"source_id": "asset_1", "target_id": "asset_2", "instruction": "make it snow"}]'
    },
    "models.update": {"name": '"paper"'},
    "models.update_tags": {"add": '["winter"]'},
    "projects.api_keys.create": {"name": '"nightly"'},
    "projects.instructions.update": {"content": '"Keep to warm colours."'},
    "projects.members.update": {"role": '"member"'},
    "projects.memory.update": {"content": '"The fox is called Reinhard."'},
    "projects.update": {"name": '"paper"'},
    "projects.watermark.preview": {"text": '"draft"'},
    "projects.webhook_endpoints.update": {"enabled": "False"},
    "search.asset_search": {"query": '"fox"'},
    "search.model_search": {"query": '"paper"'},
    "search.workflow_search": {"query": '"upscale"'},
    "teams.ip_filters.update": {"enabled": "False"},
    "teams.members.update": {"role": '"member"'},
    "teams.update": {"name": '"Art"'},
    "teams.watermark.preview": {"text": '"draft"'},
    "teams.webhook_endpoints.update": {"enabled": "False"},
    "uploads.create": {
        "content_type": '"image/png"',
        "file_name": '"fox.png"',
        "file_size": "9_000_000",
        "kind": '"image"',
        "parts": "2",
    },
    "usages.list": {"start_date": '"2030-01-01"', "end_date": '"2030-01-31"'},
    "workflows.run": {"body": '{"prompt": "a fox in the snow"}'},
    "workflows.user_selection": {"selected_indices": "[0]"},
    "workflows.update": {"name": '"paper"'},
}
"""Values by operation: of optional arguments, and of required ones with another meaning in this operation."""


def example(one: CataloguedOperation) -> str:
    """The example of an operation: Python with `client`, an `AsyncScenario`, and top-level `await`."""
    arguments = list(_arguments(one))
    call = f"client.{one.name}({', '.join(arguments)})"
    answer: Any = answer_type_of(one.request_type) if one.request_type else None
    is_page = isinstance(answer, type) and issubclass(answer, Page)
    item = _item(one.name) if is_page else ""
    start, end = (f"async for {item} in ", ":") if is_page else (f"{_target(one, answer)}await ", "")
    if len(start) + len(call) + len(end) > WIDTH:
        inner = "".join(f"    {argument},\n" for argument in arguments)
        call = f"client.{one.name}(\n{inner})"
    return f"{start}{call}{end}" + (f"\n    print({item})" if is_page else "")


def _arguments(one: CataloguedOperation) -> list[str]:
    more = dict(MORE.get(one.name, {}))
    shown: list[str] = []
    for parameter in one.operation.__signature__.parameters.values():
        if parameter.name in more:
            value = more.pop(parameter.name)
        elif parameter.default is parameter.empty:
            value = _value(parameter)
        else:
            continue
        keyword = parameter.kind is parameter.KEYWORD_ONLY or parameter.default is not parameter.empty
        shown.append(f"{parameter.name}={value}" if keyword else value)
    if more:
        raise ValueError(f"{one.name} has no arguments {', '.join(more)}")
    return shown


def _value(parameter: inspect.Parameter) -> str:
    """The value of a required argument: by its name, the first of its literals, or an id."""
    name, annotation = parameter.name, str(parameter.annotation)
    if name in VALUES:
        return VALUES[name]
    if annotation.startswith("Literal["):
        return annotation.removeprefix("Literal[").partition(",")[0].rstrip("]").replace("'", '"')
    noun = name.removesuffix("s").removesuffix("_id").split("_")[-1]
    if name.endswith("_ids"):
        return f'["{noun}_1", "{noun}_2"]'
    if name.endswith("_id"):
        return f'"{noun}_1"'
    raise ValueError(f"docs/reference_examples.py has no value for the argument {name}: {annotation}")


def _target(one: CataloguedOperation, answer: Any) -> str:
    """The variable for the result; empty if the result is of no use."""
    if one.request_type is None:
        nothing = inspect.signature(one.operation.function).return_annotation in {None, "None"}
        return "" if nothing else "result = "
    return "response = " if attrs.has(answer) else ""


def _item(name: str) -> str:
    """The name of one item of a list: `assets.list` and `search.asset_search` list assets."""
    *_, noun, verb = name.split(".")
    words = noun if verb == "list" else verb.removeprefix("list_").removesuffix("_search")
    return words.removesuffix("s")
