"""XML: what stands between the tags, and nothing that grows or comes from elsewhere."""

from datetime import date

from tests.documents.extraction.reading import read, shown


def test_a_feed_is_its_entries_without_tags() -> None:
    found = read(
        '<?xml version="1.0"?><rss><channel><title>Cranes</title><pubDate>Mon, 01 May 2017 10:00:00'
        " GMT</pubDate><item><title>Crane &amp;amp; news</title><description>&lt;p&gt;Cranes "
        "&amp;amp; storks&lt;/p&gt;</description><content:encoded xmlns:content='c'><![CDATA[<p>"
        "Cranes &amp; storks</p><ul><li>came</ul>]]></content:encoded></item></channel></rss>",
        "a.xml",
    )
    assert (found.title, found.content_date) == ("Cranes", date(2017, 5, 1))
    assert shown(found)[2:] == [
        ("heading", "Crane & news"),
        ("paragraph", "Cranes & storks"),
        ("list_item", "came"),
    ]


def test_an_atom_feed_may_hold_pages() -> None:
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Cranes</title><entry><title>One</title>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>They <b>came</b>.</p>'
        "</div></content></entry></feed>",
        "a.atom",
    )
    assert shown(found)[-1] == ("paragraph", "They came.")


def test_texts_and_records_are_told_apart() -> None:
    found = read(
        "<book><title>Birds</title><para>The <e>great</e> tit.</para><bird><name>Jay</name>"
        "<size>34</size></bird><section><title>Calls</title>Loud<para>Tea</para></section></book>",
        "a.xml",
    )
    assert shown(found) == [
        ("heading", "Birds"),
        ("paragraph", "The great tit."),
        ("paragraph", "name: Jay\nsize: 34"),
        ("heading", "Calls"),
        ("paragraph", "Loud"),
        ("paragraph", "Tea"),
    ]


def test_entities_are_spelt_and_bombs_and_files_are_not() -> None:
    assert read("<?xml version='1.0'?><a>R&amp;D caf&eacute;</a>", "a.xml").text == "R&D café"
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{lol}]><a>Tit &l9; jay</a>'
    assert len(read(bomb, "a.xml").text) < 10_000
    secret = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>Tit &x; jay</a>'
    assert "root:" not in read(secret, "a.xml").text


def test_what_is_broken_is_read_all_the_same() -> None:
    found = read("<?xml version='1.0'?><a><b>Tit</b><c>jay & crow", "a.xml")
    assert found.text == "b: Tit\nc: jay crow"
