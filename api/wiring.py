"""The whole service, put together once from the settings; HTTP and command line share it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from api.adapters import chosen_encoder
from api.auditing import Auditing
from api.daily import DailyRounds
from api.damage import Damage, FileWatch
from api.erasing import Eraser
from api.identity.identity import Identity
from api.intake import Intake
from api.intake.base import IntakeParts
from api.intake.reading import Reader
from api.interactions.interactions import Interactions
from api.metrics import Metrics
from api.program import program_version
from api.rankers import Rankers
from api.runs import Runs
from api.sampler import Sampled, Sampler
from api.settings import Settings, metrics_folder
from api.taxonomies.changing import Taxonomies
from api.taxonomies.retagging import Retagger
from api.vocabularies import Vocabularies
from indexer.annotate.annotate import Annotator
from indexer.annotate.industry import IndustryTagger
from indexer.annotate.industry_terms import lexicon_terms
from indexer.annotate.region import RegionTagger
from indexer.annotate.scenario import ScenarioTagger
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder, Progress
from indexer.encoder import Encoder, open_encoder
from indexer.follow import Follower
from indexer.snapshot import oldest_seq
from indexer.sync import Synchroniser
from indexer.view import IndexView
from indexer.words import Segmenter
from matcher.pipeline import BandsPlace, Matcher
from matcher.record import Basis
from models import repository
from models.base import now_utc
from models.database import Database
from models.durable import PRIVATE_FOLDER, make_folder
from models.import_jobs import drop_old_imports
from models.match_run import drop_old_runs
from models.notifications import drop_old_notifications
from models.reply import KEPT_FOR, drop_old_replies
from models.row_keys import key_clock
from models.viewer import acting_as, system

TIME_ZONE = ZoneInfo("Asia/Shanghai")
"""Days begin and end here; times are stored in UTC."""


IMPORTS_KEPT_FOR = timedelta(days=30)
"""How long uploaded sheets are kept, with what was wrong with them."""

NOTIFICATIONS_KEPT_FOR = timedelta(days=180)
"""How long notifications and the record of deliveries are kept."""


def today_in_china() -> date:
    """Return the day in force."""
    return datetime.now(TIME_ZONE).date()


class Service:
    """Every part of an installation, wired.

    Attributes:
        settings: What the installation is set to.
        metrics: Counts and times what is done.
        auditing: Watches over the audit chain.
        vocabularies: Tables of codes.
        database: The truth.
        identity: Who may come in, and as what.
        source: Documents made from its rows.
        embedder: Vectors of texts.
        segmenter: Words of texts.
        annotator: Reads texts.
        synchroniser: Owner of the index; `view` is what a request searches.
        follower: Keeps the index up to date.
        matcher: Ranks and explains.
        intake: Takes demands, providers, capabilities, cases and bases in.
        taxonomies: Changes the scenario taxonomy.
        retagger: Tags stored texts by the taxonomy in force.
        eraser: Removes for good what has to go.
        runs: Keeps the rankings that are shown.
        rankers: Trained rankers of the installation.
        ranker_version: The one this process ranks with; another needs a restart.
        file_watch: Finds what somebody put in use and cannot be used as it stands.
        today: Gives the day in force.
        now: Gives the present moment.
        interactions: Lets both sides of a match act.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder,
        today: Callable[[], date] = today_in_china,
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        self.settings = settings
        self.today = today
        self.now = now
        self.vocabularies = Vocabularies.load()
        self.metrics = Metrics(metrics_folder())
        self.auditing = Auditing(settings)
        self.database = Database(
            settings.resolved_database_url,
            self.auditing.trail,
            connections=settings.database_connections,
        )
        self.identity = Identity.of(self.database, settings)
        self.source = DatabaseDocuments(self.database, encoder.fingerprint)
        self.embedder = Embedder(encoder, self.source)
        self.segmenter = Segmenter(domain_words(self.vocabularies))
        self.annotator = make_annotator(self.vocabularies, self.embedder, today)
        self.synchroniser = Synchroniser(
            self.source, self.embedder, self.segmenter, settings.index_dir, KINDS
        )
        self.follower = Follower(
            self.synchroniser, settings.follow_interval_s, self._follow_taxonomy
        )
        self.intake = Intake(
            IntakeParts(
                database=self.database,
                reader=Reader(self.annotator),
                vocabularies=self.vocabularies,
                committed=lambda: self.database.when_committed(self.follower.wake),
                today=today,
            )
        )
        self.interactions = Interactions(
            self.database,
            self.vocabularies.labels,
            lambda: self.database.when_committed(self.follower.wake),
            now,
        )
        self.taxonomies = Taxonomies(
            self.database,
            self.vocabularies.scenarios,
            lambda: self.database.when_committed(self.follower.wake),
        )
        self.retagger = Retagger(
            self.database, self.annotator, self.vocabularies.scenarios, self.follower.wake
        )
        self.runs = Runs(self.database, self.metrics, is_kept=settings.keep_runs > 0)
        self.eraser = Eraser(self.database, self.source, settings.data_dir)
        self._daily = DailyRounds(self._make_daily_round, today)
        self.rankers = Rankers(settings.rankers_dir)
        self.ranker_version, damage = self.rankers.usable_version()
        at_start = {Damage.RANKER: damage} if damage else {}
        self.file_watch = FileWatch(settings, encoder.fingerprint, at_start)
        sampled = Sampled(
            self.database, self.synchroniser, encoder, settings.index_dir, self.file_watch
        )
        self._sampler = Sampler(self.metrics, sampled)
        self._matcher: Matcher | None = None
        self._is_prepared = False

    @classmethod
    def from_settings(cls, settings: Settings, encoder: Encoder | None = None) -> Self:
        """Return the service; opens the encoder the settings name unless one is given.

        Raises:
            SetupError: the installation cannot work as it stands.
        """
        make_folder(settings.data_dir, PRIVATE_FOLDER)
        if encoder is None:
            encoder = open_encoder(chosen_encoder(settings), settings.data_dir, settings.threads)
        return cls(settings, encoder)

    @property
    def matcher(self) -> Matcher:
        """Ranks and explains; needs the tables, so it is made after `open`."""
        if self._matcher is None:
            self._matcher = Matcher(
                self.embedder,
                self.segmenter,
                self.vocabularies.match_names(),
                self.today,
                self.rankers.scoring(self.ranker_version),
                BandsPlace(self.settings.index_dir, program_version()),
            )
        return self._matcher

    def basis(self, index_version: str, question: str) -> Basis:
        """Return what a ranking rests on.

        Args:
            index_version: State of the index it was made from.
            question: Hash of what was asked.
        """
        return Basis(
            index_version=index_version,
            encoder=self.embedder.encoder.fingerprint,
            ranker=self.ranker_version,
            taxonomy=self.vocabularies.scenarios.version,
            program=program_version(),
            question=question,
            day=self.today().isoformat(),
        )

    def open(self, progress: Progress | None = None, *, follow: bool = True) -> None:
        """Bring tables and index up to date, then follow changes.

        Args:
            progress: Told how many of how many texts are encoded.
            follow: Whether a thread keeps the index up to date from now on.
        """
        self.prepare_database()
        self._daily.try_to_make()
        if follow:
            self.synchroniser.prepare = self._prepare
        view = self.synchroniser.open(progress, is_followed=follow)
        if follow and not self.follower.is_running:
            self.matcher.prepare(view)  # it may have been opened before
            self.follower.start()
            self._daily.start()
            self.auditing.start(self.database)
            self._sampler.start()

    def _prepare(self, view: IndexView) -> None:
        """Prepare a new generation for questions before they get it."""
        if self.synchroniser.is_open:
            self.matcher.prepare_beside(view)
        else:
            self.matcher.prepare(view)

    def prepare_database(self) -> None:
        """Bring the tables up to date, and see that the audit chain can go on; once is enough.

        Raises:
            SetupError: the audit key is not the one the chain was written with.
        """
        if self._is_prepared:
            return
        self.database.migrate()
        self.auditing.check_key(self.database)
        with acting_as(system("identity")):
            self.identity.authenticators.seal_clear_ones()
        with acting_as(system("keys")), self.database.read() as session:
            key_clock().show(repository.newest_keys(session))
        self.taxonomies.refresh()
        self._is_prepared = True

    def _follow_taxonomy(self) -> None:
        """Put a taxonomy another worker made in force, and go on with tagging anew it left."""
        self.taxonomies.refresh()
        self.retagger.look()

    def _make_daily_round(self) -> None:
        with acting_as(system("daily")):
            self.intake.demands.expire_overdue()
            with self.database.write() as session:
                drop_old_replies(session, now_utc() - KEPT_FOR)
                drop_old_notifications(session, now_utc() - NOTIFICATIONS_KEPT_FOR)
                drop_old_imports(session, now_utc() - IMPORTS_KEPT_FOR)
            self._drop_old_runs()
            self.eraser.erase_deleted(self.settings.keep_deleted_days)
        self.auditing.purge(self.database)
        self.eraser.finish_or_log()
        self._trim_changes()

    def _drop_old_runs(self) -> None:
        """Remove rankings shown longer ago than they are kept, and all but the newest."""
        before = now_utc() - timedelta(days=self.settings.keep_runs_days)
        with self.database.write() as session:
            drop_old_runs(session, before, self.settings.keep_runs)

    def _trim_changes(self) -> None:
        """Remove old changes, but none that a generation on disk still has to follow."""
        keep_from = oldest_seq(self.settings.index_dir)
        if keep_from is not None:
            before = now_utc() - timedelta(days=self.settings.keep_changes_days)
            self.source.trim(before, keep_from)

    def close(self) -> None:
        """Stop following and close the database."""
        self._daily.stop()
        self._sampler.stop()
        self.retagger.stop()
        if self.follower.is_running:
            self.follower.stop()
        self.synchroniser.close()
        self.runs.stop()
        if self._is_prepared:
            self.auditing.stop(self.database)
        self.database.close()


def make_annotator(
    vocabularies: Vocabularies, embedder: Embedder, today: Callable[[], date]
) -> Annotator:
    """Return the annotator with all its taggers."""
    return Annotator(
        scenario_tagger=ScenarioTagger(vocabularies.scenarios, embedder),
        industry_tagger=IndustryTagger(vocabularies.industries),
        region_tagger=RegionTagger(vocabularies.regions),
        today=today,
    )


def domain_words(vocabularies: Vocabularies) -> list[str]:
    """Return the words of the domain that are kept whole, sorted."""
    triggers = {word for s in vocabularies.scenarios.level2 for word in s.triggers}
    terms = {term.text for term in lexicon_terms()}
    return sorted(word for word in triggers | terms if 2 <= len(word) <= 8)
