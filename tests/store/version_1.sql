-- A project as version 0.1.0 left it (schema 1).
BEGIN TRANSACTION;
CREATE TABLE clips (
    id         TEXT PRIMARY KEY,
    job_id     TEXT NOT NULL UNIQUE REFERENCES jobs (id),
    file       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    facts      TEXT NOT NULL,
    recipe     TEXT NOT NULL,
    created_at REAL NOT NULL,
    deleted_at REAL
) STRICT;
INSERT INTO "clips" VALUES('ee089f4d9e33','ee089f4d9e33','clips/ai-wan_turbo-ee089f4d9e33.mp4','a0b353439d9c48e9c038231e4478fd605489fd72caf8fcbef9639d139ecf8f9d',51674,'{"format":"mp4","size_bytes":51674,"width_px":170,"height_px":96,"duration_s":5.0,"fps":16.0,"frames":80,"video_codec":"h264","audio_codec":null}','{"version":1,"model_id":"wan_turbo","model_name":"WAN v2.2 Turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","prompt":"a red kite over the sea","values":{"resolution":"480p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"a red kite over the sea","seed":7},"inputs":[],"cost":{"estimate_usd":"0.050000","metered_usd":"0.05"},"seed":7,"request_id":"debc8c8d-ee4e-429f-ac43-4cc808cc9ad8","job_id":"ee089f4d9e33","project":"old","mode":"live","catalog_version":"25392ea6dfc1","created_at":"2026-11-23T07:40:42.897262Z"}',1.79541964401932477952e+09,NULL);
INSERT INTO "clips" VALUES('cdfa9beb6505','cdfa9beb6505','clips/ai-wan_turbo-cdfa9beb6505.mp4','edd1011dc384189c8c51a7aa392b8a22129a3469e475bbefb7bd620321bd6570',48183,'{"format":"mp4","size_bytes":48183,"width_px":170,"height_px":96,"duration_s":5.0,"fps":16.0,"frames":80,"video_codec":"h264","audio_codec":null}','{"version":1,"model_id":"wan_turbo","model_name":"WAN v2.2 Turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","prompt":"only a rehearsal","values":{"resolution":"720p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"only a rehearsal"},"inputs":[],"cost":{"estimate_usd":"0.100000","metered_usd":"0.1"},"seed":1133546669,"request_id":"38934a36-b4cd-49ff-a266-88de5f1ca8a2","job_id":"cdfa9beb6505","project":"old","mode":"simulated","catalog_version":"25392ea6dfc1","created_at":"2026-11-23T07:40:56.063390Z"}',1.79541965713583159445e+09,NULL);
CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    at     REAL NOT NULL,
    state  TEXT NOT NULL
) STRICT;
INSERT INTO "events" VALUES(1,'ee089f4d9e33',1.79541964289726233483e+09,'reserved');
INSERT INTO "events" VALUES(2,'ee089f4d9e33',1.79541964297000432009e+09,'submitting');
INSERT INTO "events" VALUES(3,'ee089f4d9e33',1.79541964297923970221e+09,'submitted');
INSERT INTO "events" VALUES(4,'ee089f4d9e33',1.79541964298403048513e+09,'running');
INSERT INTO "events" VALUES(5,'ee089f4d9e33',1.79541964397894859319e+09,'completed');
INSERT INTO "events" VALUES(6,'ee089f4d9e33',1.7954196439848017692e+09,'downloading');
INSERT INTO "events" VALUES(7,'ee089f4d9e33',1.79541964401962208749e+09,'stored');
INSERT INTO "events" VALUES(8,'7758a0187b0d',1.79541964402555918696e+09,'reserved');
INSERT INTO "events" VALUES(9,'7758a0187b0d',1.79541964402649164202e+09,'submitting');
INSERT INTO "events" VALUES(10,'7758a0187b0d',1.79541964403016734118e+09,'submitted');
INSERT INTO "events" VALUES(11,'7758a0187b0d',1.7954196440326392651e+09,'running');
INSERT INTO "events" VALUES(12,'7758a0187b0d',1.79541964503086614603e+09,'completed');
INSERT INTO "events" VALUES(13,'7758a0187b0d',1.79541964503609681133e+09,'failed');
INSERT INTO "events" VALUES(14,'fa26789ed616',1.79541964503758764266e+09,'reserved');
INSERT INTO "events" VALUES(15,'fa26789ed616',1.79541964503854632384e+09,'submitting');
INSERT INTO "events" VALUES(16,'fa26789ed616',1.79541964504054903984e+09,'submit_unknown');
INSERT INTO "events" VALUES(17,'4be4308d706b',1.79541965505903506282e+09,'reserved');
INSERT INTO "events" VALUES(18,'4be4308d706b',1795419655.06167,'submitting');
INSERT INTO "events" VALUES(19,'4be4308d706b',1.795419655071824789e+09,'submitted');
INSERT INTO "events" VALUES(20,'4be4308d706b',1.79541965508184146876e+09,'running');
INSERT INTO "events" VALUES(21,'4be4308d706b',1.79541965509618926051e+09,'cancelling');
INSERT INTO "events" VALUES(22,'4be4308d706b',1.79541965530352663998e+09,'completed');
INSERT INTO "events" VALUES(23,'4be4308d706b',1.7954196553089029789e+09,'cancelled');
INSERT INTO "events" VALUES(24,'ea9e2dd73ff7',1.79541965531092309951e+09,'reserved');
INSERT INTO "events" VALUES(25,'ea9e2dd73ff7',1.79541965531285405152e+09,'submitting');
INSERT INTO "events" VALUES(26,'ea9e2dd73ff7',1.79541965532327175147e+09,'submitted');
INSERT INTO "events" VALUES(27,'ea9e2dd73ff7',1.79541965532591080668e+09,'cancelling');
INSERT INTO "events" VALUES(28,'ea9e2dd73ff7',1.79541965554029941563e+09,'completed');
INSERT INTO "events" VALUES(29,'ea9e2dd73ff7',1.7954196555464320183e+09,'cancelled');
INSERT INTO "events" VALUES(30,'304a19b07c6b',1.79541965554820775984e+09,'reserved');
INSERT INTO "events" VALUES(31,'304a19b07c6b',1.79541965555042433736e+09,'submitting');
INSERT INTO "events" VALUES(32,'304a19b07c6b',1.79541965556193304064e+09,'submitted');
INSERT INTO "events" VALUES(33,'304a19b07c6b',1.79541965557791590693e+09,'running');
INSERT INTO "events" VALUES(34,'cdfa9beb6505',1.79541965606338953971e+09,'reserved');
INSERT INTO "events" VALUES(35,'cdfa9beb6505',1.79541965608827853205e+09,'submitting');
INSERT INTO "events" VALUES(36,'cdfa9beb6505',1.79541965610190486909e+09,'submitted');
INSERT INTO "events" VALUES(37,'cdfa9beb6505',1.79541965611482167244e+09,'running');
INSERT INTO "events" VALUES(38,'cdfa9beb6505',1.79541965709802341455e+09,'completed');
INSERT INTO "events" VALUES(39,'cdfa9beb6505',1.79541965710362529757e+09,'downloading');
INSERT INTO "events" VALUES(40,'cdfa9beb6505',1.79541965713612771031e+09,'stored');
CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    batch_id        TEXT NOT NULL,
    place           INTEGER NOT NULL,
    mode            TEXT NOT NULL CHECK (mode IN ('simulated', 'live')),
    state           TEXT NOT NULL,
    model_id        TEXT NOT NULL,
    catalog_version TEXT NOT NULL,
    request         TEXT NOT NULL,
    changes         TEXT NOT NULL,
    low_micro_usd      INTEGER,
    high_micro_usd     INTEGER,
    reserved_micro_usd INTEGER NOT NULL DEFAULT 0,
    metered_micro_usd  INTEGER,
    billed_micro_usd   INTEGER,
    billable_units  TEXT,
    unit_price_usd  TEXT,
    request_id      TEXT UNIQUE,
    status_url      TEXT,
    response_url    TEXT,
    cancel_url      TEXT,
    output          TEXT,
    problem         TEXT,
    created_at      REAL NOT NULL,
    submitting_at   REAL,
    submitted_at    REAL,
    completed_at    REAL,
    ended_at        REAL,
    lease_owner     TEXT,
    lease_until     REAL
) STRICT;
INSERT INTO "jobs" VALUES('ee089f4d9e33','e1591aaf',0,'live','stored','wan_turbo','25392ea6dfc1','{"model_id":"wan_turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","values":{"resolution":"480p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"a red kite over the sea","seed":7},"body":{"prompt":"a red kite over the sea","seed":7,"resolution":"480p"},"files":[],"quote":{"amount_usd":"0.050000","low_usd":"0.050000","high_usd":"0.050000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"per video"}}','[]',50000,50000,50000,50000,NULL,'0.5','0.1','debc8c8d-ee4e-429f-ac43-4cc808cc9ad8','http://127.0.0.1:37463/fal-ai/wan/requests/debc8c8d-ee4e-429f-ac43-4cc808cc9ad8/status','http://127.0.0.1:37463/fal-ai/wan/requests/debc8c8d-ee4e-429f-ac43-4cc808cc9ad8','http://127.0.0.1:37463/fal-ai/wan/requests/debc8c8d-ee4e-429f-ac43-4cc808cc9ad8/cancel','{"video": {"url": "http://127.0.0.1:37463/files/out/debc8c8d-ee4e-429f-ac43-4cc808cc9ad8/output.mp4", "content_type": "video/mp4", "file_name": "output.mp4", "file_size": 50824}, "seed": 7}',NULL,1.79541964289726233483e+09,1.79541964297000432009e+09,1.79541964297923970221e+09,1.79541964397894859319e+09,1.79541964401962208749e+09,NULL,NULL);
INSERT INTO "jobs" VALUES('7758a0187b0d','f06d6153',0,'live','failed','wan_turbo','25392ea6dfc1','{"model_id":"wan_turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","values":{"resolution":"720p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"refused"},"body":{"prompt":"refused","resolution":"720p"},"files":[],"quote":{"amount_usd":"0.100000","low_usd":"0.100000","high_usd":"0.100000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"per video"}}','[]',100000,100000,0,NULL,NULL,NULL,NULL,'fd8ac81c-2a0f-4c03-b2bb-56c145852b26','http://127.0.0.1:37463/fal-ai/wan/requests/fd8ac81c-2a0f-4c03-b2bb-56c145852b26/status','http://127.0.0.1:37463/fal-ai/wan/requests/fd8ac81c-2a0f-4c03-b2bb-56c145852b26','http://127.0.0.1:37463/fal-ai/wan/requests/fd8ac81c-2a0f-4c03-b2bb-56c145852b26/cancel',NULL,'{"kind": "FalRejectedError", "what": "fal answered 422: prompt: The content could not be processed because it was flagged by a content checker.", "money": "fal does not charge failed runs, except where the model had begun on a refused input.", "remedy": "fal''s content check refused it. Change the prompt or the picture."}',1.79541964402555918696e+09,1.79541964402649164202e+09,1.79541964403016734118e+09,1.79541964503086614603e+09,1.79541964503609681133e+09,NULL,NULL);
INSERT INTO "jobs" VALUES('fa26789ed616','a622d166',0,'live','submit_unknown','wan_turbo','25392ea6dfc1','{"model_id":"wan_turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","values":{"resolution":"720p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"dropped"},"body":{"prompt":"dropped","resolution":"720p"},"files":[],"quote":{"amount_usd":"0.100000","low_usd":"0.100000","high_usd":"0.100000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"per video"}}','[]',100000,100000,100000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"kind": "SubmitUnknownError", "what": "Whether fal took this request is not known. The connection to http://127.0.0.1:37463 broke (RemoteProtocolError).", "money": "It may be charged; it is never sent again by itself.", "remedy": "Call studio.resume() to look it up again, and see your requests at fal.ai."}',1.79541964503758764266e+09,1.79541964503854632384e+09,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES('4be4308d706b','da2919d8',0,'live','cancelled','kling_v2_5','25392ea6dfc1','{"model_id":"kling_v2_5","endpoint":"fal-ai/kling-video/v2.5-turbo/pro/text-to-video","values":{"duration_s":5,"aspect_ratio":"16:9","negative_prompt":"blur, distort, and low quality","cfg_scale":0.5,"prompt":"stopped"},"body":{"prompt":"stopped","duration":"5"},"files":[],"quote":{"amount_usd":"0.350000","low_usd":"0.350000","high_usd":"0.350000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"base plus second"}}','[]',350000,350000,0,NULL,NULL,NULL,NULL,'42dbefb2-df7a-4734-b009-69dd6b8c146e','http://127.0.0.1:37463/fal-ai/kling-video/requests/42dbefb2-df7a-4734-b009-69dd6b8c146e/status','http://127.0.0.1:37463/fal-ai/kling-video/requests/42dbefb2-df7a-4734-b009-69dd6b8c146e','http://127.0.0.1:37463/fal-ai/kling-video/requests/42dbefb2-df7a-4734-b009-69dd6b8c146e/cancel',NULL,'{"kind": "JobCancelledError", "what": "Cancelled while it ran.", "money": "fal may charge for the time it ran.", "remedy": ""}',1.79541965505903506282e+09,1795419655.06167,1.795419655071824789e+09,1.79541965530352663998e+09,1.7954196553089029789e+09,NULL,NULL);
INSERT INTO "jobs" VALUES('ea9e2dd73ff7','dbce5493',0,'live','cancelled','kling_v2_5','25392ea6dfc1','{"model_id":"kling_v2_5","endpoint":"fal-ai/kling-video/v2.5-turbo/pro/text-to-video","values":{"duration_s":5,"aspect_ratio":"16:9","negative_prompt":"blur, distort, and low quality","cfg_scale":0.5,"prompt":"stopped in time"},"body":{"prompt":"stopped in time","duration":"5"},"files":[],"quote":{"amount_usd":"0.350000","low_usd":"0.350000","high_usd":"0.350000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"base plus second"}}','[]',350000,350000,0,NULL,NULL,NULL,NULL,'ca21fc3b-8357-4a7a-8f5e-223824979071','http://127.0.0.1:37463/fal-ai/kling-video/requests/ca21fc3b-8357-4a7a-8f5e-223824979071/status','http://127.0.0.1:37463/fal-ai/kling-video/requests/ca21fc3b-8357-4a7a-8f5e-223824979071','http://127.0.0.1:37463/fal-ai/kling-video/requests/ca21fc3b-8357-4a7a-8f5e-223824979071/cancel',NULL,'{"kind": "JobCancelledError", "what": "Cancelled while it ran.", "money": "fal may charge for the time it ran.", "remedy": ""}',1.79541965531092309951e+09,1.79541965531285405152e+09,1.79541965532327175147e+09,1.79541965554029941563e+09,1.7954196555464320183e+09,NULL,NULL);
INSERT INTO "jobs" VALUES('304a19b07c6b','ea7ff1c7',0,'live','running','kling_v2_5','25392ea6dfc1','{"model_id":"kling_v2_5","endpoint":"fal-ai/kling-video/v2.5-turbo/pro/text-to-video","values":{"duration_s":5,"aspect_ratio":"16:9","negative_prompt":"blur, distort, and low quality","cfg_scale":0.5,"prompt":"still at work"},"body":{"prompt":"still at work","duration":"5"},"files":[],"quote":{"amount_usd":"0.350000","low_usd":"0.350000","high_usd":"0.350000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"base plus second"}}','[]',350000,350000,350000,NULL,NULL,NULL,NULL,'16e4b0d2-aeba-43b5-b114-648fac819994','http://127.0.0.1:37463/fal-ai/kling-video/requests/16e4b0d2-aeba-43b5-b114-648fac819994/status','http://127.0.0.1:37463/fal-ai/kling-video/requests/16e4b0d2-aeba-43b5-b114-648fac819994','http://127.0.0.1:37463/fal-ai/kling-video/requests/16e4b0d2-aeba-43b5-b114-648fac819994/cancel',NULL,NULL,1.79541965554820775984e+09,1.79541965555042433736e+09,1.79541965556193304064e+09,NULL,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES('cdfa9beb6505','c992cbdf',0,'simulated','stored','wan_turbo','25392ea6dfc1','{"model_id":"wan_turbo","endpoint":"fal-ai/wan/v2.2-a14b/text-to-video/turbo","values":{"resolution":"720p","aspect_ratio":"16:9","enable_safety_checker":false,"enable_output_safety_checker":false,"enable_prompt_expansion":false,"acceleration":"regular","video_quality":"high","video_write_mode":"balanced","prompt":"only a rehearsal"},"body":{"prompt":"only a rehearsal","resolution":"720p"},"files":[],"quote":{"amount_usd":"0.100000","low_usd":"0.100000","high_usd":"0.100000","source":"fal''s page of the model","checked_on":"2026-08-02","detail":"per video"}}','[]',100000,100000,100000,100000,NULL,'1','0.1','38934a36-b4cd-49ff-a266-88de5f1ca8a2','http://127.0.0.1:37463/fal-ai/wan/requests/38934a36-b4cd-49ff-a266-88de5f1ca8a2/status','http://127.0.0.1:37463/fal-ai/wan/requests/38934a36-b4cd-49ff-a266-88de5f1ca8a2','http://127.0.0.1:37463/fal-ai/wan/requests/38934a36-b4cd-49ff-a266-88de5f1ca8a2/cancel','{"video": {"url": "http://127.0.0.1:37463/files/out/38934a36-b4cd-49ff-a266-88de5f1ca8a2/output.mp4", "content_type": "video/mp4", "file_name": "output.mp4", "file_size": 47352}, "seed": 1133546669}',NULL,1.79541965606338953971e+09,1.79541965608827853205e+09,1.79541965610190486909e+09,1.79541965709802341455e+09,1.79541965713612771031e+09,NULL,NULL);
CREATE TABLE preferences (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE project (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE uploads (
    sha256      TEXT NOT NULL,
    origin      TEXT NOT NULL,
    url         TEXT NOT NULL,
    uploaded_at REAL NOT NULL,
    PRIMARY KEY (sha256, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_batch ON jobs (batch_id, place);
CREATE INDEX events_by_job ON events (job_id);
CREATE INDEX clips_by_age ON clips (created_at DESC) WHERE deleted_at IS NULL;
PRAGMA user_version = 1;
COMMIT;
