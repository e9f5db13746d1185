"""All commands, put together."""

from typing import Final

import typer

from api.cli import (
    audit,
    backup,
    demo,
    doctor,
    erase,
    evaluate,
    index,
    ipc,
    keys,
    match,
    people,
    replay,
    tag,
    taxonomy,
    train,
    transfer,
    verify,
)
from api.cli.frame import add_command, new_app

app: Final[typer.Typer] = new_app()

for _name, _function, _help in (
    ("import", transfer.import_file, "从 JSONL、CSV 或 XLSX 文件导入；默认只试运行，不写入。"),
    ("template", transfer.write_empty, "写出一张空白的 XLSX 表，带下拉列表、示例和填写说明。"),
    ("export", transfer.export_file, "导出为 JSONL、CSV 或 XLSX 文件，可以原样导回。"),
    ("match", match.match, "为一条需求、一段文字或全部需求排出最合适的服务机构。"),
    ("replay", replay.replay, "把展示过的一次排名重新排一遍，说明有没有不同、为什么。"),
    ("tag", tag.tag, "给文件中的文本标注应用场景、产业和地区。"),
    ("retag", taxonomy.retag, "按现行的场景分类重新标注全部文本；中断后再运行就接着做。"),
    ("reindex", index.reindex, "由数据库重建索引。"),
    ("erase", erase.erase, "彻底删除一家单位、一个人或一条记录，库、索引和文件中都不留。"),
    ("doctor", doctor.doctor, "检查运行环境，逐项说明怎样修复。"),
    ("verify", verify.verify, "核对数据库的每一行和索引的每一条，指出被改动、缺失和多余的。"),
    ("backup", backup.backup, "备份全部数据；服务不必停止。"),
    ("restore", backup.restore, "由备份恢复，也可以换一种数据库。"),
    ("evaluate", evaluate.evaluate, "在一个评测集上排序，写出 TREC 结果文件和指标。"),
    ("demo", demo.demo, "载入演示数据，打印三条需求的匹配结果，然后启动服务。"),
):
    add_command(app, _name, _function, _help)


app.add_typer(train.app, name="train", help="由标注训练排序器和编码器，更好才装入；管理版本。")
app.add_typer(audit.app, name="audit", help="核对、查看和导出审计记录。")

app.add_typer(people.app, name="people", help="管理能登录的人：建立、停用、重置密码。")
app.add_typer(keys.app, name="keys", help="管理 API 密钥：签发、换新、撤销。")
app.add_typer(ipc.app, name="ipc", help="用自己的 IPC 名称表给文本建议小类。")
app.add_typer(taxonomy.app, name="taxonomy", help="查看和改动应用场景分类，运行中即生效。")
