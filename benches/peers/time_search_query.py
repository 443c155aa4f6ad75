"""Times search-query on the strings: parse, then translate; what it refuses is counted."""

import contextlib
import io
import json
import os
import statistics
import time

from search_query.parser import parse

ROUNDS = 3
PLATFORMS = {"pubmed": "wos", "wos": "pubmed"}


def once(query, platform):
    """Seconds to parse, and to parse and translate; None for what it refuses."""
    with contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        try:
            tree = parse(query, platform=platform)
        except Exception:
            return None, None
        read = time.perf_counter() - start
        try:
            tree.translate(target_syntax=PLATFORMS[platform]).to_string()
        except Exception:
            return read, None
        return read, time.perf_counter() - start


with open(os.path.join(os.environ["GLEANER_REAL_DATA"], "query", "real_queries.json")) as file:
    strings = json.load(file)

read, both = [], []
for case in strings:
    if case["platform"] not in PLATFORMS:
        continue
    times = [once(case["query"], case["platform"]) for _ in range(ROUNDS)]
    if times[0][0] is not None:
        read.append(statistics.median(time[0] for time in times))
    if times[0][1] is not None:
        both.append(statistics.median(time[1] for time in times))


def told(times):
    return f"median {1000 * statistics.median(times):.3f} ms, slowest {1000 * max(times):.3f} ms" if times else "none"


print(f"search-query: read {len(read)} of {len(strings)} strings: {told(read)}")
print(f"search-query: read and written {len(both)}: {told(both)}")
