"""How much one page, one archive and one pile may hold before it is named as too large.

The limits stop a decompression bomb and a file that no saved page ever is; they are far above the
largest page in the article set (1.6 MB of HTML). This module must not know how pages are read.
"""

from __future__ import annotations

PAGE_BYTES = 50_000_000
CONTAINER_BYTES = 4_000_000_000  # a WARC or JSONL file is streamed, so only its size on disk is bounded
ARCHIVE_MEMBERS = 100_000
ARCHIVE_BYTES = 2_000_000_000  # unpacked, all members together
ARCHIVE_RATIO = 200  # unpacked to packed; text packs 3 to 10 times, zeros 1,000 times
RATIO_FLOOR_BYTES = 1_000_000  # small members may pack as well as they like
ARCHIVE_DEPTH = 3  # a page, packed, in a zip file in a zip file
