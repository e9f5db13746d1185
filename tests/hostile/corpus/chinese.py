"""Trouble particular to Chinese text: rare characters, widths, numbers, dates, money."""

from typing import Final

from tests.hostile.corpus.values import Hostile, group_of

IDEOGRAPHS: Final = {
    "extension A": "㐀㐁㐂㒰㓦㕕䶵" * 6,
    "extension B": "𠀀𠮷𡃁𡿺𢛳𣎴𤭢𥝱𪛖" * 4,
    "extension C": "𪜀𪠵𪧀𫆀𫜴" * 6,
    "extension D": "𫝀𫞂𫞩𫟅𫠝" * 6,
    "extension E": "𫠠𫢸𫭟𫶧𬺡" * 6,
    "extension F": "𬺰𬽀𭀀𮀀𮯠" * 6,
    "extension G": "𰀀𰁜𰽔𰻝𱍊" * 6,
    "extension H": "𱍐𱎀𱐀𲎀𲎯" * 6,
    "extension I": "\U0002ebf0\U0002ec00\U0002ee5d" * 10,
    "most strokes": "𰻞𰻝龘靐齉爩麤灪籲" * 4,
    "compatibility": "豈更車賈滑串句龜" * 4,
    "compatibility supplement": "\U0002f800\U0002f81a\U0002f8a0\U0002fa1d" * 8,
    "compatibility that stays": "﨎﨏﨑﨓﨔﨟﨡" * 5,
    "variation sequences": "葛\U000e0100葛\U000e0101辻\U000e0100" * 8,
    "description sequences": "⿰亻言⿱艹化⿺辶首⿴囗玉" * 5,
    "description nested": "⿰" * 60 + "专" * 61,
    "strokes": "㇀㇁㇂㇃㇄㇅㇆㇇㇈㇉" * 5,
    "traditional": "專利導航與侵權風險排查服務需求" * 3,
    "both at once": "专利專利导航導航风险風險侵权侵權" * 3,
    "japanese forms": "特許調査・権利化・実用新案の侵害予防" * 3,
    "korean forms": "特許 侵害 危險 調査 用役 要請" * 4,
    "vietnamese": "𡨸喃𢪏𬖉專利" * 8,
    "iteration marks": "々〻ゝゞヽヾ〃仝" * 8,
    "characters for names": "喆堃燚昊垚淼犇骉鑫" * 5,
    "tangut": "𗀀𗀁𗀂𘀀" * 14,
    "nushu": "𛅰𛅱𛅲𛅳" * 14,
    "bopomofo": "ㄓㄨㄢ ㄌㄧˋ ㄉㄠˇ ㄏㄤˊ" * 4,
    "one character a thousand times": "专" * 2_000,
    "commonest character": "的" * 2_000,
    "two characters alternating": "专利" * 1_000,
    "no mark in two thousand": "芯片封装互连栅极驱动专利侵权风险排查" * 111,
}
WIDTH: Final = {
    "all full width": "［需求］：１００％　ＦＴＯ；《专利法》＃１１＠ａ．ｃｏｍ",
    "all half width": "[需求]:100%FTO;<专利法>#11@a.com",
    "full-width quote": "＇；ＤＲＯＰ　ＴＡＢＬＥ　ｄｅｍａｎｄ；－－　专利导航",
    "full-width markup": "＜ｓｃｒｉｐｔ＞ａｌｅｒｔ（１）＜／ｓｃｒｉｐｔ＞专利导航",
    "full-width formula": "＝ｃｍｄ｜＇／Ｃ　ｃａｌｃ＇！Ａ１　专利导航",
    "full-width path": "．．／．．／ｅｔｃ／ｐａｓｓｗｄ　专利导航",
    "half-width marks": "｡｢｣､･ﾞﾟ专利导航需求",
    "punctuation only": "，。、；：？！“”‘’（）《》〈〉【】—…·" * 4,
    "sentences of nothing": "。" * 500,
    "one-character sentences": "专。利。导。航。" * 120,
    "list marks": "1、2、3、4、5、6、7、8、9、10、" * 12,
    "enumeration in circles": "①专利②导航③需求④风险⑤预警" * 6,
    "chinese brackets never closed": "（【《「『〔" * 30,
    "joined by dots": "专·利·导·航·需·求·" * 20,
    "ellipsis": "……" * 200,
}
AMOUNTS: Final = {
    "beyond every number": "专利导航项目，预算99999999999999999999999万元，三个月内完成。",
    "scientific": "专利导航项目，预算1e308万元，工期1e10天。",
    "negative": "专利导航项目，预算-5万元至-3万元，负三个月内完成。",
    "zero": "专利导航项目，预算０万元，0天内完成，团队0人。",
    "upside down": "专利导航项目，预算五十万至三十万元，九十天到三十天。",
    "three ends": "专利导航项目，预算30-50-70万元，3-6-9个月。",
    "capital numerals": "专利导航项目，预算壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分整。",
    "piled units": "专利导航项目，预算一亿亿亿亿万万元，一百年百年。",
    "many commas": "专利导航项目，预算1,2,3,4,5,6,7,8,9,0万元。",
    "no digits between": "专利导航项目，预算万元，个月内完成，不少于人。",
    "fraction": "专利导航项目，预算1/3万元，二分之一个月。",
    "percent": "专利导航项目，预算100%％‰万元。",
    "other currencies": "专利导航项目，预算€5万，£3万，¥￥￥8万，₿1，فلس 3。",
    "twenty amounts": "专利导航，" + "预算10万元，" * 20,
    "nine thousand digits": "专利导航，预算" + "9" * 1_500 + "万元。",
    "decimal of many places": "专利导航，预算0." + "0" * 1_000 + "1万元。",
    "huge head count": "专利导航，团队不少于999999999999人，3年以上经验不少于-1人。",
    "mixed digits": "专利导航，预算１٢三肆５万元，㊄个月。",
}
TIMES: Final = {
    "no such day": "专利导航项目，二〇二五年十三月四十五日前完成，2月30日提交。",
    "year zero": "专利导航项目，0000年00月00日前完成。",
    "far future": "专利导航项目，9999年12月31日前完成，99999年交付。",
    "before our era": "专利导航项目，公元前221年开始，民国一百年结束。",
    "lunar": "专利导航项目，农历闰六月三十，除夕前完成。",
    "leap day": "专利导航项目，2025年2月29日前完成。",
    "endless duration": "专利导航项目，999999999999999天内完成。",
    "relative": "专利导航项目，前天、大后天、上上个月底之前完成。",
    "era name": "专利导航项目，令和七年㋿七年完成。",
    "stems and branches": "专利导航项目，乙巳年仲冬完成。",
}
PLACES: Final = {
    "unknown place": "专利导航，位于不存在省虚构市没有区。",
    "every level": "中华人民共和国江苏省苏州市工业园区金鸡湖街道某社区某路某号" * 3,
    "place within a word": "上海证券北京烤鸭重庆火锅武汉热干面天津包子专利导航",
    "former names": "直隶省奉天府察哈尔热河西康专利导航",
    "many places": "北京上海天津重庆河北山西辽宁吉林黑龙江江苏浙江安徽" * 4,
    "negated place": "不在江苏省也不去北京市更不考虑上海市的专利导航",
}
PERSONAL: Final = {
    "phone": "联系人电话13800138000，座机 0512-88888888，专利导航需求",
    "phone in full width": "电话１３８００１３８０００，专利导航需求",
    "phone with zero width": "电话138\u200b0013\u200b8000，专利导航需求",
    "id number": "身份证11010519491231002X，专利导航需求",
    "mail": "邮箱 somebody@example.com，专利导航需求",
    "credit code": "统一社会信用代码91320500MA1X000000，专利导航需求",
}

CHINESE: Final[tuple[Hostile, ...]] = tuple(
    entry
    for group, values in {
        "ideograph": IDEOGRAPHS,
        "width": WIDTH,
        "amount": AMOUNTS,
        "time-words": TIMES,
        "place": PLACES,
        "personal": PERSONAL,
    }.items()
    for entry in group_of(group, values)
)
