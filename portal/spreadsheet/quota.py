"""How large a file may be that a browser sends: what is over it is not written anywhere."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST = 20 << 20  # bytes of one file
ABSURD = 64 << 20  # bytes of a request that is not read to its end


class Quota(FileUploadHandler):
    """The first handler of every upload: a file that goes on too long is skipped, so that
    the form says it is missing, and a request beyond all measure is refused unread."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > ABSURD:
            raise RequestDataTooBig("a file of this size is not taken")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > MOST:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        return None
