/** What the API replies with, as far as the console reads it (docs/reference/api.md). */

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
  total: { value: number };
}

export interface Evidence {
  start: number;
  end: number;
  text: string;
}

export interface Tag {
  scheme: "scenario" | "sei2018" | "gb4754" | "gb2260" | "ipc";
  code: string;
  name: string;
  source?: "auto" | "human" | "import";
  evidence?: Evidence[];
}

export interface MissingFact {
  name: string;
  question: string;
  weight: number;
}

export interface Quality {
  score: number;
  grade: string;
  clarity: string | null;
  missing: MissingFact[];
  vague_terms: Evidence[];
  advice: { code: string; field: string; message: string }[];
  needs_confirmation: boolean;
  routing_hint: string | null;
}

export interface Budget {
  kind: string;
  min_fen: number | null;
  max_fen: number | null;
}

export interface Understood {
  title: string;
  body: string;
  scenarios: Tag[];
  needs_confirmation: boolean;
  industries: Tag[];
  any_industry: boolean;
  regions: Tag[];
  budget: (Budget & { evidence: Evidence }) | null;
  period: { min_days: number | null; max_days: number; evidence: Evidence } | null;
  deadline: { due: string; evidence: Evidence } | null;
  deliverables: { deliverable: string; evidence: Evidence }[];
  applications: { application: string; evidence: Evidence }[];
  audience: { audience: string; evidence: Evidence[] } | null;
  requirements: { kind: string; strength: string; text: string }[];
  quality: Quality;
}

/** Why an answer has no good match, and what would help. */
export interface NoGoodMatch {
  message: string;
  advice: string[];
}

export interface Preview {
  version: string;
  understanding: Understood;
  matches: Match[];
  has_good_match: boolean;
  no_good_match?: NoGoodMatch | null;
  effects: { name: string; n_providers: number }[];
  near_duplicates: { id: string; title: string; similarity: number }[];
}

export interface Span {
  start: number;
  end: number;
}

export interface Statement {
  text: string;
}

export interface Explanation {
  summary: string;
  reasons_for: Statement[];
  reasons_against: Statement[];
  unknowns: Statement[];
  sentence_pair: { query: Evidence; candidate: Evidence } | null;
  shared_terms: { text: string; query_spans: Span[]; candidate_spans: Span[] }[];
}

export type BandName = "strong" | "good" | "fair" | "weak";
export type Outcome = "met" | "unmet" | "unknown";

export interface RuleResult {
  rule_id: string;
  title: string;
  strength: "must" | "prefer";
  outcome: Outcome;
  fact: string;
  source: string;
}

export interface Part {
  name: string;
  title: string;
  value: number | null;
  weight: number;
  contribution: number;
}

export interface Match {
  rank: number;
  band: BandName;
  score: number;
  coverage: number;
  item: {
    id: string;
    kind: string;
    group_id: string;
    title: string;
    body: string;
    region_name: string | null;
    tags: Tag[];
  };
  organisation: { name: string; region_name: string | null } | null;
  parts: Part[];
  rules: RuleResult[];
  others: string[];
  near_duplicates: string[];
  explanation: Explanation | null;
}

export interface Matches {
  version: string;
  matches: Match[];
  has_good_match: boolean;
  no_good_match?: NoGoodMatch | null;
  n_candidates: number;
  n_excluded: number;
}

export interface Demand {
  id: string;
  demand_no: string;
  version: number;
  state: string;
  title: string;
  description: string;
  background: string | null;
  decision_question: string | null;
  recipient_id: string | null;
  recipient_name: string | null;
  region_code: string | null;
  region_name: string | null;
  deliverables: string[];
  application_form: string[];
  budget: Budget | null;
  period_days: number | null;
  respond_by: string | null;
  valid_until: string | null;
  requirements: { text: string; strength: string }[];
  confidentiality: string;
  visibility: string;
  source_ref: string | null;
  tags: Tag[];
  quality: Quality | null;
  created_at: string;
  updated_at: string;
}

export interface Provider {
  id: string;
  organisation_id: string;
  version: number;
  state: string;
  name: string;
  org_type: string;
  region_code: string | null;
  region_name: string | null;
  intro: string | null;
  service_regions: string[];
  team: { total?: number | null; analysis?: number | null } | null;
  analysts_stability_3y: number | null;
  credentials: { type: string; level: string | null; valid_to: string | null; verified_by: string | null; verified_at: string | null }[];
  nda_ready: boolean | null;
  on_prem_ok: boolean | null;
  capacity: { open_slots?: number | null } | null;
  preferences: { budget_min_fen?: number | null; period_min_days?: number | null } | null;
  visibility: string;
  n_capabilities: number;
  source_ref: string | null;
}

export interface Capability {
  id: string;
  provider_id: string;
  version: number;
  kind: string;
  title: string;
  description: string;
  deliverables: string[];
  tech_keywords: string[];
  methods: string[];
  typical_days: { min: number | null; max: number | null };
  visibility: string;
  evidence_level: string;
  case_ids: string[];
  valid_until: string | null;
  tags: Tag[];
  /** Fields a person filled; reading leaves them alone. */
  human_fields: string[];
}

export interface Session {
  login: string | null;
  name: string | null;
  role: string;
  role_label: string;
  organisation_id: string | null;
  organisation_name: string | null;
  region_code: string | null;
  must_change_password: boolean;
  has_authenticator: boolean;
  /** Whether invented rows came with the software to try it. */
  has_demo_data: boolean;
  may: string[];
}

export interface Region {
  code: string;
  level: string;
  name: string;
  full_name: string;
}

export interface Industry {
  scheme: string;
  code: string;
  level: number;
  name: string;
  parent: string | null;
}

export interface Scenario {
  code: string;
  zh: string;
  en: string;
  definition: string;
  triggers: string[];
}

export interface Taxonomy {
  scenarios: { fields: { code: string; zh: string; en: string; scenarios: Scenario[] }[]; reject: Scenario };
  industries: Industry[];
  regions: Region[];
  choices: Record<string, { value: string; label: string }[]>;
}

export type Side = "base" | "provider" | "recipient" | "platform";

export interface Interaction {
  id: string;
  demand_id: string;
  demand_title: string | null;
  provider_id: string;
  provider_name: string | null;
  base_name: string | null;
  recipient_name: string | null;
  state: string;
  state_label: string;
  version: number;
  my_side: Side;
  awaiting: Side | null;
  due_at: string | null;
  is_shortlisted: boolean;
  is_saved: boolean | null;
  hidden_reason: string | null;
  acts: string[];
  updated_at: string;
  events?: {
    id: string;
    act_label: string;
    by: string | null;
    body: string | null;
    reason_label: string | null;
    created_at: string;
  }[];
}
