#!/bin/sh
# Finds a Python that can make the environment and hands over to tools/setup.
# PYTHON=/path/to/python3 overrides the search.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf '安装失败：%s\n' "$1" >&2
    exit 1
}

probe='import sys
if not (3, 11) <= sys.version_info[:2] < (3, 15): sys.exit(3)
try: import ensurepip, venv
except ImportError: sys.exit(4)'

no_venv=''
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    code=0
    "$candidate" -c "$probe" >/dev/null 2>&1 || code=$?
    case $code in
    0) exec "$candidate" -m tools.setup "$@" ;;
    4) no_venv=$candidate ;;
    esac
done

if [ -n "$no_venv" ]; then
    fail "$no_venv 缺少 venv 模块，请先安装它（Debian、Ubuntu 与麒麟：apt install python3-venv），再运行同一命令。"
fi
if [ -n "${PYTHON:-}" ]; then
    fail "PYTHON=$PYTHON 不能用：需要 Python 3.11 至 3.14，请改成这样的解释器，或去掉这个设置。"
fi
fail "没有找到 Python 3.11 至 3.14，请先安装其中之一，或用 PYTHON=解释器路径 指明，再运行同一命令。"
