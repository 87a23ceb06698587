"""Web pages: all that a page shows, nothing of how it is written."""

from datetime import date

import pytest

from tests.documents.extraction.reading import read, rows, shown


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<div>One</div><p>Two</p><div>Three</div>", ["One", "Two", "Three"]),
        ("<h1>Tit</h1>Bare<br>text<span> and </span><center>more</center>",
         ["Tit", "Bare\ntext and", "more"]),
        ("One<br><br>Two<hr>Three", ["One", "Two", "Three"]),
        ("<table><tr><td><table><tr><td>Once<br><br>Only</td></tr></table></td></tr></table>",
         ["Once", "Only"]),
        ("<dl><dt>Tit</dt><dd>A bird</dd></dl>", ["Tit", "A bird"]),
        ("<details><summary>More</summary>Less</details><my-card>Own</my-card>",
         ["More", "Less", "Own"]),
        ("<p>An <b>unclosed <i>tag</p><p>goes on", ["An unclosed tag", "goes on"]),
    ],
)  # fmt: skip
def test_no_text_is_lost_wherever_it_stands(body: str, blocks: list[str]) -> None:
    assert [text for _, text in shown(read(page(body), "a.html"))] == blocks


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<b>s</b>tratosphere", "stratosphere"),
        ("<div class=dropcap>T</div><p>he sea</p>", "The sea"),
        ("<p><span class='drop-cap'>S</span>\n tratosphere</p>", "Stratosphere"),
        ("<p><img alt=S src=s.png>tratosphere</p>", "Stratosphere"),
        ("para&shy;chute, micro<wbr>scope, Text<wbr>Builder",
         "parachute, microscope, TextBuilder"),
        ("H<sub>2</sub>O, 10<sup>3</sup>, said<sup><a href='#n1'>1</a></sup>", "H2O, 103, said 1"),
        ("<span>godwits</span>Bare curlews", "godwits Bare curlews"),
        ("<code><i>get</i>Name</code>", "getName"),
        ("<a href=/a>Home</a><a href=/b>shop</a>", "Home shop"),
        ("caf&eacute;&nbsp;noir &amp; R&D 5 &lt; 6", "café noir & R&D 5 < 6"),
    ],
)  # fmt: skip
def test_words_are_whole_and_apart(body: str, text: str) -> None:
    assert read(page(body), "a.html").text == text


def test_addresses_are_marks_and_data_is_nowhere() -> None:
    found = read(
        page(
            '<h2>Tits <a class="headerlink" href="#tits">¶</a></h2>'
            '<p>The <a href="https://a.example/x?utm=y">guide <b>to tits</b></a>, '
            '<img src="data:image/png;base64,AAAA" alt="a tit"> and <a href="javascript:x()">more'
            "</a></p><img alt='Two jays' src=https://b.example/jay.jpg><img src=c.png>"
        ),
        "a.html",
    )
    assert shown(found) == [
        ("heading", "Tits"),
        ("paragraph", "The guide to tits, a tit and more"),
        ("image", "Two jays"),
    ]
    marks = [(m.kind, found.text[m.start : m.end], m.target) for m in found.marks]
    address = "https://a.example/x?utm=y"
    assert marks == [
        ("link", "guide ", address), ("link", "to tits", address), ("bold", "to tits", ""),
    ]  # fmt: skip


def test_scripts_styles_and_comments_are_no_text() -> None:
    body = "<script>x</script><style>y</style><!-- z --><template>w</template><p>Tit</p>"
    assert read(page(body), "a.html").text == "Tit"


def test_what_stands_in_for_scripts_is_text_only_if_it_is_the_page() -> None:
    request = "<noscript>Allow scripts.</noscript>"
    assert read(page(f"{request}<p>Tit"), "a.html").text == "Tit"
    whole = f"<noscript><div></noscript><p>{'The tit calls. ' * 30}</p></div>"
    assert "The tit calls." in read(page(whole), "a.html").text


def test_lists_have_levels_and_labels() -> None:
    found = read(
        page("<ol start=3><li>Tit<ul><li>Marsh</li></ul>again</li><li><p>Jay</p><p>Two</p></ol>"),
        "a.html",
    )
    assert [(b.kind, b.level, b.label) for b in found.blocks] == [
        ("list_item", 0, "3."), ("list_item", 1, "•"), ("list_item", 0, ""),
        ("list_item", 0, "4."), ("list_item", 0, ""),
    ]  # fmt: skip
    assert found.text == "Tit\nMarsh\nagain\nJay\nTwo"


