"""A payment is made once where the service hides ids, shows old states, or lists a seed twice."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import orjson
import pytest
from PIL import Image

from scenario_async import AsyncScenario
from scenario_async.errors import InvalidArgumentError, JobInDoubtError, PlanLimitError
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Drop, HTMLPage, PlanLimit, ServerError, Unauthorized
from scenario_async.values.training import TrainingParameters
from scenario_async.work._internal.doubts import find_generation, find_training, settle_doubts
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger, id_of_work
from scenario_async.work._internal.request_body import Wanted

from .changed import Changed
from .conftest import paid

GENERATE = "POST /generate/custom/{modelId}"
TRAIN = "PUT /models/{modelId}/train"
MODEL = "GET /models/{modelId}"
BASE = "model_bfl-flux-1-dev"
UNREADABLE = Path("/proc/self/mem")


def without_job(document: Any) -> None:
    document["model"].pop("jobId", None)


@pytest.fixture(autouse=True)
async def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = 0.05
    sandbox.training_duration = 0.1


async def test_a_finished_training_is_recognised_without_the_id_of_its_job(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    sandbox.faults = Faults(Rule(Changed(without_job), on=MODEL))
    await client.models.train.run(trainable.id, max_cost=None)
    again = await client.models.train.run(trainable.id, max_cost=None)
    assert again.resumed
    assert sandbox.requests[TRAIN] == 2  # the price and the payment of the first call


async def test_a_training_in_doubt_that_ended_meanwhile_is_recognised_by_the_change_of_the_status(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    hidden = Rule(Changed(without_job), on=MODEL)
    lost = Rule(Drop("after"), on=TRAIN, skip=1, times=1)
    sandbox.faults = Faults(Rule(ServerError(503, "before"), on=MODEL, skip=1), hidden, lost)
    with pytest.raises(JobInDoubtError):
        await client.models.train.run(trainable.id, max_cost=None)
    sandbox.faults = Faults(hidden)
    await asyncio.sleep(0.2)
    report = await client.models.train.run(trainable.id, max_cost=None)
    assert (report.resumed, report.model.status) == (True, "trained")
    assert sandbox.requests[TRAIN] == 2


async def test_a_status_of_before_is_no_sign_of_a_training(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    del sandbox
    entry = WorkEntry(work_id="1", kind="train", model_id=trainable.id, previous_status="new")
    assert await find_training(client.sender, entry) is None


@pytest.mark.parametrize("status", ["failed", "trained", "training-canceled"])
async def test_the_end_of_an_earlier_training_is_not_taken_for_the_end_of_this_one(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, status: str
) -> None:
    """The service shows the state of before for a short time after the payment."""
    sandbox.training_duration = 0.5
    seen = 0

    def outdated(document: Any) -> None:
        nonlocal seen
        seen += 1
        if seen <= 4:
            document["model"] |= {"status": status, "jobId": "job_of_before"}

    sandbox.faults = Faults(Rule(Changed(outdated), on=MODEL))
    report = await client.models.train.run(trainable.id, max_cost=None, ledger=False)
    assert report.model.status == "trained"
    assert seen > 5


class _DropOfPayment(Drop):
    """Drops requests that pay, and no requests for a price: which of the two comes third is not fixed."""

    async def concerns(self, arrival: Arrival) -> bool:
        return "dryRun" not in arrival.request.query


@pytest.mark.parametrize("together", [False, True])
async def test_a_job_of_another_call_with_the_same_seed_is_not_adopted(
    sandbox: Sandbox, client: AsyncScenario, together: bool
) -> None:
    """The caller's seed does not identify a job, so the prompt and the other inputs decide too."""
    calls = [
        client.generate.run(BASE, prompt, seed=42, max_cost=None, ledger=together)
        for prompt in ("a fox", "a wolf")
    ]
    if together:
        sandbox.faults = Faults(Rule(_DropOfPayment("before"), on=GENERATE, times=1))
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(one, JobInDoubtError) for one in results) == 1
    else:
        await calls[0]
        sandbox.faults = Faults(Rule(Drop("before"), on=GENERATE, skip=1, times=1))
        with pytest.raises(JobInDoubtError):
            await calls[1]
    assert paid(sandbox) == 1


def _without_seed(document: Any) -> None:
    model = document["model"]
    model["inputs"] = [one for one in model["inputs"] if one["name"] != "seed"]


