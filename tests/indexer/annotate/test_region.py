"""Regions are found where a text names them, and nowhere else."""

import pytest

from indexer.annotate.region import RegionTagger
from models.regions import RegionTable
from models.vocabulary.taxonomy import Scheme


@pytest.fixture(scope="module")
def tagger() -> RegionTagger:
    return RegionTagger(RegionTable.load())


def codes(tagger: RegionTagger, text: str) -> list[str]:
    return [tag.code for tag in tagger.find_regions(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("江苏省苏州市虎丘区的企业", "320505"),
        ("江苏苏州的企业", "320500"),
        ("江苏(苏州)的企业", "320500"),
        ("我市(合肥)拟开展专利导航", "340100"),
        ("上海市浦东新区科技局", "310115"),
        ("上海浦东一家药企", "310115"),
        ("北京市海淀区", "110108"),
        ("昆山一家装备企业", "320583"),
        ("昆山开发区管委会", "320583"),
        ("苏州工业园区生物医药专利导航", "320500"),
        ("苏州高新区的医疗器械", "320500"),
        ("东湖高新区光通信产业", "420100"),
        ("武汉光谷的激光企业", "420100"),
        ("中关村的软件公司", "110108"),
        ("张江药谷", "310115"),
        ("雄安新区", "130600"),
        ("两江新区招商", "500000"),
        ("西咸新区秦创原", "610100"),
        ("横琴粤澳深度合作区", "440400"),
        ("松山湖材料实验室", "441900"),
        ("前海一家基金", "440305"),
        ("合肥高新区语音产业", "340100"),
        ("开封高新区", "410200"),
        ("日照市海洋装备", "371100"),
        ("河南开封的阀门厂", "410200"),
        ("浙江江山的木门企业", "330881"),
        ("佛山顺德的家电企业", "440606"),
        ("赣州南康的家具", "360703"),
        ("湖北省仙桃市无纺布", "429004"),
        ("新疆生产建设兵团第八师", "660000"),
        ("广西壮族自治区柳州市", "450200"),
        ("内蒙古包头稀土高新区", "150200"),
        ("延边朝鲜族自治州的人参", "222400"),
        ("吉林省吉林市", "220200"),
        ("吉林的化工产业", "220000"),
        ("广东珠三角地区", "M:PRD"),
        ("长三角集成电路", "M:YRD"),
        ("京津冀协同创新", "M:JJJ"),
        ("粤港澳大湾区", "M:GBA"),
        ("成渝地区双城经济圈", "M:CY"),
        ("东北三省装备制造", "M:NE"),
        ("粤东的陶瓷", "440000"),
        ("皖企出海", "340000"),
        ("中山大学团队", "440100"),
        ("深圳市南山区的无人机公司", "440305"),
        ("北京朝阳区的传媒公司", "110105"),
        ("香港的初创公司", "810000"),
    ],
)
def test_named_place_comes_first(tagger: RegionTagger, text: str, code: str) -> None:
    assert codes(tagger, text)[0] == code


@pytest.mark.parametrize(
    "text",
    [
        "大理石板材加工",
        "高密度电路板",
        "长治久安",
        "公安机关委托",
        "北京时间9时",
        "北海道的企业",
        "以上海外专利",
        "其中山体护坡",
        "东方红拖拉机",
        "江山如画",
        "和平发展",
        "平安城市平台北侧",
        "沿海城市的经验",
        "新兴城市与新兴产业",
        "战略性新兴产业",
        "资源配置与开发合作",
        "合作市场前景",
        "开放市场",
        "形成都市圈",
        "最大连续功率",
        "确保定期更新",
        "决定西段路线",
        "日照时数与光伏",
        "白银价格",
        "开封检验",
        "来宾签到",
        "安康杯竞赛",
        "阿里云服务器",
        "哈密瓜保鲜",
        "普洱茶工艺",
        "复合肥配方",
        "第三亚像素",
        "沪深两市公司",
        "琼脂糖微球",
        "犹豫不决",
        "三明治结构",
        "老城区改造",
        "城区与郊区",
        "市中区域",
        "新建区域",
        "鼓楼区的企业",
        "和平区的企业",
        "南京路步行街",
        "上海路88号",
        "延安一路31号",
        "北京大道",
        "钛合金黄山村",
        "上交所科创板申报",
        "单晶涡轮叶片精铸",
        "云石区与青枫片区",
        "用户侧储能",
        "",
    ],
)
def test_look_alike_is_no_place(tagger: RegionTagger, text: str) -> None:
    assert codes(tagger, text) == []


