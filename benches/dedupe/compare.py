"""CPU seconds of bib-dedupe on a CSV of records: python compare.py records.csv (prints the seconds last)."""
import resource
import sys

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep

if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
    frame = frame.rename(columns={"id": "ID", "authors": "author", "type": "ENTRYTYPE"})
    frame["ENTRYTYPE"] = "article"
    frame["search_set"] = ""

    def seconds():
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    begun = seconds()
    prepared = prep(frame)
    cluster(match(block(prepared)))
    print(seconds() - begun)
