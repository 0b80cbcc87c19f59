"""FastAPI: visitors send pictures, which become training images of a model.

Run it with: uvicorn fastapi_uploads:app
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, UploadFile

from scenario_async import APIStatusError, AsyncScenario


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Keep one client, and so one pool of connections, for all requests."""
    async with AsyncScenario() as client:
        app.state.scenario = client
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/models/{model_id}/pictures")
async def add_picture(model_id: str, picture: UploadFile, request: Request) -> dict[str, str]:
    """Upload one picture, and add it to the training images of a model."""
    client: AsyncScenario = request.app.state.scenario
    try:
        asset = (await client.assets.upload(image=await picture.read(), name=picture.filename or "")).asset
        await client.models.training_images.add(model_id, asset_id=asset.id)
    except APIStatusError as error:
        raise HTTPException(error.status_code, error.message) from error
    return {"asset_id": asset.id}
