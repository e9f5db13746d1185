"""The page of limits."""

from typing import Final

from api.admission import MAX_IN_FLIGHT
from api.bodies import MAX_ARRIVING_BYTES
from api.idempotency import MAX_KEY_CHARS
from api.limits import LIMITS, Limit, LimitGroup
from api.load import AT_WORK
from api.rates import BYTES_PER_TOKEN, RATES, Allowance
from api.serving import limits as serving
from api.settings import Settings
from api.uploads import DOWNLOAD_S, DOWNLOAD_TOKENS, UPLOAD_TOKENS
from indexer.encoder_process.jobs import MAX_PATIENT, MAX_URGENT
from tools.reference.markdown import plain, table

_LEAST = {
    limit.name.removesuffix(".min") + ".max": limit.value for limit in LIMITS if limit.is_minimum
}
_POWERS = ((1024 * 1024, "MiB"), (1024, "KiB"))

_CALLERS: Final = {
    Allowance.STRANGER: "没有凭据的，每个地址",
    Allowance.WIDGET: "公开组件，每个地址",
    Allowance.SITE: "公开组件，每个嵌入令牌",
    Allowance.ORGANISATION: "每个单位（所有密钥和登录合计）；管理方按每个密钥或登录",
    Allowance.SIGN_IN: "没有成功的登录，每个地址",
}


def render() -> str:
    """Return one table a group of limits."""
    parts = []
    for group in LimitGroup:
        shown = [limit for limit in LIMITS if limit.group is group and not limit.is_minimum]
        rows = [(plain(limit.title), figure(limit), plain(limit.why)) for limit in shown]
        parts.append(f"### {group}\n\n{table(('项', '限度', '说明'), rows)}")
    heads = ("项", "限度", "说明")
    parts.append(f"### 连接和时限\n\n{table(heads, _connections())}")
    parts.append(f"### 频率\n\n{table(heads, _rates())}")
    return "\n\n".join(parts)


def _connections() -> list[tuple[str, str, str]]:
    """Return what a connection and a request may take."""
    search, write = (
        Settings.model_fields[name].default for name in ("search_deadline_s", "write_deadline_s")
    )
    return [
        ("请求行和请求头", f"{serving.MAX_HEAD_BYTES // 1024} KiB", "超过答复 431"),
        ("传完请求头", f"{serving.HEAD_S:g} 秒", "超过答复 408，关闭连接"),
        (
            "传完正文",
            f"{serving.BODY_S:g} 秒；其间每秒传到 {serving.BODY_BYTES_PER_S // 1024} KiB 的，"
            f"再给同样久，至多 {serving.BODY_MOST_S:g} 秒",
            "同上",
        ),
        ("停下不收答复", f"{serving.STALL_S:g} 秒", "断开连接"),
        ("两次请求之间", f"{serving.KEEP_ALIVE_S} 秒", "关闭连接"),
        (
            "一个进程的连接",
            f"{serving.MAX_CONNECTIONS} 条",
            "再多时，最久没有说话的让位",
        ),
        (
            "同一地址的连接",
            f"{serving.MAX_CONNECTIONS_PER_ADDRESS} 条",
            "每个进程；NAVMATCH_PROXIES 里的代理除外",
        ),
        ("检索的时限", f"{search:g} 秒", "NAVMATCH_SEARCH_DEADLINE_S；到时停在两步之间，答复 503"),
        ("导出和退回表格的时限", f"{DOWNLOAD_S:g} 秒", "到时答复 503"),
        ("改动的时限", f"{write:g} 秒", "NAVMATCH_WRITE_DEADLINE_S；正文每 20 kB 再加 1 秒"),
        (
            "同时进行的检索",
            f"{Settings.model_fields['max_searches'].default} 个",
            "每个进程；NAVMATCH_MAX_SEARCHES；变慢时自动减少，最少 3 个；"
            "同时在问的密钥、登录和地址均分（频率才按单位合计）",
        ),
        ("同时在算的检索", f"{AT_WORK} 个", "每个进程；其余已收下的排队"),
        ("同时进行的请求", f"{MAX_IN_FLIGHT} 个", "每个进程，正文到齐才算；其余立即答复 503"),
        (
            "还没有到齐的正文，合计",
            f"{MAX_ARRIVING_BYTES >> 20} MiB",
            "每个进程；认得的和不认得的分开算；再多答复 503。上传的表格另占一个请求的位置",
        ),
        ("等编码器的提问", f"{MAX_URGENT} 个", "其余立即答复 503"),
        ("等编码器的入库文字", f"{MAX_PATIENT} 批", "排在提问后面，等着，不丢"),
        ("Idempotency-Key", f"1 至 {MAX_KEY_CHARS} 个可见 ASCII 字符", "答复保留 48 小时"),
    ]


def _rates() -> list[tuple[str, str, str]]:
    """Return how much each kind of caller may ask."""
    rows = [
        (_CALLERS[kind], f"{rate.tokens:g} 次／{_span(rate.seconds)}", "")
        for kind, rate in RATES.items()
    ]
    cost = f"一次请求算 1 次；正文每 {BYTES_PER_TOKEN:,} 字节（约 500 字）再加 1 次"
    sheets = f"上传一份算 {UPLOAD_TOKENS:g} 次，导出或退回一份另加 {DOWNLOAD_TOKENS:g} 次"
    return [
        *rows,
        ("长的请求", cost, "超过答复 429，Retry-After 给出秒数"),
        ("上传、导出、退回表格", sheets, ""),
        ("本机不经代理的请求", "不限", ""),
        (
            "几个应答进程",
            "每个进程各管一份",
            "合计至多是上面的几倍；要严格的总数，请在反向代理上限",
        ),
    ]


def _span(seconds: float) -> str:
    return "分钟" if seconds == 60 else f"{seconds / 60:g} 分钟"


def figure(limit: Limit) -> str:
    """Return the figure of a limit as people write it."""
    if limit.unit == "字节":
        for power, name in _POWERS:
            if limit.value % power == 0:
                return f"{limit.value // power:,} {name}"
    least = _LEAST.get(limit.name)
    figures = f"{limit.value:,}" if least is None else f"{least:,} 至 {limit.value:,}"
    return f"{figures} {limit.unit}".strip()
