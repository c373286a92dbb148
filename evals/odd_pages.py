# ruff: noqa: E501, ISC004 (tables of odd values read best in rows)
"""Odd pages, made from a seed: every kind that once cost its neighbours, and what is near to each.

A maker is a function of the dice that returns a file's name (as bytes, because names need not be text) and its bytes.
Everything is invented here; the same seed makes the same file.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from random import Random

Odd = tuple[bytes, bytes]
Maker = Callable[[Random], Odd]

PLACES = ("Norvik", "Elm Harbour", "Tarnsee", "Quillan", "Osterby")
PEOPLE = ("Dana Wolfe", "Peter Lang", "Mira Osk", "Tomas Reyer", "Ines Halloran")
SENTENCES = (
    "The town council of {place} closed the old bridge on Thursday after engineers found cracks in two pillars.",
    "“We could not wait any longer,” Mayor {person} told reporters. About {number} cars cross the bridge every day.",
    "Repairs will cost {number} euros and take until next spring, according to {person}.",
    "{person} said on {day} that {number} people had been moved, and denied that the warning came late.",
    "The company has said it would pay; {person}, its director, resigned two days later.",
    "Between 40 and {number} houses stood empty in {place}, the fire brigade said.",
)
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://example.invalid")', "@SUM(1)",
    "+1+cmd", "-2+3", "\x1b]0;owned\x07", "\x9b31m", "\u202egnp.exe", "'; DROP TABLE page;--", "{{7*7}}", "${x}",
    "javascript:alert(1)", "</style><script>x</script>", "<svg onload=alert(1)>", "%0d%0aSet-Cookie: x", "\t=1+1",
    "]]>", "<!--", "&lt;script&gt;", "\u2028\u2029", "[x](javascript:alert(1))",
)  # fmt: skip
NUMBERS = (
    "9" * 400, "1e999", "0", "-0", "1" + ",000" * 120, "4,000", "12 million million million", "0." + "0" * 300 + "1",
    "٤٬٠٠٠", "²³", "½", "1/0", "NaN", "Infinity", "0x7f", "1,2,3,4", "1 000 000", "3.5.7", "twelve hundred thousand", "%",
)  # fmt: skip
DAYS = (
    "30 February 2021", "2021-02-30", "2021-99-99", "31/31/31", "0000-00-00", "10000-01-01", "May 3, 99999", "3 May 2019",
    "yesterday", "29 February 1900", "Thursday", "the 400th of May", "2019-05-03T99:99:99Z", "1/1/1", "-1 May 2019",
    "two hundred thousand years ago", "9" * 30 + " days ago", "in 99999999999 weeks", "week 60 of 2021", "Q9 2021",
)  # fmt: skip
SPLINTERS = (
    "\ud800", "\udfff", "\x00", "\x1b", "\x9b", "\ufeff", "\u202e", "\u200b", "\u00ad", "\ufffe", "\U000e0041", "\u0301" * 40,
    "“", "”", '"', "'", "‘", "(", "[", "\r", "\x0b", "\x85", "\u2028", "—", "...", "😀", "ﬁ", "ß", "İ", "ς", "\u0130\u0307",
)  # fmt: skip


def tell(dice: Random, sentences: int = 4) -> str:
    """Return an article's text in which anything may be odd."""
    paragraphs = []
    for _ in range(sentences):
        filled = dice.choice(SENTENCES).format(
            place=dice.choice(PLACES),
            person=dice.choice(PEOPLE if dice.random() < 0.7 else HOSTILE),
            number=dice.choice(NUMBERS),
            day=dice.choice(DAYS),
        )
        for _ in range(dice.choice((0, 0, 1, 3))):
            at = dice.randrange(len(filled))
            filled = filled[:at] + dice.choice(SPLINTERS) + filled[at:]
        paragraphs.append(filled)
    head = dice.choice(("Old bridge closed", dice.choice(HOSTILE), "“" + dice.choice(PLACES), dice.choice(DAYS)))
    return f"{head}\n\nBy {dice.choice(PEOPLE + HOSTILE)}\n{dice.choice(DAYS)}\n\n" + "\n\n".join(paragraphs) + "\n"


