"""A file that somebody brings to be verified."""

from __future__ import annotations

import shutil
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from connector.domain.errors import UnreadableFile


async def one_upload(request: Request, folder: Path) -> Path:
    """The uploaded file in ``folder``, under a name of ours. Raises UnreadableFile where none came."""
    async with request.form(max_files=1, max_fields=1) as form:
        upload = form.get("tep")
        if not isinstance(upload, UploadFile) or not upload.size:
            raise UnreadableFile("no file was chosen")
        target = folder / "upload"
        with target.open("wb") as file:
            await run_in_threadpool(shutil.copyfileobj, upload.file, file)
    return target
