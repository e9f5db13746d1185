# 用法：make help
#
# 变量：PYTHON=解释器路径   WHEELHOUSE=离线轮子目录   ARGS=传给命令的参数

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
ARGS ?=
N_WORKERS ?= 2

# Two cores: each process keeps to one thread, and nothing asks a model hub.
TEST_ENV := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
            TOKENIZERS_PARALLELISM=false HF_HUB_OFFLINE=1 PYTHONUTF8=1

.PHONY: help
help:  ## 列出全部目标
	@echo '常用：make demo（看演示）  make test（跑检查与测试）'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup  ## 装好环境，载入演示数据，打印三条需求的匹配结果，并在 127.0.0.1:8000 提供服务
	@exec $(BIN)/navmatch demo $(ARGS)

.PHONY: test
test: check  ## 装好环境，跑全部检查与测试（CI 跑的就是它）
	@$(TEST_ENV) $(BIN)/pytest -q -n $(N_WORKERS) --dist loadfile $(ARGS)

.PHONY: test-nightly
test-nightly: setup-dev  ## 逐项跑全部耗时的测试，印出随机种子；ARGS="R1 --seed 7" 只跑一个目标
	@$(TEST_ENV) $(BIN)/python -m tools.nightly $(ARGS)

.PHONY: coverage
coverage: setup-dev  ## 量存储、变更流和索引各代的代码走到了多少分支，不到 95% 即失败
	@$(TEST_ENV) $(BIN)/python -m tools.branches

.PHONY: check
check: setup-dev  ## 检查格式、写法、类型与分层（不跑测试）
	@$(BIN)/ruff format --check --quiet . || { echo '格式不合，请运行 make format' >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: setup-dev  ## 整理格式，修正能自动修正的写法
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: setup
setup:  ## 只装运行所需（.venv），没有变化时立即返回
	@sh tools/setup.sh runtime

.PHONY: setup-dev
setup-dev:  ## 装运行与开发所需（.venv）
	@sh tools/setup.sh dev

.PHONY: lock
lock:  ## 由 pyproject.toml 重新生成锁文件（要 uv；升级各库用 ARGS=--upgrade）
	@$(BIN)/python -m tools.lock $(ARGS)

.PHONY: wheelhouse
wheelhouse: setup  ## 把全部依赖下载到 wheelhouse/，带到离线机器上用 WHEELHOUSE=目录 安装
	@$(BIN)/python -m tools.wheelhouse $(ARGS)

.PHONY: web
web: web-widget web-console  ## 用 Node 重新构建网页里的脚本（结果要提交；安装和运行不需要 Node）

.PHONY: web-console
web-console:  ## 只重新构建控制台
	@cd web/console && npm ci --no-audit --no-fund --silent && npm run --silent build

.PHONY: web-widget
web-widget:  ## 只重新构建嵌入组件
	@cd web/widget && npm ci --no-audit --no-fund --silent && npm run --silent build

.PHONY: build
build: setup-dev  ## 打包成 dist/ 下的 wheel
	@$(BIN)/hatchling build -t wheel

.PHONY: clean
clean:  ## 删除打包结果与各种缓存（保留 .venv 与 data）
	@rm -rf dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +

.PHONY: distclean
distclean: clean  ## 连同 .venv 与 .cache 一起删除（保留 data）
	@rm -rf .venv .cache
