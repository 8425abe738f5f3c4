"""English words of quantity."""

from .lexicon import Lexicon, phrases, words

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {
    **{word: value for value, word in enumerate(_ONES.split(), start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), start=2)},
}
SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "dozens": 12, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9, "trillions": 10**12,
    "k": 10**3, "mln": 10**6, "mn": 10**6, "bn": 10**9, "bln": 10**9, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
# Crowd Counting Consortium, codebook: dozens from 24, hundreds from 200, thousands from 2,000. Tens by the same rule.
VAGUE = {
    "tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2 * 10**6,
    "billions": 2 * 10**9,
}  # fmt: skip

UNITS = words(
    "people persons protesters protestors demonstrators marchers participants attendees supporters activists"
    " voters residents citizens inhabitants men women children girls boys students pupils teachers workers"
    " employees doctors nurses patients soldiers troops officers policemen police journalists reporters"
    " migrants refugees prisoners detainees families households victims deaths casualties injuries cases"
    " arrests detentions tests vaccinations doses vaccines visitors viewers views users followers subscribers"
    " accounts posts comments likes shares tweets bots votes signatures ballots seats schools hospitals houses"
    " homes buildings apartments villages cities towns countries regions cars vehicles buses trucks trains"
    " planes aircraft tanks drones missiles rockets weapons guns trees animals cows sheep horses birds fish"
    " jobs companies firms businesses factories farms dollars euros pounds roubles rubles tenge yuan yen usd"
    " eur gbp kzt rub dollar cents tonnes tons kilograms kilogrammes kilos kg grams km kilometres kilometers"
    " metres meters miles feet hectares acres litres liters barrels megawatts gigawatts mw gw kwh degrees"
    " years months weeks days hours minutes seconds decades centuries times spectators fans passengers guests"
    " mourners rioters fighters civilians militants rebels strikers miners drivers pensioners farmers"
    " immigrants adults teenagers kids babies infants pages books copies attacks crimes murders incidents"
    " fires accidents earthquakes laws complaints requests applications megabytes gigabytes"
)

ENGLISH = Lexicon(
    language="en",
    decimal_comma=False,
    cardinals=CARDINALS,
    hundred=words("hundred"),
    scales=SCALES,
    alone=words("dozen thousand million billion trillion"),
    after_comparator=frozenset(),
    suffixes={"k": 10**3, "mln": 10**6, "mn": 10**6, "bn": 10**9, "bln": 10**9},
    vague=VAGUE,
    several=frozenset([("several",), ("many",)]),
    few=frozenset([("a", "few"), ("few",)]),
    couple=frozenset([("a", "couple", "of"), ("a", "couple"), ("couple", "of")]),
    before=phrases(
        {
            "at_least": "at least;no fewer than;no less than;not fewer than;not less than;a minimum of;"
            "minimum of;≥;upwards of;at minimum",
            "more_than": "more than;over;above;in excess of;well over;greater than;exceeding;>",
            "at_most": "at most;no more than;not more than;up to;a maximum of;maximum of;≤;as many as;as much as",
            "less_than": "less than;fewer than;under;below;<",
            "about": "about;around;approximately;roughly;some;nearly;almost;close to;circa;~;≈;an estimated;estimated;"
            "an average of;just over;just under;a total of about;approx;approx.",
        }
    ),
    after=phrases(
        {
            "at_least": "or more;and more;or so more;and up;plus",
            "at_most": "or less;or fewer;at most",
            "about": "or so;or thereabouts;approximately;odd",
        }
    ),
    range_openers={("between",): words("and"), ("from",): words("to"), ("anywhere", "from"): words("to")},
    halves={("half", "a"): "0.5", ("one", "and", "a", "half"): "1.5", ("a", "quarter", "of", "a"): "0.25"},
    and_a_half=frozenset([("and", "a", "half"), ("and", "half", "a")]),
    per_cent=frozenset([("%",), ("percent",), ("per", "cent"), ("pct",)]),
    units=UNITS,
    unit_stems=(),
    unit_endings=("s",),
    joiners=words("of"),
    ands=words("and"),
    articles=words("a an"),
    loose=words("the its his her their our these those"),
    between=words("to"),
    not_units=words(
        "the a an in on at by for from to with without and or but of as if when while who whom which that this"
        " these those than then there here is was were are be been being am has have had do does did will would"
        " can could may might must shall should not no nor so too also only just yes us his hers its ours theirs"
        " yours said says told tells claims claimed took takes died dies killed kills came comes went goes got"
        " gets marched marches gathered gathers attended attends shows means makes needs wants looks seems becomes"
        " remains plus minus per percentage points across versus against during before after since until about"
        " around over under between among always perhaps sometimes besides towards afterwards class news less"
        " unless"
    ),
    not_after=words(
        "no nos number numbers article articles section sections chapter page pages paragraph clause version v"
        " room flat apartment house building block route highway road flight bus channel level grade class year"
        " psalm verse line part season episode volume vol issue issues fig figure table type group boeing airbus"
        " windows iphone ipad android galaxy python java apollo sputnik soyuz formula top phone tel telephone fax"
        " call dial id iin bin code zip postcode index isbn pin aged age ages per every each step stage phase day"
        " lesson unit gate platform terminal model series size scene track resolution decree order law rule"
        " protocol question item point agenda area district zone school hospital war lot box bullet calibre"
        " caliber opus round match game test minute bible times"
    ),
    not_before=words(
        "am a.m pm p.m o'clock street st avenue ave road rd lane boulevard blvd downing th nd bc ad bce ce"
        " percentage x × run race marathon video tv resolution"
    ),
    months=words(
        "january february march april may june july august september october november december jan feb mar apr"
        " jun jul aug sep sept oct nov dec"
    ),
    year_words=("year",),
    growth=(
        "rose", "rise", "risen", "grew", "grow", "increas", "fell", "fall", "drop", "climb", "jump", "declin",
        "cut", "went", "reduc", "up", "down", "doubl", "expand", "plung", "soar", "surg", "moved", "chang",
    ),
    before_year=words(
        "in since by until till before after from during the of to early late mid and through between"
    ),
    tails=frozenset(),
    measures=(
        "tonne", "ton", "kilo", "kg", "gram", "km", "metre", "meter", "mile", "feet", "hectare", "acre", "litre",
        "liter", "barrel", "megawatt", "gigawatt", "mw", "gw", "kwh", "degree", "year", "month", "week", "day",
        "hour", "minute", "second", "decade", "centur", "time", "dollar", "euro", "pound", "rouble", "ruble",
        "tenge", "yuan", "yen", "usd", "eur", "gbp", "kzt", "rub", "cent", "megabyte", "gigabyte",
    ),
    money=(
        "dollar", "euro", "pound", "rouble", "ruble", "tenge", "yuan", "yen", "usd", "eur", "gbp", "kzt", "rub",
        "cent",
    ),
    fraction_links=words("in out"),
    names_before=words(
        "the a an in on at of about around some over under for from to by with only all these those our their his"
        " her its my and but or so if when while where that which who as nearly almost roughly approximately up"
        " estimated official officially monday tuesday wednesday thursday friday saturday sunday yesterday today"
        " tomorrow then there here they we he she it i police officials authorities media"
    ),
    weak=words(
        "over under above below up about around some nearly almost close roughly approximately circa ~ ≈ > <"
    ),
)  # fmt: skip
