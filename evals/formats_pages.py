"""Six pages of our own invention, from which ``formats_make`` makes files with real tools: text, facts, furniture.

News report, feature with captions, live blog, paywalled story, table, questions and answers. The page's furniture is
the same on all: what of it comes out in a text was not dropped.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field

OUTLET = "Norby Post"
HOST = "www.norbypost.example"
FURNITURE = (
    "Subscribe to our morning letter and never miss a tide table",
    "Most read: Seven gardens that open in June",
    "We use cookies to measure how you sail through this site",
    "Weather: light rain over the sound until noon",
    "Share this story with somebody who rows",
    "Copyright Norby Post Publishing House. Registered office: Quay Lane 4",
)


@dataclass(frozen=True)
class GoldPage:
    """One page: what a reader would call its article, and the facts that it states."""

    name: str
    title: str
    author: str
    day: str  # ISO
    shown_day: str
    body: tuple[str, ...]
    extra: tuple[str, ...] = ()  # captions, asides, table cells: in some formats the article, in some not
    markup: str = ""  # of the body, where it is not plain paragraphs
    completeness: str = "whole"
    walled: str = ""

    @property
    def url(self) -> str:
        """Where the page was published."""
        return f"https://{HOST}/{self.day.replace('-', '/')}/{self.name}"


REPORT = GoldPage(
    "lock-gate",
    "Lock gate at Norby jams and holds forty barges",
    "Ingrid Solberg",
    "2019-03-14",
    "14 March 2019",
    (
        "NORBY — Forty barges lay at anchor above the town on Thursday after the upper gate of the Norby lock jammed half open, the canal office said.",
        "The gate stuck shortly before five in the morning, when a steel cable slipped from its drum, according to Per Aas, who runs the office. “Nobody was hurt, and no boat was in the chamber,” Aas said.",
        "Divers went down twice before noon and found a beam of oak across the sill. It weighs about 1.8 tonnes and may have come loose from the old weir, the office said.",
        "The skippers’ union asked the ministry of transport for 250 euros a day for each boat that waits. A spokeswoman for the ministry, Lotte Brandt, declined to say whether the money would be paid.",
        "The lock was rebuilt in 1974. It carries 11,000 boats a year, most of them with gravel and grain for the mills at Ostmere.",
        "Aas said that he expected the first barges to pass by Saturday evening. “We will work through the night, and if the crane holds we shall be done before that,” he told reporters on the quay.",
    ),
)
FEATURE = GoldPage(
    "bell-ringers",
    "The last bell ringers of Saint Olave’s",
    "Tomas Lindgren",
    "2020-11-02",
    "2 November 2020",
    (
        "Every Sunday at ten, four people climb the ninety-six steps of the tower of Saint Olave’s, take off their coats and spit into their hands.",
        "The youngest of them, Marit Eng, is sixty-one. She began when she was nineteen, because her father rang and nobody else in the parish would.",
        "“A bell does not forgive,” says Eng. “You pull a heartbeat late, and the whole town hears that you were thinking of your lunch.”",
        "The tower holds six bells, the largest of which weighs 2.3 tonnes and was cast at Ostmere in 1788. Two have not been rung since the frost of 1985 cracked their crowns.",
        "The bishop’s office has set aside 140,000 euros for an electric striking gear, which would ring all six without a hand on a rope. It is to be fitted in the spring.",
        "Eng does not say what she thinks of it. She ties the rope of the third bell in a slow loop, hangs it on its nail, and puts her coat back on.",
    ),
    extra=("Marit Eng with the rope of the third bell. Photo: Karin Moe", "“A bell does not forgive”"),
)
LIVE = GoldPage(
    "storm-live",
    "Storm Brage reaches the coast: what we know so far",
    "Ane Dahl",
    "2021-01-18",
    "18 January 2021",
    (
        "The storm has cut off three islands and stopped all ferries between Norby and the skerries, the coast guard says.",
        "14:20",
        "The ferry company Sundlinjen says that no ship will leave before six in the evening. Passengers with a ticket may travel free of charge on Tuesday.",
        "13:05",
        "Power is back in 1,200 of 3,000 houses on the island of Trenna, says the network operator. Its engineers expect the rest to follow before midnight.",
        "11:40",
        "A roof has come down at the fish hall in Norby. The police say that two people were treated for cuts and that the hall was nearly empty at the time.",
        "09:15",
        "Gusts of 38 metres per second were measured at the lighthouse of Skarv, the meteorologist Odd Rye says. That is the highest since 2011.",
    ),
)
WALLED = GoldPage(
    "harbour-dues",
    "How the harbour lost nine million in dues",
    "Siri Holt",
    "2018-06-07",
    "7 June 2018",
    (
        "For six years the harbour of Norby sent its bills to a company that had ceased to exist, papers seen by this newspaper show.",
        "The company, Hagen Bunkers, was struck from the register in 2012. Its berth at the north mole was never empty.",
    ),
    completeness="cut",
    walled="This article is for subscribers. Subscribe to continue reading for 4 euros a month.",
)
TABLE = GoldPage(
    "bridge-tolls",
    "Council sets new tolls for the Ostmere bridge",
    "Jens Vik",
    "2022-09-30",
    "30 September 2022",
    (
        "The council voted on Friday, by 23 to 18, to raise the tolls on the Ostmere bridge for the first time in eight years.",
        "The new prices hold from the first of January. They are to bring in 3.4 million euros a year, half of which goes to the repair of the western ramp.",
        "“Nobody likes to pay more, but a bridge without paint does not grow old,” said the council’s treasurer, Nina Falk.",
        "The haulage association said that it would go to court. Its chairman, Rolf Berg, called the vote a tax on bread.",
    ),
    extra=("Car", "3.50 euros", "Lorry", "14 euros", "Motorcycle", "2 euros"),
)
ANSWERS = GoldPage(
    "water-answers",
    "Is the tap water safe? Your questions answered",
    "Eva Strand",
    "2023-04-21",
    "21 April 2023",
    (
        "Traces of a solvent were found in two wells north of Norby this week. Here is what the waterworks and the county doctor say.",
        "Can I drink the water?",
        "Yes, says the county doctor, Hanna Ruud. The two wells were closed on Tuesday, and the other eleven were tested twice without a finding.",
        "Where did the solvent come from?",
        "Nobody knows yet. The waterworks believes that it leaked from a laundry that closed in 1993, and has sent samples to a laboratory at Ostmere.",
        "What does it cost?",
        "The waterworks puts the cost of new filters at 600,000 euros. A household of four would pay about nine euros more a year, said its director, Bo Nilsen.",
    ),
)
PAGES = (REPORT, FEATURE, LIVE, WALLED, TABLE, ANSWERS)


@dataclass
class Shape:
    """How a page is written as HTML: with furniture, with styles, with a script's frames."""

    furniture: bool = True
    style: str = ""
    head: str = ""
    extra_class: str = field(default="story")


