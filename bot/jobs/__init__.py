"""Work that happens behind a row: a function a job, the runner that calls them, the clock that wakes it."""
