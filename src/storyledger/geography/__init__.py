"""Where places are: an index of their names, the places of a story on it, and the countries' outlines.

Data: GeoNames (geonames.org, CC BY 4.0) and Natural Earth (public domain), made by ``train.places``; nothing is asked
of a network.
"""

from storyledger.geography.gazetteer import Spot, find_spots
from storyledger.geography.locate import Located, Whereabouts, locate_story
from storyledger.geography.outlines import Outline, find_middle, list_outlines

__all__ = [
    "Located",
    "Outline",
    "Spot",
    "Whereabouts",
    "find_middle",
    "find_spots",
    "list_outlines",
    "locate_story",
]