def test_chain_absorbs_the_wider_names(tagger: RegionTagger) -> None:
    (tag,) = tagger.find_regions("江苏省苏州市工业园区的企业")
    assert (tag.code, tag.name, tag.scheme) == ("320500", "苏州市", Scheme.REGION)
    assert [evidence.text for evidence in tag.evidence] == ["江苏省苏州市工业园区"]


def test_evidence_offsets_point_into_the_text(tagger: RegionTagger) -> None:
    text = "标题提到宁波\n宁波市鄞州区和杭州的企业,宁波"
    for tag in tagger.find_regions(text):
        for evidence in tag.evidence:
            assert text[evidence.start : evidence.end] == evidence.text


def test_shared_name_is_decided_by_the_city_named_elsewhere(tagger: RegionTagger) -> None:
    assert "320106" in codes(tagger, "南京市的企业。地点在鼓楼区")
    assert "350102" in codes(tagger, "福州市的企业。地点在鼓楼区")


def test_shared_name_is_less_sure_than_a_unique_one(tagger: RegionTagger) -> None:
    by_code = {tag.code: tag for tag in tagger.find_regions("南京市的企业。地点在鼓楼区")}
    assert by_code["320106"].confidence < by_code["320100"].confidence


def test_shared_name_in_two_named_cities_is_left_out(tagger: RegionTagger) -> None:
    assert codes(tagger, "南京市与福州市。地点在鼓楼区") == ["320100", "350100"]


def test_compared_places_are_less_sure_than_the_own_one(tagger: RegionTagger) -> None:
    text = "柳州螺蛳粉产业定位\n拿江苏、广东来对标。柳州要看清自己。"
    tags = tagger.find_regions(text)
    assert tags[0].code == "450200"
    assert all(tag.confidence < 0.6 for tag in tags[1:])


def test_place_to_be_visited_is_less_sure(tagger: RegionTagger) -> None:
    (tag,) = tagger.find_regions("书记下月去深圳")
    assert tag.confidence < 0.6


def test_place_in_the_title_is_surer(tagger: RegionTagger) -> None:
    (in_title,) = tagger.find_regions("宁波\n模具产业")
    (in_body,) = tagger.find_regions("模具\n宁波产业")
    assert in_title.confidence > in_body.confidence


def test_place_named_often_comes_first(tagger: RegionTagger) -> None:
    text = "宁波模具\n宁波市的企业。地址:鄞州区。宁波市采购。"
    assert codes(tagger, text)[0] == "330200"


def test_city_goes_before_its_province_named_once(tagger: RegionTagger) -> None:
    assert codes(tagger, "江苏的企业\n我们在苏州。") == ["320500", "320000"]


def test_pair_of_provinces_gives_both(tagger: RegionTagger) -> None:
    assert set(codes(tagger, "苏浙的产业")) == {"320000", "330000"}


def test_confidence_stays_below_one(tagger: RegionTagger) -> None:
    text = "宁波市\n" + "宁波市。" * 200
    (tag,) = tagger.find_regions(text)
    assert tag.confidence == 0.97
    assert len(tag.evidence) == 3


def test_same_text_gives_the_same_tags(tagger: RegionTagger) -> None:
    text = "长三角的苏州、杭州、合肥与上海"
    assert tagger.find_regions(text) == tagger.find_regions(text)
