"""No character kills the way to the encoder; a text that does costs the request that carried it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from indexer.e5_folder import ensure_e5_folder
from indexer.encoder import HashEncoder
from indexer.encoder_process import client
from indexer.encoder_process.child import Opening
from indexer.encoder_process.client import ProcessEncoder
from indexer.encoder_process.offspring import Offspring
from indexer.encoder_process.owner import EncoderOwner
from indexer.errors import EncoderError, EncoderRestartingError, TextRefusedError
from indexer.onnx_encoder import OnnxEncoder
from models.deadline import DeadlineError, due_at
from models.errors import UnavailableError
from tests.hostile.code_points import KNOWN_BAD, SURROGATES
from tests.hostile.poison import (
    ABORTING,
    FACTORY,
    FAILING,
    FAILING_ONCE,
    FALLING,
    HANGING,
    KILLING,
    SLOW,
)

HARMLESS = ["碳化硅器件出口前的专利侵权风险排查", "固态电池专利导航"]
OPENING = Opening(None, "unused", factory=FACTORY)
RESPAWN_S = 2.0
ROOT = Path(__file__).resolve().parents[2]
N_CHARACTERS = sys.maxunicode + 1 - len(SURROGATES)


@pytest.fixture(scope="session")
def e5_folder() -> Path:
    """The default encoder's folder, written once and kept between runs."""
    kept = os.environ.get("NAVMATCH_TEST_DATA") or ROOT / ".cache" / "test-data"
    return ensure_e5_folder(Path(kept) / "encoders")


@pytest.fixture
def owner() -> Iterator[EncoderOwner]:
    with EncoderOwner(OPENING, n_lanes=2) as started:
        yield started


@pytest.fixture
def encoder(owner: EncoderOwner) -> Iterator[ProcessEncoder]:
    made = ProcessEncoder(owner.address)
    yield made
    made.close()


def _query(encoder: ProcessEncoder, text: str, seconds: float = 30.0) -> np.ndarray:
    with due_at(time.monotonic() + seconds):
        return encoder.encode_queries([text])