def test_quotes_captions_code_and_notes_are_known() -> None:
    found = read(
        page(
            "<blockquote><p>Said</p></blockquote><figure><figcaption>A tit</figcaption></figure>"
            "<pre class='language-python'><code>if tit:\n    call()</code></pre>"
            "<aside role=doc-footnote>Or not.</aside>"
        ),
        "a.html",
    )
    assert shown(found) == [
        ("quote", "Said"),
        ("caption", "A tit"),
        ("code", "if tit:\n    call()"),
        ("note", "Or not."),
    ]
    assert found.blocks[2].label == "python"


def test_a_table_has_rows_and_headers_and_each_cell_once() -> None:
    found = read(
        page(
            "<table><caption>Pairs</caption><tr><th>Year<th>Tits<th>Jays</tr>"
            "<tr><td rowspan=2>2019<td colspan=2><b>few</b> <a href=/x>pairs</a></tr>"
            "<tr><td>4<p>5</p><td>6</table>"
        ),
        "a.html",
    )
    assert shown(found)[0] == ("caption", "Pairs")
    assert rows(found, 1) == [["Year", "Tits", "Jays"], ["2019", "few pairs"], ["4 5", "6"]]
    assert [c.column for c in found.blocks[1].cells] == [0, 1, 2, 0, 1, 1, 2]
    assert [c.is_header for c in found.blocks[1].cells] == [True] * 3 + [False] * 4
    assert [found.text[m.start : m.end] for m in found.marks] == ["few", "pairs"]


def test_a_table_that_only_places_things_is_no_table() -> None:
    found = read(
        page("<table><tr><td><h2>Tits</h2>They call.</td><td><ul><li>Jay</ul></td></tr></table>"),
        "a.html",
    )
    assert shown(found) == [("heading", "Tits"), ("paragraph", "They call."), ("list_item", "Jay")]


def test_what_frames_a_page_is_known_as_such() -> None:
    text = "The tit calls in the morning, and the jay does not. " * 9
    found = read(
        page(
            "<header><a href=/>Birds</a></header><nav><ul><li><a href=/a>Home</a></ul></nav>"
            "<div class='breadcrumb'><a href=/>All birds</a> <a href=/x>Tits</a> <a href=/y>Great"
            "</a></div><main><header><h1>Tits</h1></header>"
            f"<p>{text}</p><footer>Written in May</footer></main>"
            "<div id='cookie-banner'>We use cookies. <button>Accept</button></div>"
            "<footer>Imprint</footer>"
        ),
        "a.html",
    )
    assert shown(found) == [
        ("header", "Birds"),
        ("navigation", "Home"),
        ("navigation", "All birds Tits Great"),
        ("heading", "Tits"),
        ("paragraph", text.strip()),
        ("paragraph", "Written in May"),
        ("navigation", "We use cookies. Accept"),
        ("footer", "Imprint"),
    ]


def test_a_subject_is_not_taken_for_its_frame() -> None:
    menu = "<div class=menu><p>Soup of the day</p><p>Fish with potatoes</p></div>"
    cookies = "<div class=consent><h1>Cookies</h1><p>How to bake cookies without butter.</p></div>"
    related = "".join(f"<a href=/{n}>{'More about tits ' * 9}</a>" for n in range(9))
    beside = f"<div class=l-sidebar><p>{'The tit calls. ' * 30}</p>{related}</div>"
    footer = f"<footer>{'A long story. ' * 300}</footer>"
    kinds = {block.kind for block in read(page(menu + cookies + beside + footer), "a.html").blocks}
    assert kinds == {"paragraph", "heading"}


def test_a_page_of_links_has_them_as_its_subject() -> None:
    links = "".join(f"<li><a href=/{n}>Chapter {n}</a>" for n in range(9))
    found = read(page(f"<nav><ul>{links}</ul></nav>"), "a.html")
    assert {block.kind for block in found.blocks} == {"paragraph"}


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        "style='display: none'",
        "style='color:red; visibility:hidden'",
        "style='font-size:0'",
        "style='position:absolute; left:-9999px'",
        "style='color:#fff'",
        "style='background: white; color: #FFFFFF'",
    ],
)
def test_hidden_text_is_kept_apart(attributes: str) -> None:
    body = f"<p>The <span {attributes}>secret </span>tit</p><div {attributes}><p>Order</p></div>"
    assert shown(read(page(body), "a.html")) == [
        ("paragraph", "The tit"),
        ("hidden", "secret"),
        ("hidden", "Order"),
    ]


