"""The documents that the browser tests look for: the papers of a small harbour."""

from pathlib import Path

from fpdf import FPDF

from tests.live import LiveStack

TIDES = """# Tides in the outer basin

Twice a day the water in the outer basin rises and falls by about four metres. The spring tide
follows the new and the full moon by a day or two, when sun and moon pull together.

## Reading the tide table

The harbour office prints a tide table every quarter. Times are given in local time, heights in
metres above chart datum. Add half a metre when the wind has blown from the north for a day.

## Entering at low water

Vessels that draw more than two metres wait at the outer buoys until two hours after low water.
The pilot calls them in on channel twelve, one after the other.

## Storm surge

When a storm surge is announced, the gates of the inner basin close at a water level of six metres.
Nobody leaves or enters while the red lights burn.
"""
LIGHTHOUSE = """# The lighthouse

The lamp on the northern mole was lit in 1874 and burned paraffin until 1921. Its lens, ground in
Paris, bundles the light so that it is seen from eighteen miles away.

## Keepers

Three keepers shared the watch: one slept, one tended the lamp, one wrote the log of passing ships.
"""
FISH = """<!doctype html><title>The fish market</title><h1>The fish market</h1>
<p>The auction begins at five in the morning. Herring, plaice and brown shrimp are sold by the
crate, and whoever buys pays before the crate leaves the hall.</p>
<h2>Ice</h2><p>Crushed ice is free for every boat that lands its catch before dawn.</p>"""
FERRY = "line,departs,arrives\nIsland ferry,07:30,08:25\nNight boat,23:15,06:40\n"
DUES = [
    "Harbour dues for the year. Vessels pay by length and by day. Whoever stays longer than a "
    "week pays two thirds of the daily rate from the eighth day on. "
    + " ".join(f"A vessel of {n} metres pays {2 * n} crowns a day." for n in range(6, 46)),
    "Exemptions. Lifeboats, training ships and vessels that seek shelter from a storm pay no "
    "harbour dues. The harbour master decides in cases of doubt.",
    " ".join(f"Berth {n} has room for {n % 7 + 2} boats at most." for n in range(1, 61))
    + " An abandoned wreck is raised at the cost of its last owner.",
]
NOTES = [
    ("Mooring lines", "Lines are doubled at the quay when a gale warning is given. Chafing gear "
     "belongs wherever a line runs over stone."),
    ("Pilot service", "A pilot is compulsory for vessels longer than sixty metres. Order one six "
     "hours ahead by radio or telephone."),
    ("Waste and oil", "Used oil goes into the green tank beside the crane. Pouring anything into "
     "the basin costs a fine of five hundred crowns."),
    ("Winter storage", "Yachts are lifted out in October and stand in the sail loft until April. "
     "Batteries and gas bottles are taken ashore before."),
    # An address that is wider than a phone.
    ("Night watch", "The night watch walks the quays every two hours and notes which lamps fail at "
     "harbour.example/night_watch_and_lamps_and_buoys_of_the_northern_and_southern_mole."),
    ("Customs", "Goods from overseas are declared at the customs house before they leave."),
    ("Dredging", "The fairway is dredged each spring, since silt settles where the river meets "
     "the tide."),
    ("Fog signals", "In fog the horn on the mole sounds one long blast every minute."),
]  # fmt: skip


def write(folder: Path) -> None:
    """The files, in five formats."""
    (folder / "Tides.md").write_text(TIDES)
    (folder / "Lighthouse.md").write_text(LIGHTHOUSE)
    (folder / "Fish market.html").write_text(FISH)
    (folder / "Timetable.csv").write_text(FERRY)
    for title, text in NOTES:
        (folder / f"{title}.txt").write_text(f"{title}\n\n{text}\n")
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    pdf.set_title("Harbour dues")
    for page in DUES:
        pdf.add_page()
        pdf.multi_cell(0, 8, page)
    pdf.output(str(folder / "Harbour dues.pdf"))


def fill(stack: LiveStack, folder: Path) -> None:
    """Put them into the public collection `harbour` and wait until they can be found."""
    write(folder)
    for name, visibility in (("Harbour", "public"), ("Letters", "internal")):
        stack.query(
            "INSERT INTO documents_collection"
            " (name, slug, language, visibility, internal_role, facet_fields, created_at)"
            " VALUES (%s, %s, 'en', %s, 'contributor', '{}', now()) RETURNING id",
            name, name.lower(), visibility,
        )  # fmt: skip
    stack.manage("ingest", str(folder), "--collection", "harbour")
    stack.wait_until_indexed(120)
    throw_away(stack)


def throw_away(stack: LiveStack) -> None:
    """One document that nobody finds but in the trash; its collection has a member."""
    stack.query(
        "INSERT INTO documents_document (id, collection_id, external_id, title, source, filename,"
        " content_hash, content_type, type, size, language, metadata, state, error_code,"
        " error_params, attempts, passages_done, passages_total, version, created_at, updated_at,"
        " queued_at, deleted_at, deleted_by_id)"
        " SELECT gen_random_uuid(), c.id, 'old', 'Old rules for the slipway', '', 'Rules.txt', '',"
        " '', 'txt', 2048, 'en', '{}', 'indexed', '', '{}', 0, 0, 0, 0, now(), now(), now(), now(),"
        " u.id FROM documents_collection c, auth_user u"
        " WHERE c.slug = 'letters' AND u.username = %s RETURNING id",
        stack.username,
    )
    stack.query(
        "INSERT INTO documents_collectionmember (collection_id, user_id, role)"
        " SELECT c.id, u.id, 'owner' FROM documents_collection c, auth_user u"
        " WHERE c.slug = 'letters' AND u.username = %s RETURNING id",
        stack.username,
    )
