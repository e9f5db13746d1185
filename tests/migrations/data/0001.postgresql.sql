CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.base (
    organisation_id character varying(32) NOT NULL,
    level character varying(32) NOT NULL,
    state character varying(32) NOT NULL,
    batch character varying(32),
    dept_name character varying(100),
    staff_count integer,
    service_count_total integer,
    has_fund boolean,
    has_premises boolean,
    has_data boolean,
    parent_base_id character varying(32),
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.capability (
    provider_id character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    title character varying(80) NOT NULL,
    description text NOT NULL,
    any_industry boolean NOT NULL,
    tech_keywords json NOT NULL,
    ipc json NOT NULL,
    deliverables json NOT NULL,
    methods json NOT NULL,
    typical_days_min integer,
    typical_days_max integer,
    case_ids json NOT NULL,
    evidence_level character varying(32) NOT NULL,
    valid_until date,
    human_fields json NOT NULL,
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.case_result (
    state character varying(32) NOT NULL,
    provider_id character varying(32),
    base_id character varying(32),
    recipient_type character varying(32),
    title character varying(80) NOT NULL,
    summary text NOT NULL,
    region_code character varying(6),
    year integer,
    deliverables json NOT NULL,
    report_pages integer,
    data_volume integer,
    standard_followed character varying(32),
    application json NOT NULL,
    award character varying(100),
    source_url character varying(500),
    verified boolean NOT NULL,
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.change_log (
    seq bigint NOT NULL,
    entity character varying(32) NOT NULL,
    entity_id character varying(32) NOT NULL,
    operation character varying(32) NOT NULL,
    content_hash character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.change_log_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.change_log_seq_seq OWNED BY public.change_log.seq;
CREATE TABLE public.demand (
    demand_no character varying(24),
    state character varying(32) NOT NULL,
    base_id character varying(32),
    recipient_type character varying(32),
    title character varying(80) NOT NULL,
    background text,
    description text NOT NULL,
    decision_question character varying(300),
    audience character varying(32),
    region_code character varying(6),
    service_region character varying(32) NOT NULL,
    deliverables json NOT NULL,
    application_form json NOT NULL,
    tech_keywords json NOT NULL,
    ipc json NOT NULL,
    budget_kind character varying(32),
    budget_min_fen bigint,
    budget_max_fen bigint,
    budget_raw character varying(200),
    fund_source character varying(32),
    procurement_route character varying(32),
    period_days integer,
    period_raw character varying(200),
    respond_by date,
    valid_until date NOT NULL,
    requirements json NOT NULL,
    confidentiality character varying(32) NOT NULL,
    public_funded boolean NOT NULL,
    urgent boolean NOT NULL,
    clarity character varying(32),
    quality json NOT NULL,
    human_fields json NOT NULL,
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.organisation (
    name character varying(100) NOT NULL,
    short_name character varying(40),
    uscc character varying(18),
    org_type character varying(32) NOT NULL,
    park_level character varying(16),
    region_code character varying(6),
    credit_flags json NOT NULL,
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.provider (
    organisation_id character varying(32) NOT NULL,
    state character varying(32) NOT NULL,
    intro text,
    service_regions json NOT NULL,
    team json NOT NULL,
    analysts_stability_3y integer,
    credentials json NOT NULL,
    data_resources json NOT NULL,
    tools json NOT NULL,
    nda_ready boolean,
    on_prem_ok boolean,
    languages json NOT NULL,
    capacity json,
    reputation json,
    preferences json NOT NULL,
    id character varying(32) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    created_by character varying(64),
    version integer NOT NULL,
    visibility character varying(32) NOT NULL,
    source_ref character varying(128),
    deleted_at timestamp with time zone,
    deleted_reason character varying(200)
);
CREATE TABLE public.tag_assignment (
    key integer NOT NULL,
    entity character varying(32) NOT NULL,
    entity_id character varying(32) NOT NULL,
    scheme character varying(32) NOT NULL,
    scheme_version character varying(32) NOT NULL,
    code character varying(32) NOT NULL,
    source character varying(32) NOT NULL,
    confidence double precision NOT NULL,
    evidence json NOT NULL,
    assigned_by character varying(64),
    assigned_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.tag_assignment_key_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tag_assignment_key_seq OWNED BY public.tag_assignment.key;
CREATE TABLE public.vector_cache (
    fingerprint character varying(64) NOT NULL,
    text_hash character varying(64) NOT NULL,
    vector bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.change_log ALTER COLUMN seq SET DEFAULT nextval('public.change_log_seq_seq'::regclass);
ALTER TABLE ONLY public.tag_assignment ALTER COLUMN key SET DEFAULT nextval('public.tag_assignment_key_seq'::regclass);
INSERT INTO public.alembic_version (version_num) VALUES ('0001');
INSERT INTO public.base (organisation_id, level, state, batch, dept_name, staff_count, service_count_total, has_fund, has_premises, has_data, parent_base_id, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('og_01M8ABP4MB83FVNQM59ZXY409K', 'national', 'active', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'bs_01M8ABP4N2A3JPPYFD1JCBH7H9', '2026-11-25 22:02:14.068296+00', '2026-11-25 22:02:14.068302+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.capability (provider_id, kind, title, description, any_industry, tech_keywords, ipc, deliverables, methods, typical_days_min, typical_days_max, case_ids, evidence_level, valid_until, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('pv_01M8ABP4QAG5V52HC0NEHREJTE', 'service', '功率半导体出口侵权风险排查', '面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，出具侵权风险排查报告、风险专利名单和规避设计建议。', false, '[]', '[]', '["report", "list"]', '[]', 25, 45, '[]', 'claimed', NULL, '[]', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', '2026-11-25 22:02:14.153066+00', '2026-11-25 22:02:14.153068+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.capability (provider_id, kind, title, description, any_industry, tech_keywords, ipc, deliverables, methods, typical_days_min, typical_days_max, case_ids, evidence_level, valid_until, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('pv_01M8ABP4QAG5V52HC0NEHREJTE', 'service', '功率半导体出口侵权风险排查', '面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，出具侵权风险排查报告、风险专利名单和规避设计建议。', false, '[]', '[]', '["report", "list"]', '[]', 25, 45, '[]', 'claimed', NULL, '[]', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', '2026-11-25 22:02:14.198398+00', '2026-11-25 22:02:14.1984+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.case_result (state, provider_id, base_id, recipient_type, title, summary, region_code, year, deliverables, report_pages, data_volume, standard_followed, application, award, source_url, verified, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('published', 'pv_01M8ABP4QAG5V52HC0NEHREJTE', NULL, NULL, '某市功率半导体产业专利导航', '面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单。成果写入该市半导体产业三年行动计划，并用于两次招商洽谈。', '320500', 2024, '["roadmap", "list"]', NULL, NULL, NULL, '[{"form": "plan_text", "adopted_by": "\u67d0\u5e02\u5de5\u4e1a\u548c\u4fe1\u606f\u5316\u5c40"}]', NULL, NULL, false, 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', '2026-11-25 22:02:14.229101+00', '2026-11-25 22:02:14.229106+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.case_result (state, provider_id, base_id, recipient_type, title, summary, region_code, year, deliverables, report_pages, data_volume, standard_followed, application, award, source_url, verified, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('draft', NULL, NULL, NULL, '另一个没有发布的案例', '面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单。成果写入该市半导体产业三年行动计划，并用于两次招商洽谈。', '320500', 2024, '["roadmap", "list"]', NULL, NULL, NULL, '[{"form": "plan_text", "adopted_by": "\u67d0\u5e02\u5de5\u4e1a\u548c\u4fe1\u606f\u5316\u5c40"}]', NULL, NULL, false, 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', '2026-11-25 22:02:14.280215+00', '2026-11-25 22:02:14.280222+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (1, 'organisation', 'og_01M8ABP4MB83FVNQM59ZXY409K', 'create', 'cbc35eee0f69ba55f06043821c48aacfdb57c211f6ebb3b6047b004fd2c68110', '2026-11-25 22:02:14.028828+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (2, 'base', 'bs_01M8ABP4N2A3JPPYFD1JCBH7H9', 'create', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '2026-11-25 22:02:14.050662+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (3, 'organisation', 'og_01M8ABP4PQPCY5NKE51VBYBC2M', 'create', '1cb27758a826ea31511e934b198021a7a31aa83c48872a967fbcde01cba00af9', '2026-11-25 22:02:14.104229+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (4, 'provider', 'pv_01M8ABP4QAG5V52HC0NEHREJTE', 'create', '604925995bfcbefcf051e3305a052c08c8888ba60b0e2af456d820123986997a', '2026-11-25 22:02:14.139354+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (5, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'create', '97e94bac216c4ca6d8960a12f660738e72ad1e2872225f4a4ce9d6a00f12489b', '2026-11-25 22:02:14.151887+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (6, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'create', '97e94bac216c4ca6d8960a12f660738e72ad1e2872225f4a4ce9d6a00f12489b', '2026-11-25 22:02:14.1982+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (7, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'create', 'd6faf53d03f40e47ff580fe3c1fc5d780c08360b6518b1db38d9ff0934bf4108', '2026-11-25 22:02:14.229479+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (8, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'create', '6f22f98509d0d4ccea7b2cb4d637d6cd59633901b4c11d26d7f38ab11667a17b', '2026-11-25 22:02:14.28043+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (9, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'create', '0ed3e4044f8005db68dc75dc480a229ac971e507782e47165bdccc90324a5658', '2026-11-25 22:02:14.301331+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (10, 'demand', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', 'create', '099ff4bfe36bfcb4fa9997880afb0f04a6209ca14fe252d00f49fe240655ef34', '2026-11-25 22:02:14.323218+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (11, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'create', '77a32272bddd9d83f1f827fb0c4d185d4ce54f4ef64002ce3fd3b0b8688631e1', '2026-11-25 22:02:14.337683+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (12, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'create', 'a557ce183912476756105968b1e4be636d227396f43cb265a29c874412943343', '2026-11-25 22:02:14.362852+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (13, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'delete', 'a557ce183912476756105968b1e4be636d227396f43cb265a29c874412943343', '2026-11-25 22:02:14.38216+00');
INSERT INTO public.change_log (seq, entity, entity_id, operation, content_hash, at) VALUES (14, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'update', '77a32272bddd9d83f1f827fb0c4d185d4ce54f4ef64002ce3fd3b0b8688631e1', '2026-11-25 22:02:14.404655+00');
INSERT INTO public.demand (demand_no, state, base_id, recipient_type, title, background, description, decision_question, audience, region_code, service_region, deliverables, application_form, tech_keywords, ipc, budget_kind, budget_min_fen, budget_max_fen, budget_raw, fund_source, procurement_route, period_days, period_raw, respond_by, valid_until, requirements, confidentiality, public_funded, urgent, clarity, quality, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('XQ-32-2026-000001', 'published', 'bs_01M8ABP4N2A3JPPYFD1JCBH7H9', NULL, '车规级碳化硅功率模块出口侵权风险排查', NULL, '我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。', '董事会决定是否按现有方案出口欧洲。', 'enterprise', '320500', 'any', '["report", "list"]', '["product_decision"]', '[]', '[]', 'range', 30000000, 50000000, '预算30-50万元', NULL, NULL, 90, '三个月内', '2027-02-23', '2027-02-23', '[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]', 'open', false, false, 'clear', '{"score": 94, "grade": "A", "missing": [{"name": "product_stage", "question": "\u8bf7\u95ee\u4ea7\u54c1\u5904\u5728\u4ec0\u4e48\u9636\u6bb5\uff1f\u4f8b\u5982\u5728\u7814\u3001\u6837\u673a\u3001\u9001\u6837\u3001\u91cf\u4ea7\u6216\u5df2\u7ecf\u51fa\u8d27\u3002", "weight": 6}], "vague_terms": [], "advice": [], "needs_confirmation": true, "routing_hint": null}', '["region_code"]', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', '2026-11-25 22:02:14.302626+00', '2026-11-25 22:02:14.302628+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.demand (demand_no, state, base_id, recipient_type, title, background, description, decision_question, audience, region_code, service_region, deliverables, application_form, tech_keywords, ipc, budget_kind, budget_min_fen, budget_max_fen, budget_raw, fund_source, procurement_route, period_days, period_raw, respond_by, valid_until, requirements, confidentiality, public_funded, urgent, clarity, quality, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('XQ-32-2026-000002', 'draft', NULL, NULL, '只是草稿还没有发布的需求', NULL, '我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。', '董事会决定是否按现有方案出口欧洲。', 'enterprise', '320500', 'any', '["report", "list"]', '["product_decision"]', '[]', '[]', 'range', 30000000, 50000000, '预算30-50万元', NULL, NULL, 90, '三个月内', '2027-02-23', '2027-02-23', '[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]', 'open', false, false, 'clear', '{"score": 100, "grade": "A", "missing": [], "vague_terms": [], "advice": [{"code": "confirm_scope", "field": "scenario_tags", "message": "\u8fd9\u662f\u4e13\u5229\u5bfc\u822a\u9700\u6c42\u5417\uff1f\u7a0b\u5e8f\u6ca1\u6709\u628a\u63e1\uff1a\u662f\u7684\u8bdd\u8bf7\u9009\u5b9a\u5e94\u7528\u573a\u666f\u540e\u518d\u53d1\u5e03\uff0c\u4e0d\u662f\u8bf7\u9009 OTH\u3002"}], "needs_confirmation": true, "routing_hint": null}', '["region_code"]', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', '2026-11-25 22:02:14.323463+00', '2026-11-25 22:02:14.323465+00', NULL, 1, 'platform', '来源-1', NULL, NULL);
INSERT INTO public.demand (demand_no, state, base_id, recipient_type, title, background, description, decision_question, audience, region_code, service_region, deliverables, application_form, tech_keywords, ipc, budget_kind, budget_min_fen, budget_max_fen, budget_raw, fund_source, procurement_route, period_days, period_raw, respond_by, valid_until, requirements, confidentiality, public_funded, urgent, clarity, quality, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('XQ-32-2026-000003', 'withdrawn', NULL, NULL, '人工指定场景的导航需求', NULL, '我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。', '董事会决定是否按现有方案出口欧洲。', 'enterprise', '320500', 'any', '["report", "list"]', '["product_decision"]', '[]', '[]', 'range', 30000000, 50000000, '预算30-50万元', NULL, NULL, 90, '三个月内', '2027-02-23', '2027-02-23', '[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]', 'open', false, false, 'clear', '{"score": 94, "grade": "A", "missing": [{"name": "product_stage", "question": "\u8bf7\u95ee\u4ea7\u54c1\u5904\u5728\u4ec0\u4e48\u9636\u6bb5\uff1f\u4f8b\u5982\u5728\u7814\u3001\u6837\u673a\u3001\u9001\u6837\u3001\u91cf\u4ea7\u6216\u5df2\u7ecf\u51fa\u8d27\u3002", "weight": 6}], "vague_terms": [], "advice": [], "needs_confirmation": true, "routing_hint": null}', '["region_code"]', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', '2026-11-25 22:02:14.337904+00', '2026-11-25 22:02:14.405146+00', NULL, 2, 'platform', NULL, NULL, NULL);
INSERT INTO public.demand (demand_no, state, base_id, recipient_type, title, background, description, decision_question, audience, region_code, service_region, deliverables, application_form, tech_keywords, ipc, budget_kind, budget_min_fen, budget_max_fen, budget_raw, fund_source, procurement_route, period_days, period_raw, respond_by, valid_until, requirements, confidentiality, public_funded, urgent, clarity, quality, human_fields, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('XQ-32-2026-000004', 'draft', NULL, NULL, '已被删除的导航需求', NULL, '我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。', '董事会决定是否按现有方案出口欧洲。', 'enterprise', '320500', 'any', '["report", "list"]', '["product_decision"]', '[]', '[]', 'range', 30000000, 50000000, '预算30-50万元', NULL, NULL, 90, '三个月内', '2027-02-23', '2027-02-23', '[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]', 'open', false, false, 'clear', '{"score": 100, "grade": "A", "missing": [], "vague_terms": [], "advice": [{"code": "confirm_scope", "field": "scenario_tags", "message": "\u8fd9\u662f\u4e13\u5229\u5bfc\u822a\u9700\u6c42\u5417\uff1f\u7a0b\u5e8f\u6ca1\u6709\u628a\u63e1\uff1a\u662f\u7684\u8bdd\u8bf7\u9009\u5b9a\u5e94\u7528\u573a\u666f\u540e\u518d\u53d1\u5e03\uff0c\u4e0d\u662f\u8bf7\u9009 OTH\u3002"}], "needs_confirmation": true, "routing_hint": null}', '["region_code"]', 'dm_01M8ABP4YP5DW6N178STV9MHHN', '2026-11-25 22:02:14.363208+00', '2026-11-25 22:02:14.382884+00', NULL, 2, 'platform', NULL, '2026-11-25 22:02:14.381653+00', NULL);
INSERT INTO public.organisation (name, short_name, uscc, org_type, park_level, region_code, credit_flags, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('苏州示例半导体产业园管理委员会', NULL, NULL, 'park', 'provincial', '320500', '[]', 'og_01M8ABP4MB83FVNQM59ZXY409K', '2026-11-25 22:02:14.029582+00', '2026-11-25 22:02:14.029584+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.organisation (name, short_name, uscc, org_type, park_level, region_code, credit_flags, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('苏州示例知识产权咨询有限公司', NULL, NULL, 'consultancy', NULL, '320500', '[]', 'og_01M8ABP4PQPCY5NKE51VBYBC2M', '2026-11-25 22:02:14.10443+00', '2026-11-25 22:02:14.104432+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.provider (organisation_id, state, intro, service_regions, team, analysts_stability_3y, credentials, data_resources, tools, nda_ready, on_prem_ok, languages, capacity, reputation, preferences, id, created_at, updated_at, created_by, version, visibility, source_ref, deleted_at, deleted_reason) VALUES ('og_01M8ABP4PQPCY5NKE51VBYBC2M', 'active', '专注半导体领域的专利信息分析，服务过多家功率器件企业。', '["32", "31"]', '{"project_mgmt": 2, "analysis": 8, "quality": 2}', 4, '[{"type": "credit_grade", "level": "A", "valid_to": "2099-12-31"}]', '[{"name": "\u5168\u7403\u4e13\u5229\u5546\u4e1a\u5e93", "coverage": "105\u4e2a\u56fd\u5bb6\u548c\u5730\u533a", "own": false}]', '[{"name": "\u4fb5\u6743\u6bd4\u5bf9\u5de5\u4f5c\u53f0"}]', true, NULL, '["zh", "en"]', '{"max_parallel": 8, "open_slots": 3}', NULL, '{"scenarios": ["ENT.RISK"], "industries": [], "regions": [], "budget_min_fen": 8000000}', 'pv_01M8ABP4QAG5V52HC0NEHREJTE', '2026-11-25 22:02:14.140752+00', '2026-11-25 22:02:14.140754+00', NULL, 1, 'platform', NULL, NULL, NULL);
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (1, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'gb4754', '2017-1', 'C3824', 'auto', 0.8146, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.154318+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (2, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'gb4754', '2017-1', 'C3972', 'auto', 0.926, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.154321+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (3, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'sei2018', '2018', '1.2', 'auto', 0.9582, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}, {"start": 34, "end": 36, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.154321+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (4, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'scenario', 'draft-1', 'ENT.RISK', 'auto', 0.6579, '[{"start": 55, "end": 61, "text": "\u4fb5\u6743\u98ce\u9669\u6392\u67e5"}, {"start": 64, "end": 66, "text": "\u98ce\u9669"}]', NULL, '2026-11-25 22:02:14.154322+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (5, 'capability', 'cp_01M8ABP4QY7PSAJCGW4HFBA4V6', 'scenario', 'draft-1', 'ENT.RISK', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.154322+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (6, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'gb4754', '2017-1', 'C3824', 'auto', 0.8146, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.198675+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (7, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'gb4754', '2017-1', 'C3972', 'auto', 0.926, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.198677+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (8, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'sei2018', '2018', '1.2', 'auto', 0.9582, '[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}, {"start": 34, "end": 36, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.198678+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (9, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'scenario', 'draft-1', 'ENT.RISK', 'auto', 0.6579, '[{"start": 55, "end": 61, "text": "\u4fb5\u6743\u98ce\u9669\u6392\u67e5"}, {"start": 64, "end": 66, "text": "\u98ce\u9669"}]', NULL, '2026-11-25 22:02:14.198678+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (10, 'capability', 'cp_01M8ABP4SN1XH1Y4J2SM3QTE7E', 'scenario', 'draft-1', 'ENT.RISK', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.198679+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (11, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'gb4754', '2017-1', 'C3973', 'auto', 0.5347, '[{"start": 111, "end": 114, "text": "\u534a\u5bfc\u4f53"}, {"start": 59, "end": 61, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.229724+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (12, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'gb4754', '2017-1', 'C3824', 'auto', 0.8296, '[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.229726+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (13, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'gb4754', '2017-1', 'C3972', 'auto', 0.9309, '[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.229726+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (14, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'sei2018', '2018', '1.2', 'auto', 0.9726, '[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}, {"start": 111, "end": 114, "text": "\u534a\u5bfc\u4f53"}, {"start": 59, "end": 61, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.229727+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (15, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'scenario', 'draft-1', 'IND.DIRECT', 'auto', 0.574, '[{"start": 72, "end": 76, "text": "\u4ea7\u4e1a\u65b9\u5411"}, {"start": 23, "end": 25, "text": "\u4ea7\u4e1a"}, {"start": 28, "end": 30, "text": "\u5168\u7403"}]', NULL, '2026-11-25 22:02:14.229727+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (16, 'case', 'cs_01M8ABP4TKRBYTAA6NYC44NAT5', 'scenario', 'draft-1', 'IND.PATH', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.229727+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (17, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'gb4754', '2017-1', 'C3973', 'auto', 0.5621, '[{"start": 108, "end": 111, "text": "\u534a\u5bfc\u4f53"}, {"start": 56, "end": 58, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.280698+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (18, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'gb4754', '2017-1', 'C3824', 'auto', 0.6998, '[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.2807+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (19, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'gb4754', '2017-1', 'C3972', 'auto', 0.8625, '[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]', NULL, '2026-11-25 22:02:14.2807+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (20, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'sei2018', '2018', '1.2', 'auto', 0.9461, '[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}, {"start": 108, "end": 111, "text": "\u534a\u5bfc\u4f53"}, {"start": 56, "end": 58, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.280701+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (21, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'scenario', 'draft-1', 'IND.DIRECT', 'auto', 0.294, '[{"start": 69, "end": 73, "text": "\u4ea7\u4e1a\u65b9\u5411"}, {"start": 20, "end": 22, "text": "\u4ea7\u4e1a"}, {"start": 25, "end": 27, "text": "\u5168\u7403"}]', NULL, '2026-11-25 22:02:14.280701+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (22, 'case', 'cs_01M8ABP4W5B2R0WFWMHQ97B4ET', 'scenario', 'draft-1', 'IND.PATH', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.280702+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (23, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'gb4754', '2017-1', 'C3824', 'auto', 0.7576, '[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.303185+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (24, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'gb4754', '2017-1', 'C3972', 'auto', 0.8985, '[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.303187+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (25, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'sei2018', '2018', '1.2', 'auto', 0.9389, '[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 45, "end": 47, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.303188+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (26, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'scenario', 'draft-1', 'OTH', 'auto', 0.4433, '[]', NULL, '2026-11-25 22:02:14.303188+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (27, 'demand', 'dm_01M8ABP4WF7WFQ4FAGMGBS7NV2', 'scenario', 'draft-1', 'ENT.RISK', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.303189+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (28, 'demand', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', 'gb4754', '2017-1', 'C3824', 'auto', 0.4851, '[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.323835+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (29, 'demand', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', 'gb4754', '2017-1', 'C3972', 'auto', 0.7211, '[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.323836+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (30, 'demand', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', 'sei2018', '2018', '1.2', 'auto', 0.8081, '[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 39, "end": 41, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.323837+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (31, 'demand', 'dm_01M8ABP4XB5XT7VYV3QKWNEP54', 'scenario', 'draft-1', 'OTH', 'auto', 0.4, '[{"start": 10, "end": 12, "text": "\u9700\u6c42"}]', NULL, '2026-11-25 22:02:14.323837+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (32, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'gb4754', '2017-1', 'C3824', 'auto', 0.4851, '[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.338231+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (33, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'gb4754', '2017-1', 'C3972', 'auto', 0.7211, '[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.338233+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (34, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'sei2018', '2018', '1.2', 'auto', 0.8081, '[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 38, "end": 40, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.338234+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (35, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'scenario', 'draft-1', 'OTH', 'auto', 0.5665, '[{"start": 9, "end": 11, "text": "\u9700\u6c42"}]', NULL, '2026-11-25 22:02:14.338234+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (36, 'demand', 'dm_01M8ABP4XSVMMJCJWVH6VA422F', 'scenario', 'draft-1', 'ENT.RISK', 'human', 1, '[]', NULL, '2026-11-25 22:02:14.338234+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (37, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'gb4754', '2017-1', 'C3824', 'auto', 0.4851, '[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.364991+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (38, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'gb4754', '2017-1', 'C3972', 'auto', 0.7211, '[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}]', NULL, '2026-11-25 22:02:14.364994+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (39, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'sei2018', '2018', '1.2', 'auto', 0.8081, '[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 36, "end": 38, "text": "\u5c01\u88c5"}]', NULL, '2026-11-25 22:02:14.364995+00');
INSERT INTO public.tag_assignment (key, entity, entity_id, scheme, scheme_version, code, source, confidence, evidence, assigned_by, assigned_at) VALUES (40, 'demand', 'dm_01M8ABP4YP5DW6N178STV9MHHN', 'scenario', 'draft-1', 'OTH', 'auto', 0.531, '[{"start": 7, "end": 9, "text": "\u9700\u6c42"}]', NULL, '2026-11-25 22:02:14.364995+00');
INSERT INTO public.vector_cache (fingerprint, text_hash, vector, created_at) VALUES ('hash-16-1', '0c2d687716471216896d9f340a8899b6e8c3106657e2779149aa7691a5d9d57d', '\xf304b53e0000000000000000f30435bef304b53e00000000f30435bef304353e00000000f304353ef30435bef304b53ef304353ef304353eb7c3073ff304b5be', '2026-11-25 22:02:13.923407+00');
INSERT INTO public.vector_cache (fingerprint, text_hash, vector, created_at) VALUES ('hash-16-1', '12976dd8a41cf160147dc1927560444663e5c75d00a301621988a8b11509884a', '\x5c562ebe5c56ae3d5c56aebd5c56aebd5c56ae3d5c562e3e00000000c5c0823e5c56aebef3ebd9bef3ebd93e908b183f000000005c56ae3d5c56aebd00000000', '2026-11-25 22:02:14.325817+00');
SELECT pg_catalog.setval('public.change_log_seq_seq', 14, true);
SELECT pg_catalog.setval('public.tag_assignment_key_seq', 40, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.base
    ADD CONSTRAINT pk_base PRIMARY KEY (id);
ALTER TABLE ONLY public.capability
    ADD CONSTRAINT pk_capability PRIMARY KEY (id);
ALTER TABLE ONLY public.case_result
    ADD CONSTRAINT pk_case_result PRIMARY KEY (id);
ALTER TABLE ONLY public.change_log
    ADD CONSTRAINT pk_change_log PRIMARY KEY (seq);
ALTER TABLE ONLY public.demand
    ADD CONSTRAINT pk_demand PRIMARY KEY (id);
ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT pk_organisation PRIMARY KEY (id);
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT pk_provider PRIMARY KEY (id);
ALTER TABLE ONLY public.tag_assignment
    ADD CONSTRAINT pk_tag_assignment PRIMARY KEY (key);
ALTER TABLE ONLY public.vector_cache
    ADD CONSTRAINT pk_vector_cache PRIMARY KEY (fingerprint, text_hash);
ALTER TABLE ONLY public.base
    ADD CONSTRAINT uq_base_organisation_id UNIQUE (organisation_id);
ALTER TABLE ONLY public.base
    ADD CONSTRAINT uq_base_source_ref UNIQUE (source_ref);
ALTER TABLE ONLY public.capability
    ADD CONSTRAINT uq_capability_source_ref UNIQUE (source_ref);
ALTER TABLE ONLY public.case_result
    ADD CONSTRAINT uq_case_result_source_ref UNIQUE (source_ref);
ALTER TABLE ONLY public.demand
    ADD CONSTRAINT uq_demand_demand_no UNIQUE (demand_no);
ALTER TABLE ONLY public.demand
    ADD CONSTRAINT uq_demand_source_ref UNIQUE (source_ref);
ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT uq_organisation_source_ref UNIQUE (source_ref);
ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT uq_organisation_uscc UNIQUE (uscc);
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT uq_provider_organisation_id UNIQUE (organisation_id);
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT uq_provider_source_ref UNIQUE (source_ref);
CREATE INDEX ix_capability_provider_id ON public.capability USING btree (provider_id);
CREATE INDEX ix_case_result_provider_id ON public.case_result USING btree (provider_id);
CREATE INDEX ix_case_result_region_code ON public.case_result USING btree (region_code);
CREATE INDEX ix_change_log_entity_id ON public.change_log USING btree (entity_id);
CREATE INDEX ix_demand_region_code ON public.demand USING btree (region_code);
CREATE INDEX ix_demand_state_created_at ON public.demand USING btree (state, created_at);
CREATE INDEX ix_organisation_name ON public.organisation USING btree (name);
CREATE INDEX ix_organisation_region_code ON public.organisation USING btree (region_code);
CREATE INDEX ix_tag_assignment_code ON public.tag_assignment USING btree (scheme, code);
CREATE UNIQUE INDEX uq_tag_assignment_target ON public.tag_assignment USING btree (entity, entity_id, scheme, source, code);
ALTER TABLE ONLY public.base
    ADD CONSTRAINT fk_base_organisation_id_organisation FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.base
    ADD CONSTRAINT fk_base_parent_base_id_base FOREIGN KEY (parent_base_id) REFERENCES public.base(id);
ALTER TABLE ONLY public.capability
    ADD CONSTRAINT fk_capability_provider_id_provider FOREIGN KEY (provider_id) REFERENCES public.provider(id);
ALTER TABLE ONLY public.case_result
    ADD CONSTRAINT fk_case_result_base_id_base FOREIGN KEY (base_id) REFERENCES public.base(id);
ALTER TABLE ONLY public.case_result
    ADD CONSTRAINT fk_case_result_provider_id_provider FOREIGN KEY (provider_id) REFERENCES public.provider(id);
ALTER TABLE ONLY public.demand
    ADD CONSTRAINT fk_demand_base_id_base FOREIGN KEY (base_id) REFERENCES public.base(id);
ALTER TABLE ONLY public.provider
    ADD CONSTRAINT fk_provider_organisation_id_organisation FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);