async def test_a_job_of_another_program_is_not_adopted_if_the_model_takes_no_seed(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    """Without a seed, the prompt decides whether a job is the one of a lost request."""
    sandbox.faults = Faults(
        Rule(Changed(_without_seed), on="GET /models/{modelId}"),
        Rule(_DropOfPayment("before"), on=GENERATE, times=1),
    )
    call = asyncio.create_task(client.generate.run(BASE, "a fox", max_cost=None, ledger=False))
    while sandbox.requests[GENERATE] < 2:  # noqa: ASYNC110 - the price and the lost request
        await asyncio.sleep(0.005)
    await client.generate.run_model(BASE, body={"prompt": "a nuclear plant"})
    with pytest.raises(JobInDoubtError):
        await call
    assert paid(sandbox) == 1


async def test_a_job_of_a_call_that_began_during_the_search_is_not_adopted(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """A call writes its request to the ledger before it sends it, so the ledger is read after the jobs."""
    ledger = WorkLedger(tmp_path / "ledger", client.sender.target)
    body = {"prompt": "a fox", "seed": 42}
    entry = WorkEntry(work_id="a", kind="generate", model_id=BASE, body=body, state="submitting")
    entry = await ledger.write(entry, began=time.time())
    await client.generate.run_model(BASE, body=body)

    def begin_another(_: Any) -> None:
        write = partial(asyncio.run, ledger.write(attrs.evolve(entry, work_id="b")))
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    assert await find_generation(client.sender, ledger, entry) is not None
    sandbox.faults = Faults(Rule(Changed(begin_another), on="GET /jobs", times=1))
    assert await find_generation(client.sender, ledger, entry) is None
    assert sandbox.faults.count() == 1


async def test_a_generation_with_the_callers_seed_is_found_again(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1, times=1))
    report = await client.generate.run(BASE, "a fox", seed=42, count=2, max_cost=None, ledger=False)
    assert len(report.asset_ids) == 2
    assert paid(sandbox) == 1


@pytest.mark.parametrize("refusal", [HTMLPage(403, "before"), Unauthorized()], ids=str)
async def test_a_refused_search_leaves_the_request_in_doubt(
    sandbox: Sandbox, client: AsyncScenario, refusal: Any
) -> None:
    lost = Rule(Drop("after"), on=GENERATE, skip=1, times=1)
    sandbox.faults = Faults(lost, Rule(refusal, on="GET /jobs"))
    with pytest.raises(JobInDoubtError, match=r"could not be listed \(GET /jobs returned 40[13]"):
        await client.generate.run(BASE, "a fox", max_cost=None)
    sandbox.faults = Faults()
    assert (await client.generate.run(BASE, "a fox", max_cost=None)).resumed
    assert paid(sandbox) == 1


def test_an_open_file_is_recognised_by_its_content(tmp_path: Path) -> None:
    def picture(shade: int) -> bytes:
        file = io.BytesIO()
        Image.new("L", (8, 8), shade).save(file, "PNG")
        return file.getvalue()

    def identity(source: Any) -> str:
        wanted = Wanted(
            model_id="m", prompt=None, base=None, scale=1, count=1, seed=None, inputs={"image": source}
        )
        return id_of_work("generate", wanted.opened().with_digests())

    file = io.BytesIO(picture(1))
    assert identity(file) == identity(file) == identity(io.BytesIO(picture(1))) == identity(picture(1))
    path = tmp_path / "picture.png"
    path.write_bytes(picture(2))
    with path.open("rb") as opened:
        first = identity(opened)
    path.write_bytes(picture(3))
    with path.open("rb") as opened:
        assert identity(opened) != first
    assert first == identity(picture(2))


async def test_a_folder_that_takes_no_files_is_refused_before_the_payment(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("a file")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", "", "a\0b"):
        with pytest.raises(InvalidArgumentError, match=r"^to: "):
            await client.generate.run(BASE, "a fox", max_cost=None, to=folder)
    assert paid(sandbox) == 0


async def test_a_deadline_ends_the_wait_for_a_free_place(sandbox: Sandbox, client: AsyncScenario) -> None:
    """Nothing was paid, so the error is the service's refusal."""
    sandbox.faults = Faults(Rule(PlanLimit(action="parallel-inference"), on=GENERATE, skip=1))
    with pytest.raises(PlanLimitError):
        await asyncio.wait_for(client.generate.run(BASE, "a fox", max_cost=None, deadline=0.3), 5)
    assert paid(sandbox) == 0


async def test_a_generation_is_completed_if_the_ledger_fails_after_the_payment(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An error would hide a job that is paid."""
    ledger = tmp_path / "ledger"

    def spoil(document: Any) -> None:
        if "job" in document:  # not the price
            ledger.unlink()
            ledger.mkdir()

    sandbox.faults = Faults(Rule(Changed(spoil), on="POST /generate/custom/{modelId}"))
    report = await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out", ledger=ledger)
    assert len(report.paths) == 1
    assert len(sandbox.state.jobs) == 1
    assert f"job {report.job.job_id} is paid" in caplog.text


async def test_a_new_model_in_doubt_is_no_paid_request(client: AsyncScenario, tmp_path: Path) -> None:
    ledger = WorkLedger(tmp_path / "ledger.sqlite3", client.sender.target)
    await ledger.write(WorkEntry(work_id="1", kind="dataset", model_id=""), state="submitting")
    assert await settle_doubts(client.sender, ledger) == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"work_id": 1}', {"asset_ids": 5}, {"body": 5}, {"began": None}],
    ids=str,
)
async def test_a_damaged_entry_is_an_error_and_nothing_is_paid(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, content: Any
) -> None:
    path = tmp_path / "ledger.sqlite3"
    await client.generate.run(BASE, "a fox", max_cost=None, ledger=path, key="k")
    if not isinstance(content, str):
        entry = WorkEntry(work_id="1", kind="generate", model_id=BASE)
        content = orjson.dumps(attrs.asdict(entry) | content).decode()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE work SET entry = ?", (content,))
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .* damaged"):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger=path, key="k")
    assert paid(sandbox) == 1


async def test_a_deleted_model_of_an_earlier_call_asks_for_another_key(
    client: AsyncScenario, tmp_path: Path, folder_of: Callable[[int], Path]
) -> None:
    options: dict[str, Any] = {"name": "paper", "type": "flux.1-lora", "max_cost": None, "checks": "warn"}
    ledger = tmp_path / "ledger.sqlite3"
    report = await client.models.train.from_folder(folder_of(5), **options, ledger=ledger)
    await client.models.delete(report.model_id)
    with pytest.raises(InvalidArgumentError, match=r"^key: another key is needed"):
        await client.models.train.from_folder(folder_of(5), **options, ledger=ledger)


@pytest.mark.parametrize("named_first", [True, False])
async def test_a_client_that_names_the_project_and_one_that_does_not_pay_once(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, named_first: bool
) -> None:
    """The API key implies the project, so both calls may be about the same work."""
    named = client.with_options(project_id="proj_sandbox")
    for one in (named, client) if named_first else (client, named):
        await one.generate.run(BASE, "a fox", max_cost=None, key="fox")
        await one.models.train.run(trainable.id, max_cost=None)
    assert (paid(sandbox), paid(sandbox, "training")) == (1, 1)


async def test_entries_of_two_named_projects_are_separate(tmp_path: Path) -> None:
    """An entry of a client without a project may be of either."""
    path = tmp_path / "ledger"
    first, second, none = (WorkLedger(path, ("https://api.example/v1", name)) for name in ("a", "b", ""))
    await first.write(WorkEntry(work_id="1", kind="generate", model_id="m"))
    assert (await first.get("1"), await second.get("1")) == (await none.get("1"), None)
    await none.write(WorkEntry(work_id="2", kind="generate", model_id="m"))
    assert [entry.work_id for entry in await second.all()] == ["2"]
    found = await none.get("1")
    assert found is not None
    await none.write(found, state="saved")
    changed = await first.get("1")
    assert changed is not None
    assert changed.state == "saved"


@pytest.mark.skipif(
    not UNREADABLE.exists(), reason="this system has no file that can be opened, but not read"
)
async def test_an_input_file_that_cannot_be_read_is_refused_by_name(client: AsyncScenario) -> None:
    """The file can be opened, but reading it fails."""
    with pytest.raises(InvalidArgumentError, match=r"^inputs\.image: the file cannot be read"):
        await client.generate.run(BASE, "a fox", inputs={"image": UNREADABLE}, max_cost=None)


async def test_a_training_is_the_same_however_its_parameters_are_given(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    for parameters in ({"nb_epochs": 5}, {"nbEpochs": 5}, TrainingParameters(nb_epochs=5)):
        report = await client.models.train.run(trainable.id, parameters=parameters, max_cost=None)
        assert report.resumed is (parameters != {"nb_epochs": 5})
    assert sandbox.requests[TRAIN] == 2  # the price and the payment of the first call


@pytest.mark.parametrize("number", [1, 0, -3, 2**40])
def test_a_call_is_the_same_with_a_whole_number_as_a_float(number: int) -> None:
    whole, broken = ({"inputs": {"scale": one, "sizes": [one]}} for one in (number, float(number)))
    assert id_of_work("generate", whole) == id_of_work("generate", broken)
    assert id_of_work("generate", whole) != id_of_work("generate", {"inputs": {"scale": number + 0.5}})


@pytest.mark.parametrize(
    ("arguments", "inputs"),
    [({"count": 4}, {"numOutputs": 1}), ({"seed": 4}, {"seed": 9})],
)
async def test_an_input_that_is_given_twice_is_refused_before_a_payment(
    sandbox: Sandbox, client: AsyncScenario, arguments: dict[str, Any], inputs: dict[str, Any]
) -> None:
    [name] = inputs
    with pytest.raises(
        InvalidArgumentError, match=rf"^inputs\.{name}: the argument \w+ is given; leave it out"
    ):
        await client.generate.run(BASE, "a fox", inputs=inputs, max_cost=None, **arguments)
    assert sandbox.requests[GENERATE] == 0


async def test_a_call_is_the_same_with_another_spelling_of_its_folder(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell shows a folder behind a link by the name of the link, and a relative path is without it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    monkeypatch.chdir(tmp_path / "link")
    for to in ("out", tmp_path / "link" / "out", "../real/out"):
        await client.generate.run(BASE, "a fox", max_cost=None, to=to, key="one")
    assert paid(sandbox) == 1
