"""For all tests with a browser."""

from playwright.async_api import expect

expect.set_options(timeout=20_000)  # ms; a busy machine takes its time
