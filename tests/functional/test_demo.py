"""`sidelight demo`: one command, one page with both sides, and nothing left behind by Ctrl-C."""

import asyncio
import re
import signal
import sys
from pathlib import Path

from playwright.async_api import expect

from tests.browser.webchat_app import browsing
from tests.functional.serving import Serving


def model_servers(parent: int) -> set[int]:
    """The processes that serve a model, of those that `parent` started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            started_by = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if started_by == parent and b"nlu/server.py" in (path / "cmdline").read_bytes():
                found.add(int(path.name))
        except OSError:
            continue
    return found


def alive(processes: set[int]) -> set[int]:
    """Those of `processes` that are still there."""
    return {pid for pid in processes if Path(f"/proc/{pid}").exists()}


async def test_the_demonstration_from_start_to_ctrl_c(tmp_path: Path, nlu_model: Path) -> None:
    """The address comes, both real pages stand side by side, they talk, and Ctrl-C ends it all."""
    bot = Serving(tmp_path)
    usual = ("BOT_NLU_URL", "BOT_DATA_DIR", "BOT_LOCALES", "BOT_RESPONSES_OVERLAY")
    environment = {k: v for k, v in bot.environment.items() if k not in usual}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo"),
        cwd=tmp_path,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        said = ""
        async with asyncio.timeout(60):
            while "Ctrl-C stops it" not in said:
                said += (await process.stdout.readline()).decode()
        address = re.search(r"http://\S+/demo", said)
        assert address is not None
        async with browsing() as browser:
            page = await browser.new_page(viewport={"width": 1280, "height": 860})
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
            await page.goto(address.group())
            phone = page.frame_locator("iframe").first
            desk = page.frame_locator("iframe").nth(1)
            await phone.locator("#start-button").click()
            await phone.locator(".bot .bubble").first.wait_for()
            await phone.get_by_role("button", name="Talk to a person").click()
            await phone.get_by_role("button", name=re.compile("Yes")).first.click()
            await desk.get_by_role("button", name=re.compile("Claim")).click()
            await desk.locator("#draft").fill("I am here.")
            await desk.locator("#draft").press("Enter")
            await expect(phone.locator(".bubble", has_text="I am here.")).to_be_visible()
            assert complaints == []
        async with asyncio.timeout(120):
            while "is understood" not in said:
                said += (await process.stdout.readline()).decode()
        servers = model_servers(process.pid)
        assert len(servers) == 1
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, rest.decode()
    assert "Traceback" not in rest.decode()
    assert alive(servers) == set()
