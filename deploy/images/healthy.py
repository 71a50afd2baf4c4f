"""`healthy.py URL [SECONDS]` exits with 0 once the address answers 200, else with 1.

For containers and units: neither need have curl. Without SECONDS it asks once.
"""

import sys
import time
import urllib.request


def answers(url: str) -> bool:
    """Whether it is 200. What was answered is not shown, and no proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=4) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main(url: str, seconds: str = "0") -> int:
    """The exit code."""
    until = time.monotonic() + float(seconds)
    while not answers(url):
        if time.monotonic() >= until:
            return 1
        time.sleep(0.25)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