def write_body(page: GoldPage) -> str:
    """Return the article's own markup."""
    parts = []
    for number, text in enumerate(page.body):
        shown = html.escape(text, quote=False)
        if page is LIVE and ":" in text[:3] and len(text) == 5:
            parts.append(f'<h3><time datetime="{page.day}T{text}:00+01:00">{text}</time></h3>')
        elif page is ANSWERS and text.endswith("?"):
            parts.append(f"<h2>{shown}</h2>")
        else:
            cap = ' class="first"' if not number and page is FEATURE else ""
            parts.append(f"<p{cap}>{shown}</p>")
        if page is FEATURE and number == 1:
            parts.append(f'<figure><img src="tower.png" alt=""><figcaption>{page.extra[0]}</figcaption></figure>')
        if page is FEATURE and number == 3:
            parts.append(f'<aside class="pullquote">{page.extra[1]}</aside>')
    if page is TABLE:
        rows = zip(page.extra[::2], page.extra[1::2], strict=True)
        cells = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)
        parts.insert(2, f"<table>{cells}</table>")
    if page.walled:
        parts.append(f'<div class="paywall"><p>{page.walled}</p></div>')
    return "\n".join(parts)


def write_page(page: GoldPage, shape: Shape | None = None) -> str:
    """Return the page as its outlet would send it."""
    shape = shape or Shape()
    f = [f"<p>{text}</p>" for text in FURNITURE] if shape.furniture else [""] * 6
    menu = "".join(f'<li><a href="/{n.lower()}">{n}</a></li>' for n in ("News", "Sport", "Sea", "Opinion", "Letters"))
    top = (
        f'<header><nav><ul>{menu}</ul></nav>{f[3]}</header><div class="cookie-banner">{f[2]}</div>'
        if shape.furniture
        else ""
    )
    side = f'<div class="sidebar">{f[0]}{f[1]}</div><div class="share">{f[4]}</div>' if shape.furniture else ""
    foot = f"<footer>{f[5]}</footer>" if shape.furniture else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(page.title)} | {OUTLET}</title>
<meta property="og:site_name" content="{OUTLET}"><meta property="og:title" content="{html.escape(page.title)}">
<meta property="article:published_time" content="{page.day}T06:00:00+01:00"><meta name="author" content="{page.author}">
<link rel="canonical" href="{page.url}">{shape.head}<style>{shape.style}</style></head><body>
{top}
<main><article class="{shape.extra_class}"><h1>{html.escape(page.title, quote=False)}</h1>
<p class="byline">By {page.author}</p><p class="date">{page.shown_day}</p>
<div class="story-body">
{write_body(page)}
</div></article></main>
{side}{foot}
</body></html>
"""
