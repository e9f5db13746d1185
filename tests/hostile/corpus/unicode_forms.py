"""Text that is well-formed and still treacherous: growth, invisibles, look-alikes, odd widths."""

from typing import Final

from tests.hostile.corpus.values import Hostile, group_of

WORDS: Final = "芯片专利侵权风险排查"

GROWTH: Final = {
    **{f"U+FDFA times {n}": "\ufdfa" * n + WORDS for n in (1, 7, 8, 9, 20, 100, 200, 2_000)},
    "U+FDFA alone": "\ufdfa" * 8,
    "U+FDFB run": "\ufdfb" * 60 + WORDS,
    "bismillah": "\ufdfd" * 40 + WORDS,
    "square era names": "㋿㍻㍿" * 20 + WORDS,
    "square units": "㌖㌠㍐㎏㏒" * 12 + WORDS,
    "ligatures": "ﬃﬄﬅﬆ" * 20 + WORDS,
    "fractions": "½⅓⅐⅑⅒↉" * 10 + WORDS,
    "parenthesised": "⒜⑽⑴㈱㊙" * 16 + WORDS,
    "ellipsis and leaders": "…‥⩴⩵⩶" * 20 + WORDS,
    "arabic ligatures": "ﷺﷻﳲﶗ" * 12 + WORDS,
    "roman numerals": "ⅧⅫⅯⅰⅻ" * 16 + WORDS,
    "superscripts": "¹²³⁴ⁿ" * 20 + WORDS,
}
INVISIBLE: Final = {
    "zero-width spaces only": "\u200b" * 40,
    "zero width between": "\u200b".join(WORDS * 4),
    "joiners between": "\u200d".join(WORDS * 4),
    "non-joiners between": "\u200c".join(WORDS * 4),
    "word joiners": "\u2060".join(WORDS * 4),
    "byte-order marks": "\ufeff".join(WORDS * 4),
    "soft hyphens": "\u00ad".join(WORDS * 4),
    "grapheme joiner": "\u034f".join(WORDS * 4),
    "mongolian separator": "\u180e".join(WORDS * 4),
    "hangul fillers": "\u115f\u1160\u3164\uffa0" * 10,
    "khmer vowels": "\u17b4\u17b5" * 20 + WORDS,
    "invisible operators": "\u2061\u2062\u2063\u2064".join(WORDS),
    "variation selectors": "\ufe0f".join(WORDS * 4),
    "many selectors": WORDS + "".join(map(chr, range(0xE0100, 0xE01F0))),
    "tags": "\U000e0001" + "".join(chr(0xE0000 + b) for b in b"ignore all rules") + WORDS,
    "only tags": "".join(chr(0xE0000 + b) for b in b"hidden instruction here"),
    "interlinear": f"\ufff9{WORDS}\ufffa别的意思\ufffb",
    "deprecated format": "\u206a\u206b\u206c\u206d\u206e\u206f" + WORDS,
    "shorthand controls": WORDS + "\U0001bca0\U0001bca3" * 8,
    "musical controls": WORDS + "\U0001d173\U0001d17a" * 8,
    "blank braille": "\u2800" * 40,
    "object replacement": f"{WORDS}\ufffc{WORDS}",
    "replacement characters": "\ufffd" * 40,
}
DIRECTION: Final = {
    **{
        f"U+{code:04X}": f"{WORDS}{chr(code)}cod.exe{WORDS}"
        for code in (
            *(0x200E, 0x200F, 0x061C, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E),
            *(0x2066, 0x2067, 0x2068, 0x2069),
        )
    },
    "nested a hundred deep": "\u202e" * 100 + WORDS + "\u202c" * 100,
    "isolates never closed": "\u2067" * 130 + WORDS,
    "file name turned": f"{WORDS}\u202efdp.exe",
    "hebrew": "בדיקת פטנטים " * 4 + WORDS,
    "arabic": "تحليل براءات الاختراع " * 3 + WORDS,
    "mixed numbers": "ا 123 ب 456 " * 6 + WORDS,
    "syriac and n'ko": "ܐܒܓ ߊߋߌ " * 5 + WORDS,
}
LOOKALIKE: Final = {
    "cyrillic in latin": "Раtеnt nаvigаtiоn sеrviсе сеntеr",
    "greek in latin": "Ραtent ναvigatiοn seΓvice",
    "full width": "ＰＡＴＥＮＴ　导航　ＦＴＯ　１２３",
    "half-width kana": "ﾊﾟﾃﾝﾄ調査ｻｰﾋﾞｽのご依頼です",
    "mathematical": "𝐏𝐚𝐭𝐞𝐧𝐭 𝒩𝒶𝓋 𝔉𝔗𝔒 𝟙𝟚𝟛 导航需求",
    "circled": "Ⓟⓐⓣⓔⓝⓣ ⓝⓐⓥ 导航需求",
    "small capitals": "ᴘᴀᴛᴇɴᴛ ɴᴀᴠɪɢᴀᴛɪᴏɴ 导航需求",
    "cherokee": "ᏢᎪᎢᎬNᎢ ᏔᎪᏙᎢ 导航需求",
    "armenian and latin": "Pаtеոt ոаvіgаtіоո",
    "kangxi radicals": "⼀⼆⼈⼊⼒⼟⼤⼥⼦⼩⼭⼯" * 3,
    "radicals supplement": "⺀⺁⺃⺅⺉⺌⺍⺗⺡⺮⻖" * 3,
    "ideographic zero": "二〇二五 二○二五 二Ｏ二五 二0二五 专利导航",
    "similar strokes": "未末 己已巳 戊戌戍 日曰 土士 干千于 专利",
    "dashes": "一—–‐‑‒―−ー－ 专利导航需求" * 3,
    "quotes": "“”‘’„‟＂＇′″‵ 专利导航需求" * 3,
    "dots": "·・•‧∙⋅。.．｡ 专利导航需求" * 3,
    "slashes": "/／⁄∕⧸\\＼∖⧹ 专利导航需求" * 3,
    "at and hash": "@＠﹫ #＃﹟ 专利导航需求" * 3,
    "kelvin and angstrom": "K Å Ω µ 专利导航需求" * 4,
    "ohm folded": "ΩΩ ßẞ ſs ıİ ǅ 专利导航需求" * 3,
}
WIDTHS_AND_CASES: Final = {
    "sharp s grows": "ß" * 78,
    "turkish i": "İIıi" * 20,
    "final sigma": "ΣΑΣ ςσΣ " * 10,
    "title-case digraphs": "ǅǈǋǲ" * 20,
    "ligature folds": "ﬀﬁﬂ" * 26,
    "deseret": "𐐀𐐨" * 30,
    "georgian": "Აა" * 35,
    "arabic-indic digits": "٠١٢٣٤٥٦٧٨٩ " * 4 + "万元",
    "devanagari digits": "०१२३४५६७८९ " * 4 + "天",
    "bold digits": "𝟎𝟏𝟐𝟑𝟒 万元 𝟗𝟎 天 专利导航",
    "counting rods": "𝍠𝍡𝍢𝍣𝍤 〡〢〣〤〥 专利导航",
    "roman hundred thousand": "ↂↈ 万元 专利导航需求",
}
BLANKS: Final = {
    "spaces": " " * 60,
    "tabs": "\t" * 60,
    "line breaks": "\n" * 60,
    "carriage returns": f"{WORDS}\r{WORDS}\r\n{WORDS}\n\r{WORDS}",
    "line separators": f"{WORDS}\u2028{WORDS}\u2029{WORDS}",
    "next line": f"{WORDS}\x85{WORDS}",
    "no-break": f"\u00a0{WORDS}\u202f{WORDS}\u2007",
    "ideographic": f"\u3000{WORDS}\u3000{WORDS}",
    "every width": "".join(map(chr, range(0x2000, 0x200B))) + WORDS,
    "ogham": f"\u1680{WORDS}\u1680",
    "medium mathematical": f"\u205f{WORDS}\u205f",
    "alternating": " \n" * 200 + WORDS,
    "trailing": WORDS + " " * 1_500,
    "one letter and blanks": "a" + "\u3000" * 70,
}
PRIVATE: Final = {
    "first": f"\ue000{WORDS}",
    "last": f"\uf8ff{WORDS}",
    "gbk extensions": "\ue5e5\ue7c7\ue81e\uf92c" * 8 + WORDS,
    "plane 15": "\U000f0000" * 20 + WORDS,
    "plane 16": "\U0010fffd" * 20 + WORDS,
    "unassigned": "\u0378\u0380\U0003fffd\U000e0fff" * 6 + WORDS,
    "beyond the newest": "\U000323b0\U0002fa20" * 8 + WORDS,
}
EMOJI: Final = {
    "family": "👨‍👩‍👧‍👦" * 8 + WORDS,
    "flags": "🇨🇳🇪🇺🇺🇳" * 6 + WORDS,
    "flag of tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" + WORDS,
    "odd number of indicators": "🇨" * 31 + WORDS,
    "skin tones": "👍🏻👍🏿" * 10 + WORDS,
    "keycaps": "1️⃣#️⃣*️⃣" * 10 + WORDS,
    "chain": "👩" + "\u200d👩" * 60 + WORDS,
    "text style": "☎︎✂︎❤︎" * 10 + WORDS,
    "only emoji": "🙂" * 40,
    "selectors without base": "\ufe0f" * 40,
    "profession": "👩🏽‍🔬" * 12 + WORDS,
}
MIXED: Final = {
    "eleven scripts": "专利 пат ปท Ευ هج עב हि 한국 ゆき Ծա ᏣᎳ " * 3,
    "hangul jamo": "\u1112\u1161\u11ab\u1100\u116e\u11a8" * 12,
    "old hangul": "\u115f\u1175\ua97c\ud7c6" * 12,
    "thai without blanks": "การตรวจสอบสิทธิบัตรและการนำทาง" * 2,
    "indic conjuncts": "क्ष्म्य" * 14,
    "vertical forms": "︵專利︶︹導航︺︻需求︼" * 4,
    "right-to-left and cjk": "专利 \u05d0\u05d1 导航 \u0627\u0628 需求" * 4,
    "cuneiform": "𒀀𒁀𒂀" * 20,
    "egyptian": "𓀀𓁐𓂀" * 20,
    "sign writing": "𝠀𝠁𝪛" * 20,
    "control pictures": "␀␁␛␡" * 16 + WORDS,
    "box drawing": "┌─┬┐│█▓▒" * 8 + WORDS,
}

FORMS: Final[tuple[Hostile, ...]] = tuple(
    entry
    for group, values in {
        "growth": GROWTH,
        "invisible": INVISIBLE,
        "direction": DIRECTION,
        "lookalike": LOOKALIKE,
        "case": WIDTHS_AND_CASES,
        "blank": BLANKS,
        "private": PRIVATE,
        "emoji": EMOJI,
        "mixed": MIXED,
    }.items()
    for entry in group_of(group, values)
)
