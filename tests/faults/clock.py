"""The clock of all processes of a night, which is moved on by hours and jumps by minutes."""

from pathlib import Path


class MovedClock:
    """Written to a file that `tests.faults.serve` reads each time it looks at the clock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._moved = 0
        self._jump = 0
        self._write()

    @property
    def shift(self) -> int:
        """Seconds by which the processes are ahead of the machine."""
        return self._moved + self._jump

    def move(self, seconds: int) -> None:
        """Let time pass."""
        self._moved += seconds
        self._write()

    def jump(self, seconds: int) -> None:
        """Be wrong by so much, until the next jump."""
        self._jump = seconds
        self._write()

    def _write(self) -> None:
        aside = self.file.with_suffix(".new")
        aside.write_text(str(self.shift))
        aside.replace(self.file)
