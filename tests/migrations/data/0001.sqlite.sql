BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE base (
	organisation_id VARCHAR(32) NOT NULL, 
	level VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	batch VARCHAR(32), 
	dept_name VARCHAR(100), 
	staff_count INTEGER, 
	service_count_total INTEGER, 
	has_fund BOOLEAN, 
	has_premises BOOLEAN, 
	has_data BOOLEAN, 
	parent_base_id VARCHAR(32), 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_base PRIMARY KEY (id), 
	CONSTRAINT fk_base_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_base_parent_base_id_base FOREIGN KEY(parent_base_id) REFERENCES base (id), 
	CONSTRAINT uq_base_organisation_id UNIQUE (organisation_id), 
	CONSTRAINT uq_base_source_ref UNIQUE (source_ref)
);
INSERT INTO "base" VALUES('og_01M8ABP4MB83FVNQM59ZXY409K','national','active',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'bs_01M8ABP4N2A3JPPYFD1JCBH7H9','2026-11-25 22:02:14.068296','2026-11-25 22:02:14.068302',NULL,1,'platform',NULL,NULL,NULL);
CREATE TABLE capability (
	provider_id VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	title VARCHAR(80) NOT NULL, 
	description TEXT NOT NULL, 
	any_industry BOOLEAN NOT NULL, 
	tech_keywords JSON NOT NULL, 
	ipc JSON NOT NULL, 
	deliverables JSON NOT NULL, 
	methods JSON NOT NULL, 
	typical_days_min INTEGER, 
	typical_days_max INTEGER, 
	case_ids JSON NOT NULL, 
	evidence_level VARCHAR(32) NOT NULL, 
	valid_until DATE, 
	human_fields JSON NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_capability PRIMARY KEY (id), 
	CONSTRAINT fk_capability_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id), 
	CONSTRAINT uq_capability_source_ref UNIQUE (source_ref)
);
INSERT INTO "capability" VALUES('pv_01M8ABP4QAG5V52HC0NEHREJTE','service','功率半导体出口侵权风险排查','面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，出具侵权风险排查报告、风险专利名单和规避设计建议。',0,'[]','[]','["report", "list"]','[]',25,45,'[]','claimed',NULL,'[]','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','2026-11-25 22:02:14.153066','2026-11-25 22:02:14.153068',NULL,1,'platform',NULL,NULL,NULL);
INSERT INTO "capability" VALUES('pv_01M8ABP4QAG5V52HC0NEHREJTE','service','功率半导体出口侵权风险排查','面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，出具侵权风险排查报告、风险专利名单和规避设计建议。',0,'[]','[]','["report", "list"]','[]',25,45,'[]','claimed',NULL,'[]','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','2026-11-25 22:02:14.198398','2026-11-25 22:02:14.198400',NULL,1,'platform',NULL,NULL,NULL);
CREATE TABLE case_result (
	state VARCHAR(32) NOT NULL, 
	provider_id VARCHAR(32), 
	base_id VARCHAR(32), 
	recipient_type VARCHAR(32), 
	title VARCHAR(80) NOT NULL, 
	summary TEXT NOT NULL, 
	region_code VARCHAR(6), 
	year INTEGER, 
	deliverables JSON NOT NULL, 
	report_pages INTEGER, 
	data_volume INTEGER, 
	standard_followed VARCHAR(32), 
	application JSON NOT NULL, 
	award VARCHAR(100), 
	source_url VARCHAR(500), 
	verified BOOLEAN NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_case_result PRIMARY KEY (id), 
	CONSTRAINT fk_case_result_base_id_base FOREIGN KEY(base_id) REFERENCES base (id), 
	CONSTRAINT fk_case_result_provider_id_provider FOREIGN KEY(provider_id) REFERENCES provider (id), 
	CONSTRAINT uq_case_result_source_ref UNIQUE (source_ref)
);
INSERT INTO "case_result" VALUES('published','pv_01M8ABP4QAG5V52HC0NEHREJTE',NULL,NULL,'某市功率半导体产业专利导航','面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单。成果写入该市半导体产业三年行动计划，并用于两次招商洽谈。','320500',2024,'["roadmap", "list"]',NULL,NULL,NULL,'[{"form": "plan_text", "adopted_by": "\u67d0\u5e02\u5de5\u4e1a\u548c\u4fe1\u606f\u5316\u5c40"}]',NULL,NULL,0,'cs_01M8ABP4TKRBYTAA6NYC44NAT5','2026-11-25 22:02:14.229101','2026-11-25 22:02:14.229106',NULL,1,'platform',NULL,NULL,NULL);
INSERT INTO "case_result" VALUES('draft',NULL,NULL,NULL,'另一个没有发布的案例','面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单。成果写入该市半导体产业三年行动计划，并用于两次招商洽谈。','320500',2024,'["roadmap", "list"]',NULL,NULL,NULL,'[{"form": "plan_text", "adopted_by": "\u67d0\u5e02\u5de5\u4e1a\u548c\u4fe1\u606f\u5316\u5c40"}]',NULL,NULL,0,'cs_01M8ABP4W5B2R0WFWMHQ97B4ET','2026-11-25 22:02:14.280215','2026-11-25 22:02:14.280222',NULL,1,'platform',NULL,NULL,NULL);
CREATE TABLE change_log (
	seq INTEGER NOT NULL, 
	entity VARCHAR(32) NOT NULL, 
	entity_id VARCHAR(32) NOT NULL, 
	operation VARCHAR(32) NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_change_log PRIMARY KEY (seq)
);
INSERT INTO "change_log" VALUES(1,'organisation','og_01M8ABP4MB83FVNQM59ZXY409K','create','cbc35eee0f69ba55f06043821c48aacfdb57c211f6ebb3b6047b004fd2c68110','2026-11-25 22:02:14.028828');
INSERT INTO "change_log" VALUES(2,'base','bs_01M8ABP4N2A3JPPYFD1JCBH7H9','create','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','2026-11-25 22:02:14.050662');
INSERT INTO "change_log" VALUES(3,'organisation','og_01M8ABP4PQPCY5NKE51VBYBC2M','create','1cb27758a826ea31511e934b198021a7a31aa83c48872a967fbcde01cba00af9','2026-11-25 22:02:14.104229');
INSERT INTO "change_log" VALUES(4,'provider','pv_01M8ABP4QAG5V52HC0NEHREJTE','create','604925995bfcbefcf051e3305a052c08c8888ba60b0e2af456d820123986997a','2026-11-25 22:02:14.139354');
INSERT INTO "change_log" VALUES(5,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','create','97e94bac216c4ca6d8960a12f660738e72ad1e2872225f4a4ce9d6a00f12489b','2026-11-25 22:02:14.151887');
INSERT INTO "change_log" VALUES(6,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','create','97e94bac216c4ca6d8960a12f660738e72ad1e2872225f4a4ce9d6a00f12489b','2026-11-25 22:02:14.198200');
INSERT INTO "change_log" VALUES(7,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','create','d6faf53d03f40e47ff580fe3c1fc5d780c08360b6518b1db38d9ff0934bf4108','2026-11-25 22:02:14.229479');
INSERT INTO "change_log" VALUES(8,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','create','6f22f98509d0d4ccea7b2cb4d637d6cd59633901b4c11d26d7f38ab11667a17b','2026-11-25 22:02:14.280430');
INSERT INTO "change_log" VALUES(9,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','create','0ed3e4044f8005db68dc75dc480a229ac971e507782e47165bdccc90324a5658','2026-11-25 22:02:14.301331');
INSERT INTO "change_log" VALUES(10,'demand','dm_01M8ABP4XB5XT7VYV3QKWNEP54','create','099ff4bfe36bfcb4fa9997880afb0f04a6209ca14fe252d00f49fe240655ef34','2026-11-25 22:02:14.323218');
INSERT INTO "change_log" VALUES(11,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','create','77a32272bddd9d83f1f827fb0c4d185d4ce54f4ef64002ce3fd3b0b8688631e1','2026-11-25 22:02:14.337683');
INSERT INTO "change_log" VALUES(12,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','create','a557ce183912476756105968b1e4be636d227396f43cb265a29c874412943343','2026-11-25 22:02:14.362852');
INSERT INTO "change_log" VALUES(13,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','delete','a557ce183912476756105968b1e4be636d227396f43cb265a29c874412943343','2026-11-25 22:02:14.382160');
INSERT INTO "change_log" VALUES(14,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','update','77a32272bddd9d83f1f827fb0c4d185d4ce54f4ef64002ce3fd3b0b8688631e1','2026-11-25 22:02:14.404655');
CREATE TABLE demand (
	demand_no VARCHAR(24), 
	state VARCHAR(32) NOT NULL, 
	base_id VARCHAR(32), 
	recipient_type VARCHAR(32), 
	title VARCHAR(80) NOT NULL, 
	background TEXT, 
	description TEXT NOT NULL, 
	decision_question VARCHAR(300), 
	audience VARCHAR(32), 
	region_code VARCHAR(6), 
	service_region VARCHAR(32) NOT NULL, 
	deliverables JSON NOT NULL, 
	application_form JSON NOT NULL, 
	tech_keywords JSON NOT NULL, 
	ipc JSON NOT NULL, 
	budget_kind VARCHAR(32), 
	budget_min_fen BIGINT, 
	budget_max_fen BIGINT, 
	budget_raw VARCHAR(200), 
	fund_source VARCHAR(32), 
	procurement_route VARCHAR(32), 
	period_days INTEGER, 
	period_raw VARCHAR(200), 
	respond_by DATE, 
	valid_until DATE NOT NULL, 
	requirements JSON NOT NULL, 
	confidentiality VARCHAR(32) NOT NULL, 
	public_funded BOOLEAN NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	clarity VARCHAR(32), 
	quality JSON NOT NULL, 
	human_fields JSON NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_demand PRIMARY KEY (id), 
	CONSTRAINT fk_demand_base_id_base FOREIGN KEY(base_id) REFERENCES base (id), 
	CONSTRAINT uq_demand_demand_no UNIQUE (demand_no), 
	CONSTRAINT uq_demand_source_ref UNIQUE (source_ref)
);
INSERT INTO "demand" VALUES('XQ-32-2026-000001','published','bs_01M8ABP4N2A3JPPYFD1JCBH7H9',NULL,'车规级碳化硅功率模块出口侵权风险排查',NULL,'我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。','董事会决定是否按现有方案出口欧洲。','enterprise','320500','any','["report", "list"]','["product_decision"]','[]','[]','range',30000000,50000000,'预算30-50万元',NULL,NULL,90,'三个月内','2027-02-23','2027-02-23','[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]','open',0,0,'clear','{"score": 94, "grade": "A", "missing": [{"name": "product_stage", "question": "\u8bf7\u95ee\u4ea7\u54c1\u5904\u5728\u4ec0\u4e48\u9636\u6bb5\uff1f\u4f8b\u5982\u5728\u7814\u3001\u6837\u673a\u3001\u9001\u6837\u3001\u91cf\u4ea7\u6216\u5df2\u7ecf\u51fa\u8d27\u3002", "weight": 6}], "vague_terms": [], "advice": [], "needs_confirmation": true, "routing_hint": null}','["region_code"]','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','2026-11-25 22:02:14.302626','2026-11-25 22:02:14.302628',NULL,1,'platform',NULL,NULL,NULL);
INSERT INTO "demand" VALUES('XQ-32-2026-000002','draft',NULL,NULL,'只是草稿还没有发布的需求',NULL,'我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。','董事会决定是否按现有方案出口欧洲。','enterprise','320500','any','["report", "list"]','["product_decision"]','[]','[]','range',30000000,50000000,'预算30-50万元',NULL,NULL,90,'三个月内','2027-02-23','2027-02-23','[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]','open',0,0,'clear','{"score": 100, "grade": "A", "missing": [], "vague_terms": [], "advice": [{"code": "confirm_scope", "field": "scenario_tags", "message": "\u8fd9\u662f\u4e13\u5229\u5bfc\u822a\u9700\u6c42\u5417\uff1f\u7a0b\u5e8f\u6ca1\u6709\u628a\u63e1\uff1a\u662f\u7684\u8bdd\u8bf7\u9009\u5b9a\u5e94\u7528\u573a\u666f\u540e\u518d\u53d1\u5e03\uff0c\u4e0d\u662f\u8bf7\u9009 OTH\u3002"}], "needs_confirmation": true, "routing_hint": null}','["region_code"]','dm_01M8ABP4XB5XT7VYV3QKWNEP54','2026-11-25 22:02:14.323463','2026-11-25 22:02:14.323465',NULL,1,'platform','来源-1',NULL,NULL);
INSERT INTO "demand" VALUES('XQ-32-2026-000003','withdrawn',NULL,NULL,'人工指定场景的导航需求',NULL,'我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。','董事会决定是否按现有方案出口欧洲。','enterprise','320500','any','["report", "list"]','["product_decision"]','[]','[]','range',30000000,50000000,'预算30-50万元',NULL,NULL,90,'三个月内','2027-02-23','2027-02-23','[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]','open',0,0,'clear','{"score": 94, "grade": "A", "missing": [{"name": "product_stage", "question": "\u8bf7\u95ee\u4ea7\u54c1\u5904\u5728\u4ec0\u4e48\u9636\u6bb5\uff1f\u4f8b\u5982\u5728\u7814\u3001\u6837\u673a\u3001\u9001\u6837\u3001\u91cf\u4ea7\u6216\u5df2\u7ecf\u51fa\u8d27\u3002", "weight": 6}], "vague_terms": [], "advice": [], "needs_confirmation": true, "routing_hint": null}','["region_code"]','dm_01M8ABP4XSVMMJCJWVH6VA422F','2026-11-25 22:02:14.337904','2026-11-25 22:02:14.405146',NULL,2,'platform',NULL,NULL,NULL);
INSERT INTO "demand" VALUES('XQ-32-2026-000004','draft',NULL,NULL,'已被删除的导航需求',NULL,'我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人。','董事会决定是否按现有方案出口欧洲。','enterprise','320500','any','["report", "list"]','["product_decision"]','[]','[]','range',30000000,50000000,'预算30-50万元',NULL,NULL,90,'三个月内','2027-02-23','2027-02-23','[{"kind": "staff_count", "strength": "must", "value": 5, "text": "\u670d\u52a1\u56e2\u961f\u4e0d\u5c11\u4e8e5\u4eba"}]','open',0,0,'clear','{"score": 100, "grade": "A", "missing": [], "vague_terms": [], "advice": [{"code": "confirm_scope", "field": "scenario_tags", "message": "\u8fd9\u662f\u4e13\u5229\u5bfc\u822a\u9700\u6c42\u5417\uff1f\u7a0b\u5e8f\u6ca1\u6709\u628a\u63e1\uff1a\u662f\u7684\u8bdd\u8bf7\u9009\u5b9a\u5e94\u7528\u573a\u666f\u540e\u518d\u53d1\u5e03\uff0c\u4e0d\u662f\u8bf7\u9009 OTH\u3002"}], "needs_confirmation": true, "routing_hint": null}','["region_code"]','dm_01M8ABP4YP5DW6N178STV9MHHN','2026-11-25 22:02:14.363208','2026-11-25 22:02:14.382884',NULL,2,'platform',NULL,'2026-11-25 22:02:14.381653',NULL);
CREATE TABLE organisation (
	name VARCHAR(100) NOT NULL, 
	short_name VARCHAR(40), 
	uscc VARCHAR(18), 
	org_type VARCHAR(32) NOT NULL, 
	park_level VARCHAR(16), 
	region_code VARCHAR(6), 
	credit_flags JSON NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_organisation PRIMARY KEY (id), 
	CONSTRAINT uq_organisation_source_ref UNIQUE (source_ref), 
	CONSTRAINT uq_organisation_uscc UNIQUE (uscc)
);
INSERT INTO "organisation" VALUES('苏州示例半导体产业园管理委员会',NULL,NULL,'park','provincial','320500','[]','og_01M8ABP4MB83FVNQM59ZXY409K','2026-11-25 22:02:14.029582','2026-11-25 22:02:14.029584',NULL,1,'platform',NULL,NULL,NULL);
INSERT INTO "organisation" VALUES('苏州示例知识产权咨询有限公司',NULL,NULL,'consultancy',NULL,'320500','[]','og_01M8ABP4PQPCY5NKE51VBYBC2M','2026-11-25 22:02:14.104430','2026-11-25 22:02:14.104432',NULL,1,'platform',NULL,NULL,NULL);
CREATE TABLE provider (
	organisation_id VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	intro TEXT, 
	service_regions JSON NOT NULL, 
	team JSON NOT NULL, 
	analysts_stability_3y INTEGER, 
	credentials JSON NOT NULL, 
	data_resources JSON NOT NULL, 
	tools JSON NOT NULL, 
	nda_ready BOOLEAN, 
	on_prem_ok BOOLEAN, 
	languages JSON NOT NULL, 
	capacity JSON, 
	reputation JSON, 
	preferences JSON NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_by VARCHAR(64), 
	version INTEGER NOT NULL, 
	visibility VARCHAR(32) NOT NULL, 
	source_ref VARCHAR(128), 
	deleted_at DATETIME, 
	deleted_reason VARCHAR(200), 
	CONSTRAINT pk_provider PRIMARY KEY (id), 
	CONSTRAINT fk_provider_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT uq_provider_organisation_id UNIQUE (organisation_id), 
	CONSTRAINT uq_provider_source_ref UNIQUE (source_ref)
);
INSERT INTO "provider" VALUES('og_01M8ABP4PQPCY5NKE51VBYBC2M','active','专注半导体领域的专利信息分析，服务过多家功率器件企业。','["32", "31"]','{"project_mgmt": 2, "analysis": 8, "quality": 2}',4,'[{"type": "credit_grade", "level": "A", "valid_to": "2099-12-31"}]','[{"name": "\u5168\u7403\u4e13\u5229\u5546\u4e1a\u5e93", "coverage": "105\u4e2a\u56fd\u5bb6\u548c\u5730\u533a", "own": false}]','[{"name": "\u4fb5\u6743\u6bd4\u5bf9\u5de5\u4f5c\u53f0"}]',1,NULL,'["zh", "en"]','{"max_parallel": 8, "open_slots": 3}',NULL,'{"scenarios": ["ENT.RISK"], "industries": [], "regions": [], "budget_min_fen": 8000000}','pv_01M8ABP4QAG5V52HC0NEHREJTE','2026-11-25 22:02:14.140752','2026-11-25 22:02:14.140754',NULL,1,'platform',NULL,NULL,NULL);
CREATE TABLE tag_assignment (
	"key" INTEGER NOT NULL, 
	entity VARCHAR(32) NOT NULL, 
	entity_id VARCHAR(32) NOT NULL, 
	scheme VARCHAR(32) NOT NULL, 
	scheme_version VARCHAR(32) NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	source VARCHAR(32) NOT NULL, 
	confidence DOUBLE NOT NULL, 
	evidence JSON NOT NULL, 
	assigned_by VARCHAR(64), 
	assigned_at DATETIME NOT NULL, 
	CONSTRAINT pk_tag_assignment PRIMARY KEY ("key")
);
INSERT INTO "tag_assignment" VALUES(1,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','gb4754','2017-1','C3824','auto',0.8146,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.154318');
INSERT INTO "tag_assignment" VALUES(2,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','gb4754','2017-1','C3972','auto',0.926,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.154321');
INSERT INTO "tag_assignment" VALUES(3,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','sei2018','2018','1.2','auto',0.9582,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}, {"start": 34, "end": 36, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.154321');
INSERT INTO "tag_assignment" VALUES(4,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','scenario','draft-1','ENT.RISK','auto',0.6579,'[{"start": 55, "end": 61, "text": "\u4fb5\u6743\u98ce\u9669\u6392\u67e5"}, {"start": 64, "end": 66, "text": "\u98ce\u9669"}]',NULL,'2026-11-25 22:02:14.154322');
INSERT INTO "tag_assignment" VALUES(5,'capability','cp_01M8ABP4QY7PSAJCGW4HFBA4V6','scenario','draft-1','ENT.RISK','human',1.0,'[]',NULL,'2026-11-25 22:02:14.154322');
INSERT INTO "tag_assignment" VALUES(6,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','gb4754','2017-1','C3824','auto',0.8146,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.198675');
INSERT INTO "tag_assignment" VALUES(7,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','gb4754','2017-1','C3972','auto',0.926,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.198677');
INSERT INTO "tag_assignment" VALUES(8,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','sei2018','2018','1.2','auto',0.9582,'[{"start": 0, "end": 5, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 20, "end": 27, "text": "\u6c2e\u5316\u9553\u529f\u7387\u5668\u4ef6"}, {"start": 34, "end": 36, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.198678');
INSERT INTO "tag_assignment" VALUES(9,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','scenario','draft-1','ENT.RISK','auto',0.6579,'[{"start": 55, "end": 61, "text": "\u4fb5\u6743\u98ce\u9669\u6392\u67e5"}, {"start": 64, "end": 66, "text": "\u98ce\u9669"}]',NULL,'2026-11-25 22:02:14.198678');
INSERT INTO "tag_assignment" VALUES(10,'capability','cp_01M8ABP4SN1XH1Y4J2SM3QTE7E','scenario','draft-1','ENT.RISK','human',1.0,'[]',NULL,'2026-11-25 22:02:14.198679');
INSERT INTO "tag_assignment" VALUES(11,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','gb4754','2017-1','C3973','auto',0.5347,'[{"start": 111, "end": 114, "text": "\u534a\u5bfc\u4f53"}, {"start": 59, "end": 61, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.229724');
INSERT INTO "tag_assignment" VALUES(12,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','gb4754','2017-1','C3824','auto',0.8296,'[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.229726');
INSERT INTO "tag_assignment" VALUES(13,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','gb4754','2017-1','C3972','auto',0.9309,'[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.229726');
INSERT INTO "tag_assignment" VALUES(14,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','sei2018','2018','1.2','auto',0.9726,'[{"start": 2, "end": 7, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 34, "end": 39, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}, {"start": 111, "end": 114, "text": "\u534a\u5bfc\u4f53"}, {"start": 59, "end": 61, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.229727');
INSERT INTO "tag_assignment" VALUES(15,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','scenario','draft-1','IND.DIRECT','auto',0.574,'[{"start": 72, "end": 76, "text": "\u4ea7\u4e1a\u65b9\u5411"}, {"start": 23, "end": 25, "text": "\u4ea7\u4e1a"}, {"start": 28, "end": 30, "text": "\u5168\u7403"}]',NULL,'2026-11-25 22:02:14.229727');
INSERT INTO "tag_assignment" VALUES(16,'case','cs_01M8ABP4TKRBYTAA6NYC44NAT5','scenario','draft-1','IND.PATH','human',1.0,'[]',NULL,'2026-11-25 22:02:14.229727');
INSERT INTO "tag_assignment" VALUES(17,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','gb4754','2017-1','C3973','auto',0.5621,'[{"start": 108, "end": 111, "text": "\u534a\u5bfc\u4f53"}, {"start": 56, "end": 58, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.280698');
INSERT INTO "tag_assignment" VALUES(18,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','gb4754','2017-1','C3824','auto',0.6998,'[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.280700');
INSERT INTO "tag_assignment" VALUES(19,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','gb4754','2017-1','C3972','auto',0.8625,'[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}]',NULL,'2026-11-25 22:02:14.280700');
INSERT INTO "tag_assignment" VALUES(20,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','sei2018','2018','1.2','auto',0.9461,'[{"start": 15, "end": 20, "text": "\u529f\u7387\u534a\u5bfc\u4f53"}, {"start": 31, "end": 36, "text": "\u6c2e\u5316\u9553\u5668\u4ef6"}, {"start": 108, "end": 111, "text": "\u534a\u5bfc\u4f53"}, {"start": 56, "end": 58, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.280701');
INSERT INTO "tag_assignment" VALUES(21,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','scenario','draft-1','IND.DIRECT','auto',0.294,'[{"start": 69, "end": 73, "text": "\u4ea7\u4e1a\u65b9\u5411"}, {"start": 20, "end": 22, "text": "\u4ea7\u4e1a"}, {"start": 25, "end": 27, "text": "\u5168\u7403"}]',NULL,'2026-11-25 22:02:14.280701');
INSERT INTO "tag_assignment" VALUES(22,'case','cs_01M8ABP4W5B2R0WFWMHQ97B4ET','scenario','draft-1','IND.PATH','human',1.0,'[]',NULL,'2026-11-25 22:02:14.280702');
INSERT INTO "tag_assignment" VALUES(23,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','gb4754','2017-1','C3824','auto',0.7576,'[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.303185');
INSERT INTO "tag_assignment" VALUES(24,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','gb4754','2017-1','C3972','auto',0.8985,'[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.303187');
INSERT INTO "tag_assignment" VALUES(25,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','sei2018','2018','1.2','auto',0.9389,'[{"start": 6, "end": 10, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 45, "end": 47, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.303188');
INSERT INTO "tag_assignment" VALUES(26,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','scenario','draft-1','OTH','auto',0.4433,'[]',NULL,'2026-11-25 22:02:14.303188');
INSERT INTO "tag_assignment" VALUES(27,'demand','dm_01M8ABP4WF7WFQ4FAGMGBS7NV2','scenario','draft-1','ENT.RISK','human',1.0,'[]',NULL,'2026-11-25 22:02:14.303189');
INSERT INTO "tag_assignment" VALUES(28,'demand','dm_01M8ABP4XB5XT7VYV3QKWNEP54','gb4754','2017-1','C3824','auto',0.4851,'[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.323835');
INSERT INTO "tag_assignment" VALUES(29,'demand','dm_01M8ABP4XB5XT7VYV3QKWNEP54','gb4754','2017-1','C3972','auto',0.7211,'[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.323836');
INSERT INTO "tag_assignment" VALUES(30,'demand','dm_01M8ABP4XB5XT7VYV3QKWNEP54','sei2018','2018','1.2','auto',0.8081,'[{"start": 31, "end": 35, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 39, "end": 41, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.323837');
INSERT INTO "tag_assignment" VALUES(31,'demand','dm_01M8ABP4XB5XT7VYV3QKWNEP54','scenario','draft-1','OTH','auto',0.4,'[{"start": 10, "end": 12, "text": "\u9700\u6c42"}]',NULL,'2026-11-25 22:02:14.323837');
INSERT INTO "tag_assignment" VALUES(32,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','gb4754','2017-1','C3824','auto',0.4851,'[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.338231');
INSERT INTO "tag_assignment" VALUES(33,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','gb4754','2017-1','C3972','auto',0.7211,'[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.338233');
INSERT INTO "tag_assignment" VALUES(34,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','sei2018','2018','1.2','auto',0.8081,'[{"start": 30, "end": 34, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 38, "end": 40, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.338234');
INSERT INTO "tag_assignment" VALUES(35,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','scenario','draft-1','OTH','auto',0.5665,'[{"start": 9, "end": 11, "text": "\u9700\u6c42"}]',NULL,'2026-11-25 22:02:14.338234');
INSERT INTO "tag_assignment" VALUES(36,'demand','dm_01M8ABP4XSVMMJCJWVH6VA422F','scenario','draft-1','ENT.RISK','human',1.0,'[]',NULL,'2026-11-25 22:02:14.338234');
INSERT INTO "tag_assignment" VALUES(37,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','gb4754','2017-1','C3824','auto',0.4851,'[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.364991');
INSERT INTO "tag_assignment" VALUES(38,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','gb4754','2017-1','C3972','auto',0.7211,'[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}]',NULL,'2026-11-25 22:02:14.364994');
INSERT INTO "tag_assignment" VALUES(39,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','sei2018','2018','1.2','auto',0.8081,'[{"start": 28, "end": 32, "text": "\u529f\u7387\u6a21\u5757"}, {"start": 36, "end": 38, "text": "\u5c01\u88c5"}]',NULL,'2026-11-25 22:02:14.364995');
INSERT INTO "tag_assignment" VALUES(40,'demand','dm_01M8ABP4YP5DW6N178STV9MHHN','scenario','draft-1','OTH','auto',0.531,'[{"start": 7, "end": 9, "text": "\u9700\u6c42"}]',NULL,'2026-11-25 22:02:14.364995');
CREATE TABLE vector_cache (
	fingerprint VARCHAR(64) NOT NULL, 
	text_hash VARCHAR(64) NOT NULL, 
	vector BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_vector_cache PRIMARY KEY (fingerprint, text_hash)
);
INSERT INTO "vector_cache" VALUES('hash-16-1','0c2d687716471216896d9f340a8899b6e8c3106657e2779149aa7691a5d9d57d',X'F304B53E0000000000000000F30435BEF304B53E00000000F30435BEF304353E00000000F304353EF30435BEF304B53EF304353EF304353EB7C3073FF304B5BE','2026-11-25 22:02:13.923407');
INSERT INTO "vector_cache" VALUES('hash-16-1','12976dd8a41cf160147dc1927560444663e5c75d00a301621988a8b11509884a',X'5C562EBE5C56AE3D5C56AEBD5C56AEBD5C56AE3D5C562E3E00000000C5C0823E5C56AEBEF3EBD9BEF3EBD93E908B183F000000005C56AE3D5C56AEBD00000000','2026-11-25 22:02:14.325817');
CREATE INDEX ix_change_log_entity_id ON change_log (entity_id);
CREATE INDEX ix_organisation_name ON organisation (name);
CREATE INDEX ix_organisation_region_code ON organisation (region_code);
CREATE INDEX ix_tag_assignment_code ON tag_assignment (scheme, code);
CREATE UNIQUE INDEX uq_tag_assignment_target ON tag_assignment (entity, entity_id, scheme, source, code);
CREATE INDEX ix_capability_provider_id ON capability (provider_id);
CREATE INDEX ix_case_result_provider_id ON case_result (provider_id);
CREATE INDEX ix_case_result_region_code ON case_result (region_code);
CREATE INDEX ix_demand_region_code ON demand (region_code);
CREATE INDEX ix_demand_state_created_at ON demand (state, created_at);
COMMIT;
