"""The mother of a night's processes, whose clock a test can move: `CLOCK_SHIFT` names a file of
seconds."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.functional.forking import attend


class ShiftedClock:
    """The machine's clock, moved by what the file says now."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text()))


if __name__ == "__main__":
    attend(ShiftedClock(Path(os.environ["CLOCK_SHIFT"])))
