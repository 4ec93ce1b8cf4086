"""Codes, friendly names and seat words: drawn at random, easy to read out, hard to mistake. Knows no class."""
from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Collection

LETTERS = "CFHJKMPRTWXY"  # no two look alike from the last row, none looks like a digit, and they spell no words
LENGTH = 5  # 250,000 codes
COLOURS = {"red": "#d1495b", "orange": "#d9822b", "gold": "#b8930f", "green": "#3a9a55", "teal": "#1f9aa0",
           "blue": "#3e7bd6", "violet": "#7d5fd3", "pink": "#c957a5", "brown": "#8f6a4e", "grey": "#7b8594"}
ANIMALS = ("otter", "owl", "fox", "heron", "badger", "lynx", "beaver", "falcon", "hare", "dolphin", "panda", "tiger",
           "robin", "turtle", "koala", "penguin", "zebra", "camel", "raven", "salmon", "squirrel", "moose", "gecko",
           "llama", "puffin", "walrus", "bison", "crane", "ibex", "marten")
_WORDS = """
apple arrow autumn bamboo banana basket beach bottle branch bread bridge brush bucket butter button cabin cactus candle
canyon carpet castle cedar cherry circle clay cliff clock cloud clover coat cocoa comet copper coral cotton crayon
cricket crystal curtain daisy desert diamond door dragon drum eagle earth engine feather fern field finger flag
flame flower flute forest fossil fountain garden garlic ginger glacier glass globe glove grape grass guitar hammer
harvest helmet hill honey horn island ivory jacket jungle kettle key kitchen kite ladder lake lamp lantern leaf
lemon letter lion lizard lobster magnet mango maple marble market meadow melon mirror monkey moon moss mountain
mushroom needle nest north novel number oasis ocean olive onion orange orchard oyster paddle paint palace panther paper
parrot path peach pearl pencil pepper piano picnic pillow pilot pine pirate planet plum pocket poem pond potato prairie
pumpkin puzzle queen rabbit radio rain ribbon river rocket roof rope rose ruby saddle sail salad sand school season
shadow sheep shell ship silver sketch sky snow sofa spider spoon spring square stable stamp star station stone storm
story straw street summer sugar sun swan table tea temple tent thunder ticket timber tomato tower train tree trumpet
tunnel turnip umbrella valley velvet village violin volcano wagon walnut water wave whale wheat wheel willow window
winter wolf wood yellow
"""
SEAT_WORDS = tuple(_WORDS.split())


def new_code(taken: Collection[str]) -> str:
    """Five letters that no other open class has."""
    while (code := "".join(secrets.choice(LETTERS) for _ in range(LENGTH))) in taken:
        pass
    return code


def read_code(text: str) -> str:
    """What somebody typed, as a code: capitals alone, whatever stood between them."""
    return re.sub(r"[^A-Z]", "", text[:40].upper())


def new_name(taken: Collection[tuple[str, str]]) -> tuple[str, str]:
    """A colour and an animal that nobody in the class has together; of the animals that fewest have."""
    uses = Counter(animal for _, animal in taken)
    free = [(colour, animal) for colour in COLOURS for animal in ANIMALS if (colour, animal) not in taken]
    fewest = min(uses[animal] for _, animal in free)
    return secrets.choice([name for name in free if uses[name[1]] == fewest])


def new_seat_words(taken: Collection[str]) -> str:
    """Three words, which no other seat has; 13 million of them."""
    while (words := " ".join(secrets.choice(SEAT_WORDS) for _ in range(3))) in taken:
        pass
    return words


def read_seat_words(text: str) -> str:
    """What somebody typed, as seat words: small letters, one space between two words."""
    return " ".join(re.findall(r"[a-z]+", text[:100].lower()))