def _await(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_true() and time.monotonic() < until:
        time.sleep(0.005)
    assert is_true()


def test_vectors_and_fingerprint_are_those_of_the_encoder(encoder: ProcessEncoder) -> None:
    here = HashEncoder()

    assert (encoder.fingerprint, encoder.dim) == (here.fingerprint, here.dim)
    assert np.array_equal(encoder.encode_queries(HARMLESS), here.encode_queries(HARMLESS))
    assert np.array_equal(encoder.encode_documents(HARMLESS), here.encode_documents(HARMLESS))
    assert encoder.encode_documents([]).shape == (0, here.dim)


@pytest.mark.parametrize("poison", [KILLING, FALLING, ABORTING], ids=["kill", "segv", "abort"])
def test_poison_kills_the_process_and_costs_its_own_request(
    owner: EncoderOwner, encoder: ProcessEncoder, poison: str
) -> None:
    first = owner.pid

    with pytest.raises(EncoderRestartingError):
        _query(encoder, f"含有{poison}的文字")

    assert owner.pid != first
    assert np.array_equal(_query(encoder, HARMLESS[0]), HashEncoder().encode_queries(HARMLESS[:1]))


def test_text_that_killed_twice_is_refused_without_a_third_death(
    owner: EncoderOwner, encoder: ProcessEncoder
) -> None:
    text = f"含有{FALLING}的文字"
    with pytest.raises(EncoderRestartingError):
        _query(encoder, text)
    with pytest.raises(TextRefusedError):
        _query(encoder, text)

    n_deaths, pid = owner.n_deaths, owner.pid
    with pytest.raises(TextRefusedError):
        _query(encoder, text)

    assert n_deaths == 2
    assert (owner.n_deaths, owner.pid) == (n_deaths, pid)


def test_text_killed_from_outside_is_not_refused(
    owner: EncoderOwner, encoder: ProcessEncoder
) -> None:
    for n_deaths in (1, 2, 3):
        with pytest.raises(EncoderRestartingError):
            _query(encoder, f"含有{KILLING}的文字")
        assert owner.n_deaths == n_deaths


def test_harmless_text_beside_a_fallen_one_is_answered(
    owner: EncoderOwner, encoder: ProcessEncoder
) -> None:
    met: list[np.ndarray] = []
    slow = f"{SLOW}但无害"
    neighbour = threading.Thread(target=lambda: met.append(_query(encoder, slow)))
    neighbour.start()
    with pytest.raises(EncoderRestartingError):
        _query(encoder, f"读到{FALLING}的文字")
    neighbour.join()

    assert owner.n_deaths == 1
    assert np.array_equal(met[0], HashEncoder().encode_queries([slow]))


def test_texts_queued_behind_a_poison_are_answered(
    owner: EncoderOwner, encoder: ProcessEncoder
) -> None:
    wrong: list[BaseException] = []

    def ask(text: str) -> None:
        try:
            _query(encoder, text)
        except Exception as error:
            wrong.append(error)

    texts = [f"{SLOW}的第{n}条" for n in range(8)]
    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    threads.insert(4, threading.Thread(target=ask, args=(f"一条{FALLING}",)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [type(error) for error in wrong] == [EncoderRestartingError]


@pytest.mark.parametrize("poison", [KILLING, FALLING], ids=["kill", "segv"])
def test_document_that_kills_is_left_to_its_words_and_the_rest_encoded(
    owner: EncoderOwner, encoder: ProcessEncoder, poison: str
) -> None:
    texts = [HARMLESS[0], f"含有{poison}的文字", HARMLESS[1]]

    vectors = encoder.encode_documents(texts)

    assert np.array_equal(vectors[[0, 2]], HashEncoder().encode_documents(HARMLESS))
    assert not vectors[1].any()
    assert owner.n_deaths == 2


def test_text_the_encoder_fails_at_costs_itself(
    owner: EncoderOwner, encoder: ProcessEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AGAIN_S", 0.0)
    with pytest.raises(UnavailableError):
        _query(encoder, FAILING)
    vectors = encoder.encode_documents([HARMLESS[0], FAILING, HARMLESS[1]])

    assert np.array_equal(vectors[[0, 2]], HashEncoder().encode_documents(HARMLESS))
    assert not vectors[1].any()
    assert owner.n_deaths == 0


def test_text_the_encoder_fails_at_once_is_encoded_after_a_pause(
    encoder: ProcessEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "AGAIN_S", 0.0)
    text = f"这段{FAILING_ONCE}"

    assert np.array_equal(encoder.encode_documents([text]), HashEncoder().encode_documents([text]))


def test_suspicion_is_lifted_when_the_text_does_no_harm(
    owner: EncoderOwner, encoder: ProcessEncoder
) -> None:
    text = f"{SLOW}而清白"

    def ask() -> None:
        with pytest.raises(EncoderRestartingError):
            _query(encoder, text)

    for _ in range(3):
        asking = threading.Thread(target=ask)
        asking.start()
        _await(lambda: owner.n_running > 0)
        os.kill(owner.pid or 0, signal.SIGKILL)
        asking.join()
        assert _query(encoder, text).shape == (1, encoder.dim)


def test_text_that_hangs_is_noticed_killed_and_then_refused() -> None:
    with EncoderOwner(OPENING, hang_s=0.5) as owner:
        encoder = ProcessEncoder(owner.address)
        text = f"永远{HANGING}"
        with pytest.raises(EncoderRestartingError):
            _query(encoder, text)
        for _ in range(2):
            with pytest.raises(TextRefusedError):
                _query(encoder, text)
        assert owner.n_deaths == 2
        assert _query(encoder, HARMLESS[0]).shape == (1, encoder.dim)
        encoder.close()


def test_process_says_how_much_waits_for_it(encoder: ProcessEncoder) -> None:
    assert encoder.waiting(30) == (0, 0)


def test_process_with_a_stuck_lane_is_not_said_to_answer(
    encoder: ProcessEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "STUCK_S", 0.2)
    assert encoder.is_answering(30)
    with pytest.raises(DeadlineError):
        _query(encoder, HANGING, seconds=0.3)
    assert not encoder.is_answering(30)


def test_process_is_replaced_though_its_folder_was_tidied_away(owner: EncoderOwner) -> None:
    shutil.rmtree(owner.address.parent)
    os.kill(owner.pid or 0, signal.SIGKILL)
    _await(lambda: owner.last_gap_s > 0)

    encoder = ProcessEncoder(owner.address)
    assert _query(encoder, HARMLESS[0]).shape == (1, encoder.dim)
    encoder.close()


def _is_replaced(owner: EncoderOwner, gone: int | None) -> bool:
    return owner.pid not in (None, gone) and owner.last_gap_s > 0


@contextmanager
def _asked_without_end(owner: EncoderOwner) -> Iterator[threading.Event]:
    """One text after the other, so that a process that is killed has one under way.

    One that dies idle, soon after its start, is put back after a pause that grows.
    """
    answered, is_over = threading.Event(), threading.Event()

    def ask() -> None:
        encoder = ProcessEncoder(owner.address)
        while not is_over.is_set():
            with suppress(EncoderRestartingError, UnavailableError):
                _query(encoder, HARMLESS[0])
                answered.set()
        encoder.close()

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield answered
    finally:
        is_over.set()
        asking.join()


@pytest.mark.nightly
def test_next_process_is_ready_within_two_seconds(e5_folder: Path) -> None:
    gaps = []
    opening = Opening(None, str(e5_folder.parent.parent))
    with EncoderOwner(opening, n_lanes=1) as owner, _asked_without_end(owner) as answered:
        for _ in range(5):
            answered.clear()
            assert answered.wait(30)
            gone = owner.pid
            os.kill(gone or 0, signal.SIGKILL)
            _await(partial(_is_replaced, owner, gone))
            gaps.append(owner.last_gap_s)
    print(f"the default encoder answers again after {max(gaps):.2f} s at most")
    assert max(gaps) <= RESPAWN_S


def test_watching_goes_on_after_an_unforeseen_error(
    owner: EncoderOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(child: Offspring) -> list[bytes]:
        monkeypatch.undo()
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(Offspring, "suspects", fail)
    os.kill(owner.pid or 0, signal.SIGKILL)
    _await(lambda: owner.last_gap_s > 0)

    encoder = ProcessEncoder(owner.address)
    assert _query(encoder, HARMLESS[0]).shape == (1, encoder.dim)
    encoder.close()


def test_deadline_is_kept_while_others_are_encoded(encoder: ProcessEncoder) -> None:
    threads = [
        threading.Thread(target=_query, args=(encoder, f"{SLOW}的第{n}条")) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    with pytest.raises(DeadlineError):
        _query(encoder, SLOW, seconds=0.05)
    for thread in threads:
        thread.join()


def test_process_ends_with_its_owner(owner: EncoderOwner) -> None:
    pid = owner.pid or 0
    owner.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_spare_takes_over_at_once() -> None:
    with EncoderOwner(OPENING, has_spare=True) as owner:
        encoder = ProcessEncoder(owner.address)
        _await(lambda: owner.n_spares > 0)
        with pytest.raises(EncoderRestartingError):
            _query(encoder, KILLING)
        assert _query(encoder, HARMLESS[0]).shape == (1, encoder.dim)
        encoder.close()


def test_encoder_that_cannot_be_opened_says_what_to_do() -> None:
    opening = Opening("/no/such/folder", "unused")
    owner = EncoderOwner(opening)

    with pytest.raises(EncoderError, match="NAVMATCH_ENCODER"):
        owner.start()


def test_forked_copy_refuses_to_encode(encoder: ProcessEncoder) -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            encoder.encode_documents(HARMLESS)
        except EncoderError:
            os.write(writing, b"refused")
        os._exit(0)
    os.waitpid(pid, 0)

    assert os.read(reading, 16) == b"refused"


def _try_characters(folder: Path, step: int) -> str:
    command = [sys.executable, "-m", "tests.hostile.code_points", str(folder), "--step", str(step)]
    tried = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S603
    assert tried.returncode == 0, tried.stdout + tried.stderr
    return tried.stdout


def test_no_character_kills_sanitiser_or_tokenizer(e5_folder: Path) -> None:
    assert "taken" in _try_characters(e5_folder, step=50)


@pytest.mark.nightly
def test_none_of_all_characters_kills_sanitiser_or_tokenizer(e5_folder: Path) -> None:
    told = _try_characters(e5_folder, step=1)
    print(told)
    assert sum(int(word) for word in re.findall(r"\d+", told)) == N_CHARACTERS + len(KNOWN_BAD)


def test_eight_threads_get_the_same_vectors_bit_for_bit(e5_folder: Path) -> None:
    encoder = OnnxEncoder(e5_folder)
    texts = [f"{HARMLESS[n % 2]}第{n}条" for n in range(16)]
    expected = encoder.encode_queries(texts)
    with ThreadPoolExecutor(8) as threads:
        met = list(threads.map(lambda _: encoder.encode_queries(texts), range(8)))

    assert all(np.array_equal(vectors, expected) for vectors in met)