def test_what_a_page_shows_on_demand_is_not_hidden() -> None:
    body = "<div class='tab-pane' style='display:none'>Tit</div><p style='color:white'>Jay</p>"
    found = read(page(body, "<style>body {background: navy}</style>"), "a.html")
    assert shown(found) == [("paragraph", "Tit"), ("paragraph", "Jay")]


def test_a_page_says_what_it_is_called_by_whom_and_when() -> None:
    head = (
        "<title>Tits of\n Bern</title><meta name=author content='Ann Bo'>"
        "<meta name=keywords content='tits, Bern'><meta name=date content=2019-04-01>"
        "<meta property='og:description' content='All tits.'>"
    )
    found = read(page("<h1>Tits</h1>", head), "a.html")
    assert (found.title, found.content_date) == ("Tits of Bern", date(2019, 4, 1))
    assert found.metadata == {
        "author": "Ann Bo", "description": "All tits.", "tags": ["tits", "Bern"],
    }  # fmt: skip
    assert read(page("<h1>Tits</h1>", "<title>Untitled Document</title>"), "a.html").title == "Tits"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_a_page_may_have_any_encoding(encoding: str) -> None:
    declared = "<meta charset=cp1252>" if encoding == "cp1252" else ""
    data = page("<p>Größe der Meise</p>", declared).encode(encoding)
    found = read(data, "a.html")
    assert (found.type, found.text) == ("html", "Größe der Meise")


def test_elements_that_are_empty_in_xml_swallow_nothing() -> None:
    found = read(
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script '
        'src="x.js"/></head><body><p><a id="top"/>Tit<br/>calls</p><div/><p>Jay</p></body></html>',
        "a.xhtml",
    )
    assert shown(found) == [("paragraph", "Tit\ncalls"), ("paragraph", "Jay")]


def test_a_deep_page_is_read_to_its_ground() -> None:
    found = read(page("<div>" * 3000 + "Tit" + "<b>" * 500 + "jay"), "a.html")
    assert found.text == "Titjay"


@pytest.mark.parametrize("charset", ["iso-8859-1", "latin1", "windows-1252", "utf-16"])
def test_signs_of_windows_are_kept_whatever_a_page_calls_its_encoding(charset: str) -> None:
    markup = page("<p>„Quitte“ 5 € café</p>", f'<meta charset="{charset}">').encode("cp1252")
    assert read(markup, "a.html").text == "„Quitte“ 5 € café"


def test_the_words_of_a_caption_are_whole_and_what_is_hidden_in_it_is_apart() -> None:
    table = "<tr><th>Port<th>Height<tr><td>Brest<td>7"
    caption = "<caption><b>T</b>ides <span hidden>Obey.</span></caption>"
    found = read(page(f"<table>{caption}{table}</table>"), "a.html")
    assert shown(found) == [
        ("caption", "Tides"), ("table", "Port\tHeight\nBrest\t7"), ("hidden", "Obey."),
    ]  # fmt: skip
    assert [mark.kind for mark in found.marks] == ["bold"]


def test_a_row_of_wide_spaces_alone_costs_no_other_row_its_marks() -> None:
    wide = "<tr><td>\u2003<b>\u2003</b><td>\u2003<b>\u2003</b>"
    table = f"<table>{wide}<tr><td>a<td><b>7</b><tr><td>b<td>8</table>"
    found = read(page(table), "a.html")
    assert [(m.kind, found.text[m.start : m.end]) for m in found.marks] == [("bold", "7")]
    assert read(page(f"<table>{wide}{wide}</table>Tit"), "a.html").text == "Tit"


def test_a_letter_that_no_block_follows_is_kept() -> None:
    assert read(page("<p>Tit</p><p><span class=dropcap>A</span></p>"), "a.html").text == "Tit\n\nA"
    assert read(page("<p><img alt='*'>tits call</p>"), "a.html").text == "*\n\ntits call"
