"""The last look at a page: every finding on its own, and nothing found on a decent page."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from swp_analysis.errors import RunError
from swp_analysis.publish.checks import check_page

ROOT = Path("/srv/assessments/swp")
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def svg(text: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(text.encode()).decode()}"


DECENT = [
    f'<img src="{PIXEL}" alt="Line chart of knife crime">',
    f"<img src=\"{svg('<svg xmlns=&quot;http://www.w3.org/2000/svg&quot;/>')}\" alt='A chart of four quarters'>",
    "<table><caption>Knife crime</caption><tr><td>1</td></tr></table>",
    '<a href="https://www.ons.gov.uk">ONS</a> <a href="#knives">Knives</a> <a href="20_x.html">Next</a>',
    "<p>&lt;script&gt; and onclick=1 and url(x) as text; 16.33% (8/49) in /2016/17</p>",
    '<p style="width: 3em">x</p><style>p { background: url(data:image/png;base64,AA) }</style>',
]
REFUSED = {
    "<script>1</script>": "a <script> element",
    "<SCRIPT src=x>": "a <script> element",
    '<iframe title="x"></iframe>': "a <iframe> element",
    '<object data="x"></object>': "a <object> element",
    '<link rel="stylesheet" href="https://x.org/a.css">': "a <link> element",
    '<meta http-equiv="Refresh" content="0;url=x">': "a redirection",
    '<p onclick="x()">': "an onclick handler",
    f'<img alt="A chart" src="{PIXEL}" OnError=x>': "an onerror handler",
    '<img alt="A chart of crime" src="https://x.org/a.png">': "a src that loads something",
    '<img alt="A chart of crime" src="chart.png">': "a src that loads something",
    f'<img alt="A chart of crime" src="{PIXEL}" srcset="a.png 2x">': "a srcset that loads something",
    '<svg><use href="https://x.org/a.svg#b"/></svg>': "a href that loads something",
    "<p style=\"background: url( '//x.org/a.png')\">": "a style that loads something",
    "<style>@import 'a.css'</style>": "a style that loads something",
    '<a href=" java&#115;cript:alert(1)">x</a>': "a link that runs or opens something",
    '<a href="file:///etc/passwd">x</a>': "a link that runs or opens something",
    f'<img src="{PIXEL}">': "a picture without a description",
    f'<img src="{PIXEL}" alt=" ">': "a picture without a description",
    f'<img src="{PIXEL}" alt="No description has been provided for this image">': "a picture without a description",
    f'<img src="{PIXEL}" alt="Chart">': "a picture without a description",
    f"<img alt='A chart of crime' src='{svg('<svg><script>1</script></svg>')}'>": "a <script> element in a drawing",
    f"<img alt='A chart of crime' src='{svg('<svg><desc>/home/ann/x</desc></svg>')}'>": "an absolute path",
    "<table><tr><td>1</td></tr></table>": "a table without a caption",
    "<table><tr><td><table><caption>Inner</caption></table></td></tr></table>": "a table without a caption",
    "<table><caption>x</caption>": "a table without an end",
    "<pre>Traceback (most recent call last)</pre>": "an error report",
    "<p>/home/ann/swp</p>": "an absolute path",
    "<!-- /srv/assessments/swp/notebooks -->": "an absolute path",
    '<p title="C:\\Users\\ann">x</p>': "an absolute path",
    "<pre>&lt;Axes object at 0x7f2c1d5e8b50&gt;</pre>": "an object's memory address",
    "<h1>Another</h1>": "2 headings of the first level",
}


@pytest.mark.parametrize("html", DECENT)
def test_a_decent_page_passes(html):
    check_page(f"<h1>Title</h1>{html}", "20_x.html", ROOT)


@pytest.mark.parametrize("html", REFUSED)
def test_what_harms_is_refused_and_named(html):
    with pytest.raises(RunError) as refusal:
        check_page(f"<h1>Title</h1>{html}", "20_x.html", ROOT)
    assert str(refusal.value).startswith(f"Page 20_x.html was not published: it holds {REFUSED[html]}")


def test_many_findings_are_cut_short():
    with pytest.raises(RunError, match="; and 2 more"):
        check_page("<form><iframe><object data=x><p onclick=1><base>", "20_x.html", ROOT)
