"""A chat bot: commands run at the same time, and a user can cancel his or her own.

Discord's and Telegram's libraries call a coroutine for each message; `Bot.on_message` is such a coroutine.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from scenario_async import AsyncScenario


class Bot:
    """Uploads folders for users.

    Attributes:
        client: One client for all users.
        running: The upload of each user, by the user's name.
    """

    def __init__(self, client: AsyncScenario) -> None:
        """Take a client, which stays the caller's."""
        self.client = client
        self.running: dict[str, asyncio.Task[str]] = {}

    async def on_message(self, user: str, text: str) -> str:
        """Answer `upload MODEL FOLDER` and `cancel`."""
        command, *words = text.split()
        if command == "cancel":
            return self.cancel(user)
        task = self.running[user] = asyncio.create_task(self.upload(*words))
        try:
            return await task
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return "Cancelled. Pictures that are in the training set stay there; the same upload continues."
        finally:
            del self.running[user]

    def cancel(self, user: str) -> str:
        """Cancel what a user has running."""
        task = self.running.get(user)
        if task is None:
            return "Nothing is running."
        task.cancel()
        return "Cancelling."

    async def upload(self, model_id: str, folder: str) -> str:
        """Upload a folder, and return the summary."""
        report = await self.client.models.training_images.upload(
            model_id, Path(folder), raise_on_failure=False
        )
        return report.summary()