def encode(dice: Random, text: str) -> bytes:
    """Return ``text`` in some encoding, half characters and all."""
    name = dice.choice(("utf-8", "utf-8", "utf-16", "utf-16-le", "cp1252", "latin-1", "utf-8-sig", "utf-32", "cp1251"))
    errors = "surrogatepass" if name.startswith("utf") else "replace"
    return text.encode(name, errors)


def spoil(dice: Random, data: bytes) -> bytes:
    """Return ``data`` cut, flipped, doubled or filled somewhere."""
    if not data:
        return data
    at, how = dice.randrange(len(data)), dice.randrange(6)
    some = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 30)))
    if how == 0:
        return data[:at]
    if how == 1:
        return data[:at] + some + data[at + len(some) :]
    if how == 2:
        return data[:at] + some + data[at:]
    if how == 3:
        return data[at:] + data[:at]
    return data[:at] + data[at : at + 200] * dice.randrange(1, 40) + data[at:] if how == 4 else data + b"\0" * 500


def _name(dice: Random, suffix: str) -> bytes:
    stem = dice.choice(
        (
            b"page",
            b"caf\xe9",
            b"\xff\xfe",
            b"a" * 180,
            b"=cmd",
            b"new\nline",
            b"esc\x1b[31m",
            b"\xe2\x80\xae",
            b"sp ace",
        )
    )
    return stem + str(dice.randrange(10**6)).encode() + suffix.encode()


def _text(dice: Random) -> Odd:
    return _name(dice, ".txt"), encode(dice, tell(dice))


def _spoilt(dice: Random) -> Odd:
    name, data = dice.choice(MAKERS[1:])(dice)
    return name, spoil(dice, data)


