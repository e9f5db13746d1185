"""IPC subclasses suggested to whoever asks, by the table that is imported at the time."""

from pathlib import Path
from typing import Final

from api.ipc_tables import IpcSuggester, KeptTable
from api.schemas.tags import EvidenceRead, IpcRead, IpcSuggestionRead, IpcTitleRead
from api.watched import Watched
from indexer.embed import Embedder
from indexer.personal import cover_personal
from matcher.ipc import IpcSuggestion
from models.errors import InvalidInputError, NotFoundError
from models.stages import Stage, timed
from models.vocabulary.taxonomy import IpcState

_NOTES: Final = {
    IpcState.UNSURE: "与名称表比较过，没有把握说属于哪个小类；这不等于没有合适的分类号。",
    IpcState.NO_TABLE: "本安装没有导入 IPC 名称表，属于哪个小类待核实；"
    "管理方可用 navmatch ipc import 导入。",
    IpcState.UNUSABLE_TABLE: "导入的 IPC 名称表现在不能用（文件损坏，或编码器已更换），"
    "属于哪个小类待核实；请管理方重新导入。",
}


class IpcAdvice:
    """Suggests subclasses for texts; follows the table as it is imported or removed."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._embedder = embedder
        self._suggester = Watched(lambda: [path], self._read)

    @timed(Stage.UNDERSTAND)
    def on(self, title: str, body: str) -> IpcRead:
        """Return the subclass of one canonical text, or why none is suggested.

        Personal data is covered first: nothing rests on it, and no evidence repeats it.
        """
        suggester = self._suggester.now()
        if isinstance(suggester, IpcState):
            return IpcRead(state=suggester, note=_NOTES[suggester], suggestions=None)
        title, body = cover_personal(title), cover_personal(body)
        found = suggester.suggest(title, body, self._embedder)
        if found is None:
            return IpcRead(state=IpcState.UNSURE, note=_NOTES[IpcState.UNSURE], suggestions=[])
        shown = _shown(found, f"{title}\n{body}", suggester)
        return IpcRead(state=IpcState.SUGGESTED, note=None, suggestions=[shown])

    def _read(self) -> IpcSuggester | IpcState:
        try:
            kept = KeptTable.read(self._path, self._embedder.encoder.fingerprint)
        except NotFoundError:
            return IpcState.NO_TABLE
        except InvalidInputError:
            return IpcState.UNUSABLE_TABLE
        return IpcSuggester(kept)


def _shown(found: IpcSuggestion, text: str, suggester: IpcSuggester) -> IpcSuggestionRead:
    return IpcSuggestionRead(
        code=found.code,
        title=found.title,
        confidence=found.confidence,
        nearest=IpcTitleRead(code=found.nearest.code, title=found.nearest.title),
        evidence=[
            EvidenceRead(start=start, end=end, text=text[start:end])
            for start, end in suggester.evidence(text, found)
        ],
    )
