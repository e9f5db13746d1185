import errno
import signal
import subprocess
import sys

import pytest

from models.errors import SetupError
from models.failpoints import Failpoint, FailpointError, arm, arm_from, armed, hit


def test_hit_unarmed_does_nothing() -> None:
    for point in Failpoint:
        hit(point)


def test_hit_acts_at_the_named_time_only() -> None:
    with armed("mid_write:enospc:3"):
        hit(Failpoint.MID_WRITE)
        hit(Failpoint.BEFORE_FSYNC)
        hit(Failpoint.MID_WRITE)
        with pytest.raises(OSError, match="No space left") as raised:
            hit(Failpoint.MID_WRITE)
        assert raised.value.errno == errno.ENOSPC
        hit(Failpoint.MID_WRITE)


def test_hit_with_plus_acts_from_then_on() -> None:
    with armed("mid_write:eio:2+"):
        hit(Failpoint.MID_WRITE)
        for _ in range(2):
            with pytest.raises(OSError, match="Input/output error"):
                hit(Failpoint.MID_WRITE)


def test_several_places_are_armed_at_once() -> None:
    with armed("mid_write:raise,before_fsync:eio"):
        with pytest.raises(FailpointError, match="mid_write"):
            hit(Failpoint.MID_WRITE)
        with pytest.raises(OSError, match="Input/output"):
            hit(Failpoint.BEFORE_FSYNC)
    hit(Failpoint.MID_WRITE)


def test_word_of_another_process_arms_nothing() -> None:
    with armed("mid_write@no-such-word:raise"):
        hit(Failpoint.MID_WRITE)


@pytest.mark.parametrize("spec", ["nowhere:kill", "mid_write", "mid_write:melt", "mid_write:eio:x"])
def test_unknown_spec_is_refused(spec: str) -> None:
    with pytest.raises(SetupError, match="NAVMATCH_FAILPOINTS"):
        arm(spec)


def test_environment_without_consent_is_refused() -> None:
    with pytest.raises(SetupError, match="只用于测试"):
        arm_from({"NAVMATCH_FAILPOINTS": "mid_write:kill"})


@pytest.mark.parametrize("spec", ["", "mid_write:eio"], ids=["nothing asked", "armed before"])
def test_environment_leaves_what_is_armed(spec: str) -> None:
    with armed("mid_write:raise"):
        arm_from({"NAVMATCH_TESTING": "1", "NAVMATCH_FAILPOINTS": spec})
        with pytest.raises(FailpointError):
            hit(Failpoint.MID_WRITE)


KILLED = """
from models.failpoints import Failpoint, arm_from, hit
arm_from({"NAVMATCH_TESTING": "1", "NAVMATCH_FAILPOINTS": "before_commit:kill"})
hit(Failpoint.AFTER_COMMIT)
print("reached", flush=True)
hit(Failpoint.BEFORE_COMMIT)
print("survived", flush=True)
"""


def test_kill_ends_the_process_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)  # noqa: S603
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == "reached\n"
