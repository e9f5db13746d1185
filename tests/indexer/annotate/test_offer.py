"""Sums are offers by the nearest listed word around them."""

import pytest

from indexer.annotate.offer import Offer, OfferReader


@pytest.fixture(scope="module")
def reader() -> OfferReader:
    return OfferReader()


def sums(offers: list[Offer]) -> list[int]:
    return [offer.amount.high_fen // 1_000_000 for offer in offers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预算20万元,注册资本500万元,保证金1万元", [20]),
        ("注册资本500万元。预算20万元", [20]),
        ("20万元预算", [20]),
        ("20万元保证金", []),
        ("合同额合计4600万", []),
        ("三年总计165万元", []),
        ("最高限价:55万元/年,三年总计165万元", [55, 165]),
        ("总金额180万元", [180]),
        ("每件费用2万元", []),
        ("设备总价值1000万元", []),
    ],
)
def test_nearest_word_decides(reader: OfferReader, text: str, expected: list[int]) -> None:
    assert sums(reader.read_offers(text)) == expected


def test_total_is_plainer_than_heading_and_word(reader: OfferReader) -> None:
    (total,) = reader.read_offers("预算:合计40万元")
    (heading,) = reader.read_offers("项目预算40万元")
    (word,) = reader.read_offers("经费40万元")
    assert total.score > heading.score > word.score


def test_later_sum_under_one_heading_counts_less(reader: OfferReader) -> None:
    first, second = reader.read_offers("预算金额:30万元,20万元")
    assert first.score > second.score


def test_lots_are_marked(reader: OfferReader) -> None:
    offers = reader.read_offers("招标控制价:I标段108万元,II标段124万元")
    assert [offer.is_lot for offer in offers] == [True, True]