def _long(dice: Random) -> Odd:
    kind, many = dice.randrange(6), dice.choice((1_000,) * 6 + (10_000,) * 3 + (60_000,))
    whole = {
        0: "word " * many,
        1: "x" * (many * 3),
        2: "\n".join(f"line {n}" for n in range(many // 4)),
        3: "“" * many + tell(dice),
        4: tell(dice) + "(" * many,
        5: " ".join(dice.choice(NUMBERS[:6]) for _ in range(many // 100)),
    }[kind]
    return _name(dice, ".txt"), encode(dice, whole)


def _value(dice: Random) -> object:
    return dice.choice(
        (None, True, -1, 1e308, 10**400, [], {}, [[]], [None], {"name": None}, "", "\ud800", dice.choice(HOSTILE), dice.choice(DAYS), ["a", {"name": "\udfff"}], "https://[::1", "http://\ud83d/")
    )  # fmt: skip


def _object(dice: Random) -> str:
    keys = ("title", "url", "date", "author", "authors", "source", "outlet", "published", "byline", "language")
    row = {key: _value(dice) for key in dice.sample(keys, dice.randrange(len(keys)))}
    row[dice.choice(("text", "html", "content", "maintext", "body_html"))] = tell(dice)
    return json.dumps(row, ensure_ascii=dice.random() < 0.8)


def _jsonl(dice: Random) -> Odd:
    odd = (
        "",
        "[]",
        "3",
        "{",
        '{"text": 1e999}',
        '{"text":' + "[" * 3000,
        "null",
        '"\\ud800"',
        "\x00",
        '{"n": ' + "9" * 5000 + "}",
    )
    lines = [dice.choice(odd) if dice.random() < 0.4 else _object(dice) for _ in range(dice.randrange(1, 5))]
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    return (_name(dice, ".jsonl.gz"), gzip.compress(data)) if dice.random() < 0.2 else (_name(dice, ".jsonl"), data)


def _feed(dice: Random) -> Odd:
    odd = (
        "<pubDate>{x}</pubDate>", "<link>{x}</link>", "<guid isPermaLink='{x}'>{x}</guid>", "<author><name/></author>",
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'><media:rating>{x}</media:rating></media:group>",
        "<georss:where xmlns:georss='http://www.georss.org/georss'><gml:Point xmlns:gml='http://www.opengis.net/gml'>"
        "<gml:pos>{x}</gml:pos></gml:Point></georss:where>", "<enclosure length='{x}' url='{x}'/>", "<category/>",
        "<itunes:image xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' href='{x}'/>", "<source url='{x}'/>",
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[{x}]]></content:encoded>",
        "<psc:chapter xmlns:psc='http://podlove.org/simple-chapters' start='{x}'/>", "<dc:date xmlns:dc='d'>{x}</dc:date>",
        "<georss:point xmlns:georss='http://www.georss.org/georss'>{x}</georss:point>", "<title type='{x}'>{x}</title>",
        "<cc:license xmlns:cc='http://web.resource.org/cc/' rdf:resource='{x}'/>", "<thr:in-reply-to ref='{x}'/>", "&{x};",
    )  # fmt: skip
    safe = [
        x.replace("<", "&lt;").replace("'", "&apos;")
        for x in (*HOSTILE, *DAYS, *NUMBERS, "http://[::1", "99999999999999999999")
    ]
    items = []
    for _ in range(dice.randrange(1, 4)):
        extra = "".join(dice.choice(odd).format(x=dice.choice(safe)) for _ in range(dice.randrange(4)))
        body = tell(dice).replace("&", "&amp;").replace("<", "&lt;")
        items.append(f"<item>{extra}<description>{body * 2}</description></item>")
    start = dice.choice(
        ('<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-99'?>", "", "<!DOCTYPE x [<!ENTITY a 'b'>]>")
    )
    whole = f"{start}<rss version='{dice.choice(('2.0', '0.9', 'x'))}'><channel><title>{dice.choice(safe)}</title>{''.join(items)}"
    return _name(dice, dice.choice((".rss", ".xml", ".atom"))), encode(
        dice, whole + dice.choice(("</channel></rss>", ""))
    )


def _html(dice: Random) -> Odd:
    paragraphs = "".join(f"<p>{p}</p>" for p in tell(dice, 5).split("\n\n"))
    many = dice.choice((10, 300, 3000))
    odd = dice.choice(
        (
            "<div>" * many, "<p " + " ".join(f"a{n}='{n}'" for n in range(many)) + ">", "<table><tr>" * (many // 10),
            "<script type='application/ld+json'>" + json.dumps({"datePublished": dice.choice(DAYS), "author": _value(dice), "headline": _value(dice)}) + "</script>",
            f"<meta property='article:published_time' content='{dice.choice(DAYS)}'>", "<a href='http://[::1'>x</a>" * 5,
            f"<meta name='author' content='{dice.choice(PEOPLE)}'>" * many, "<base href='http://[x'>", "<svg><title>x</title></svg>",
            "<template><p>x</template>", "<![CDATA[x]]>", "<!--" + "-" * many, "<plaintext>", "<math><mi><p>", "<select>" * 50,
            f"<time datetime='{dice.choice(DAYS)}'>{dice.choice(DAYS)}</time>", "&#xD800;&#x110000;&#0;&bogus;" * 5,
            f"<title>{dice.choice(HOSTILE)}</title>" * 3, "<frameset><frame src=x>", "<p hidden>x" * many, "<li>" * many,
        )
    )  # fmt: skip
    charset = dice.choice(("utf-8", "utf-99", "x-user-defined", "utf-7", "\x00", "iso-8859-1", ""))
    whole = f"<html><head><meta charset='{charset}'>{odd if dice.random() < 0.5 else ''}</head><body><article><h1>{dice.choice(HOSTILE)}</h1>{odd}{paragraphs}"
    return _name(dice, ".html"), encode(dice, whole)


def _zip(dice: Random) -> Odd:
    file = io.BytesIO()
    names = (
        "a.txt",
        "a.txt",
        "../x.txt",
        "/etc/x.txt",
        "b\x1b.txt",
        "é.txt",
        "in.zip",
        "c.html",
        "d.jsonl",
        "sources.csv",
        "x" * 300 + ".txt",
        "con.txt",
        "f.txt.gz",
        "",
    )
    with zipfile.ZipFile(file, "w", dice.choice((0, 8, 12, 14))) as archive:
        for _ in range(dice.randrange(1, 6)):
            name = dice.choice(names)
            data = gzip.compress(b"x")[:-3] if name.endswith("gz") else tell(dice).encode("utf-8", "replace")
            if name not in archive.namelist():
                archive.writestr(name or "empty", data)
    data = file.getvalue()
    return _name(dice, ".zip"), spoil(dice, data) if dice.random() < 0.5 else data


def _tar(dice: Random) -> Odd:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=dice.choice(("w", "w:gz", "w:bz2")), errors="surrogateescape") as archive:
        for name in ("caf\udce9.txt", "b.html", "../c.txt", "d" * 200 + ".txt"):
            info = tarfile.TarInfo(name)
            data = tell(dice).encode("utf-8", "replace")
            info.size, info.type = (
                len(data),
                dice.choice((tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE)),
            )
            if info.type != tarfile.REGTYPE:
                info.size = 0
            archive.addfile(info, io.BytesIO(data))
    data = file.getvalue()
    return _name(dice, dice.choice((".tar", ".tar.gz", ".tgz"))), spoil(dice, data) if dice.random() < 0.5 else data


def _warc(dice: Random) -> Odd:
    records = b""
    for _ in range(dice.randrange(1, 4)):
        body = _html(dice)[1]
        extra = dice.choice(
            (
                b"",
                b"Content-Encoding: gzip\r\n",
                b"Content-Encoding: br\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Content-Type: text/html; charset=\xff\r\n",
            )
        )
        http = (
            b"HTTP/1.1 "
            + dice.choice((b"200 OK", b"200", b"999 \xff", b"OK"))
            + b"\r\nContent-Type: text/html\r\n"
            + extra
            + b"\r\n"
            + body
        )
        length = str(len(http) + dice.choice((0, 0, 0, -5, 7, 10**9))).encode()
        records += (
            b"WARC/1.0\r\nWARC-Type: "
            + dice.choice((b"response", b"resource", b"revisit", b"odd"))
            + b"\r\nWARC-Target-URI: http://example.invalid/\xe9\r\n"
            b"WARC-Date: "
            + dice.choice(DAYS).encode()
            + b"\r\nWARC-Record-ID: <urn:uuid:"
            + str(dice.randrange(9)).encode()
            + b">\r\n"
            b"Content-Type: application/http\r\nContent-Length: " + length + b"\r\n\r\n" + http + b"\r\n\r\n"
        )
    return (_name(dice, ".warc.gz"), gzip.compress(records)) if dice.random() < 0.4 else (_name(dice, ".warc"), records)


def _junk(dice: Random) -> Odd:
    suffix = dice.choice(
        (
            ".txt",
            ".html",
            ".zip",
            ".warc.gz",
            ".pdf",
            ".docx",
            ".mhtml",
            ".epub",
            ".rtf",
            ".eml",
            ".json",
            ".odt",
            ".mbox",
            ".har",
            ".enex",
            "",
        )
    )
    start = dice.choice(
        (
            b"",
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"{\\rtf1 ",
            b"From: a@b\r\nTo: c\r\nSubject: =?utf-8?q?=ff?=\r\n\r\n",
            b'{"log":{"entries":[{}]}}',
            b"\x1f\x8b\x08",
            b"<?xml?><nitf>",
            b"\xd0\xcf\x11\xe0",
        )
    )
    return _name(dice, suffix), start + bytes(dice.randrange(256) for _ in range(dice.randrange(1, 3000)))


MAKERS: tuple[Maker, ...] = (
    _spoilt,
    _text,
    _text,
    _long,
    _jsonl,
    _jsonl,
    _feed,
    _feed,
    _html,
    _html,
    _zip,
    _tar,
    _warc,
    _junk,
)


def make_odd(dice: Random) -> Odd:
    """Return the next odd page of ``dice``."""
    return dice.choice(MAKERS)(dice)
